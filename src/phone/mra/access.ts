import { failure, ignore, report } from '../boot/enter.ts';
import { appearMs, linesText } from '../boot/files.ts';
import { keeping, locking } from '../boot/keeping.ts';
import { olderThan } from '../boot/order.ts';
import type { BootStep, EdgeGoal, Edging, Held } from '../boot/state.ts';
import type { BootEvent, BootFailure, BootSetup, DeviceConfiguration } from '../boot/types.ts';
import { before, connect, enterEdging, failRemote, next, withdraw } from './enter.ts';
import type { RemoteAccess, Tokens } from './model.ts';
import { enterRegister } from './registration.ts';

type Registration = Extract<EdgeGoal, { kind: 'register' }>;

/** The phone's own file, through the edge. */
export function enterConfiguring(state: Edging): BootStep {
  if (state.goal.kind !== 'register') return ignore(state);
  return {
    state: { ...state, stage: 'configure' },
    effects: [
      {
        type: 'load_edge_configuration',
        accessToken: state.goal.remote.tokens.accessToken,
        trust: state.held.trust,
      },
    ],
  };
}

export function configuring(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  const { goal } = state;
  if (goal.kind !== 'register') return ignore(state);
  switch (event.type) {
    case 'configuration': {
      const older = olderThan(state.held.stored?.configuration, event.configuration);
      if (older !== undefined) return asBefore(state, goal, older) ?? failRemote(setup, state.held, older);
      return event.configuration.kind === 'full'
        ? configured(setup, state, goal, event.configuration)
        : locked(state.held);
    }
    case 'file_absent':
      if (goal.after === 'activation') return later(setup, state);
      return asBefore(state, goal, failure('not_offered', gone)) ?? withdraw(state.held, gone);
    case 'file_unusable': {
      const reason = failure(event.untrusted ? 'configuration_untrusted' : 'configuration_unusable', event.detail);
      return (
        asBefore(state, goal, reason) ??
        before([report('configuration', 'failed', reason.message, reason.code)], failRemote(setup, state.held, reason))
      );
    }
    case 'file_unreachable':
      return next(setup, state, 'configuration', failure('edge_unreachable', event.detail), undefined);
    case 'token_refused':
      return renew(setup, state, event.detail);
    case 'timer':
      return event.name === 'wait' && state.stage === 'appear' ? enterConfiguring(state) : ignore(state);
    default:
      return ignore(state);
  }
}

const gone = 'The server has no file for this phone; what the phone has stays.';

/** On with the configuration the phone has; undefined: it has none. */
function asBefore(state: Edging, goal: Registration, reason: BootFailure): BootStep | undefined {
  const remembered = state.held.stored?.configuration;
  if (remembered?.kind !== 'full') return undefined;
  const told = `${reason.message} Using the configuration from before.`;
  return before(
    [report('configuration', 'failed', told, reason.code)],
    enterRegister({ ...state, goal: { ...goal, configuration: remembered } }),
  );
}

/** Nothing but a signed file takes away what the phone keeps; the server lets it in no more either way. */
function locked(held: Held): BootStep {
  const kept = locking(held);
  return before(kept.effects, withdraw(kept.held, 'The server asks for an activation code.'));
}

function later(setup: BootSetup, state: Edging): BootStep {
  const ms = appearMs[state.looks];
  if (ms === undefined) {
    const reason = failure('configuration_not_ready', 'The phone is activated, but its configuration does not appear.');
    return before(
      [report('configuration', 'failed', reason.message, reason.code)],
      failRemote(setup, state.held, reason),
    );
  }
  return {
    state: { ...state, looks: state.looks + 1, stage: 'appear' },
    effects: [{ type: 'timer', name: 'wait', ms }],
  };
}

function configured(_setup: BootSetup, state: Edging, goal: Registration, found: DeviceConfiguration): BootStep {
  const serviceDomain = found.serviceDomain ?? goal.remote.serviceDomain;
  const remote: RemoteAccess = { ...goal.remote, serviceDomain };
  const word = state.held.trust === undefined ? 'edge-file' : 'signed-file';
  const { held, effects: stored } = keeping(word, state.held, { remote, configuration: found });
  const effects = [
    report('configuration', 'done', `Configuration ${found.versionStamp}, ${linesText(found)}.`),
    ...stored,
    firmwareReport(found, held.load),
  ];
  const moved: Edging = { ...state, held, goal: { ...goal, remote, configuration: found }, renewed: false };
  if (serviceDomain === state.domain) return before(effects, enterRegister(moved));
  return before(
    [...effects, report('mode', 'done', `This phone is assigned to ${serviceDomain}.`)],
    enterEdging(held, moved.goal, serviceDomain, state.before),
  );
}

/** A phone outside cannot fetch firmware before it is registered; it keeps what runs. */
function firmwareReport({ load }: DeviceConfiguration, running: string) {
  return load === undefined || load === running
    ? report('firmware', 'skipped', `Firmware ${running} is up to date.`)
    : report(
        'firmware',
        'skipped',
        `Firmware ${load} is asked for; a phone outside keeps ${running} until it is inside.`,
      );
}

/** The access token is not taken: once, a new one may help. */
export function renew(setup: BootSetup, state: Edging, detail: string): BootStep {
  if (state.goal.kind !== 'register') return ignore(state);
  if (state.renewed) return next(setup, state, 'token', failure('registration_refused', detail), undefined);
  return {
    state: { ...state, stage: 'refresh', renewed: true },
    effects: [
      report('token', 'begun', 'The token is not taken any more: asking for a new one.'),
      { type: 'refresh_tokens', tokens: state.goal.remote.tokens },
    ],
  };
}

export function refreshing(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  switch (event.type) {
    case 'tokens': {
      const kept = withTokens(state, event.tokens);
      const told = report('token', 'done', 'The phone has a new token.');
      // Where the edge is not known yet, its configuration is still to come.
      const onward =
        kept.state.edge === undefined
          ? connect(kept.state)
          : kept.goal.configuration === undefined
            ? enterConfiguring(kept.state)
            : enterRegister(kept.state);
      return before([...kept.effects, told], onward);
    }
    case 'tokens_refused':
      return withdraw(state.held, event.detail);
    case 'tokens_unreachable':
      return next(setup, { ...state, renewed: false }, 'token', failure('edge_unreachable', event.detail), undefined);
    default:
      return ignore(state);
  }
}

/** New tokens, wherever the phone is on its way: the old ones are worth nothing any more. */
export function withTokens(state: Edging, tokens: Tokens) {
  const goal = state.goal as Registration;
  const remote: RemoteAccess = { ...goal.remote, tokens };
  const kept = keeping('token-answer', state.held, { remote });
  const changed: Registration = { ...goal, remote };
  return { goal: changed, effects: kept.effects, state: { ...state, held: kept.held, goal: changed } };
}
