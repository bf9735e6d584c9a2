import { loadDefaults } from './defaults.ts';
import { after, enterBoot, enterConfiguration, fail, failure, ignore, leave, register, report } from './enter.ts';
import type { BootState, BootStep, Registering } from './state.ts';
import type { BootEvent, BootFailure, BootSetup } from './types.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;

const passWaitMs = [250, 500, 1000, 2000, 5000, 10_000, 20_000];
/** Passes over all nodes before the boot is given up. */
const maximumPasses = 5;
/** Timer delta of the phone's SIP stack: it refreshes this long before the binding ends. */
const refreshDeltaSeconds = 5;
/** The server tells a phone it has just made a record for to reset. One that does not is not waited for longer, milliseconds. */
const ownFileMs = 5000;

export function registering(setup: BootSetup, state: Registering, event: BootEvent): BootStep {
  switch (event.type) {
    case 'registered':
      return registeredNow(state, event);
    case 'register_refused':
      return refused(setup, state, event);
    case 'node_unreachable':
    case 'connection_lost':
      return next(setup, state, failure('registration_unreachable', event.detail), undefined);
    case 'service_control':
      return ignore(state);
    case 'timer':
      if (event.name !== 'wait' || !state.waiting) return ignore(state);
      return register({ ...state, at: 0, tried: 0, waiting: false, retryAfterMs: undefined });
    default:
      return ignore(state);
  }
}

function registeredNow(state: Registering, event: Extract<BootEvent, { type: 'registered' }>): BootStep {
  const node = state.configuration.nodes[state.at]!;
  const { provisional } = state.configuration;
  const refreshMs = provisional ? ownFileMs : Math.max(1, event.expiresSeconds - refreshDeltaSeconds) * 1000;
  const text = state.before
    ? `Registration refreshed with ${node.host} for ${event.expiresSeconds} s.`
    : `Registered with ${node.host} as ${event.lineName} for ${event.expiresSeconds} s.`;
  return {
    state: {
      phase: 'registered',
      held: { ...state.held, pauses: 0 },
      configuration: state.configuration,
      at: state.at,
    },
    effects: [
      report(state.before ? 'keep-alive' : 'register', 'done', text),
      { type: 'timer', name: 'keep-alive', ms: refreshMs },
      ...(state.before || provisional ? [] : [{ type: 'ready' } as const]),
    ],
  };
}

function refused(
  setup: BootSetup,
  state: Registering,
  event: Extract<BootEvent, { type: 'register_refused' }>,
): BootStep {
  const reason = failure(
    'registration_refused',
    `The server refuses the registration: ${event.status} ${event.reason}.`,
  );
  // 403 and 404 to a phone that was in: its record was changed, locked or deleted. The files tell which.
  if (state.before && (event.status === 403 || event.status === 404)) {
    return after([report('register', 'failed', reason.message, reason.code)], enterBoot(setup, state.held.stored));
  }
  // No file and no registration: the record is gone, or is another phone's now. Only a code brings it back.
  if (state.unlisted && (event.status === 403 || event.status === 404)) {
    return after([report('register', 'failed', reason.message, reason.code)], loadDefaults(state.held, reason));
  }
  return next(setup, state, reason, event.retryAfterMs);
}

function next(setup: BootSetup, state: Registering, reason: BootFailure, retryAfterMs: number | undefined): BootStep {
  const { nodes } = state.configuration;
  const tried = state.tried + 1;
  const last = state.last !== undefined && reason.code === 'registration_unreachable' ? state.last : reason;
  const moved: Registering = {
    ...state,
    tried,
    last,
    retryAfterMs: Math.max(state.retryAfterMs ?? 0, retryAfterMs ?? 0),
  };
  const told = report('register', 'failed', reason.message, reason.code);
  if (tried < nodes.length) return after([told], register({ ...moved, at: (state.at + 1) % nodes.length }));
  const passes = state.passes + 1;
  if (passes >= maximumPasses) return after([told], fail(setup, state.held, 'register', last));
  const ms = Math.max(passWaitMs[Math.min(passes, passWaitMs.length) - 1]!, moved.retryAfterMs ?? 0);
  return { state: { ...moved, passes, waiting: true }, effects: [told, { type: 'timer', name: 'wait', ms }] };
}

export function registered(_setup: BootSetup, state: Phase<'registered'>, event: BootEvent): BootStep {
  const again: Registering = {
    phase: 'registering',
    held: state.held,
    configuration: state.configuration,
    at: state.at,
    tried: 0,
    passes: 0,
    waiting: false,
    before: true,
    unlisted: false,
    last: undefined,
    retryAfterMs: undefined,
  };
  switch (event.type) {
    case 'timer':
      if (event.name !== 'keep-alive') return ignore(state);
      if (state.configuration.provisional) return leave(state.held, 'boot');
      return { state: again, effects: register(again).effects.filter((effect) => effect.type !== 'report') };
    case 'connection_lost':
      return after(
        [
          { type: 'stop_timer', name: 'keep-alive' },
          report('register', 'failed', event.detail, 'registration_unreachable'),
        ],
        register({ ...again, before: false }),
      );
    case 'service_control':
      return after(
        [report('service-control', 'done', `The server asks for a ${event.action}.`)],
        leave(state.held, event.action === 'reset' ? 'boot' : 'restart'),
      );
    default:
      return ignore(state);
  }
}

export function leaving(setup: BootSetup, state: Phase<'leaving'>, event: BootEvent): BootStep {
  if (event.type !== 'unregistered') return ignore(state);
  const told = report('unregister', 'done', 'Unregistered.');
  switch (state.onward) {
    case 'off':
      return { state: { phase: 'ended', failure: undefined }, effects: [told, { type: 'finish', failure: undefined }] };
    case 'restart':
      return after([told], enterConfiguration(state.held, 'restart'));
    case 'boot':
      return after([told], enterBoot(setup, state.held.stored));
  }
}
