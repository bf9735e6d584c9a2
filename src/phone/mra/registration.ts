import { failure, ignore, report } from '../boot/enter.ts';
import { keeping } from '../boot/keeping.ts';
import type { BootState, BootStep, Edging } from '../boot/state.ts';
import type { BootEffect, BootEvent, BootSetup, DeviceConfiguration } from '../boot/types.ts';
import { before, edgeTrustOf, enterEdging, enterRemote, next, targetOf, withdraw } from './enter.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;
type Registered = Phase<'remote-registered'>;

/** Timer delta of the phone's SIP stack: it refreshes this long before the binding ends. */
const refreshDeltaSeconds = 5;
/** Between two tries to renew the tokens, milliseconds. */
const renewAgainMs = 20_000;

export function enterRegister(state: Edging): BootStep {
  const { edge, goal } = state;
  if (goal.kind !== 'register' || goal.configuration === undefined || edge === undefined) return ignore(state);
  return {
    state: { ...state, stage: 'register' },
    effects: [
      report('register', 'begun', `Registering through ${edge.sip.host}:${edge.sip.port} over TLS.`),
      order(state, goal.configuration),
    ],
  };
}

function order(state: Edging, configuration: DeviceConfiguration): BootEffect {
  const { edge, goal, held } = state;
  if (goal.kind !== 'register' || edge === undefined) throw new Error('there is no edge to register through');
  return {
    type: 'register',
    node: configuration.nodes[0] ?? { host: state.domain, sipPort: edge.sip.port, sipTlsPort: edge.sip.port },
    configuration: { ...configuration, transport: 'tls' },
    digest: undefined,
    trust: undefined,
    load: held.load,
    edge: { target: edge.sip, trust: edgeTrustOf(state), accessToken: goal.remote.tokens.accessToken },
  };
}

export function registering(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  const { goal } = state;
  if (goal.kind !== 'register') return ignore(state);
  switch (event.type) {
    case 'registered':
      return registeredNow(state, event);
    case 'register_refused':
      return refused(setup, state, event);
    case 'node_unreachable':
    case 'connection_lost':
      return next(setup, state, 'register', failure('edge_unreachable', event.detail), undefined);
    default:
      return ignore(state);
  }
}

function refused(
  setup: BootSetup,
  state: Edging,
  { status, reason, retryAfterMs }: Extract<BootEvent, { type: 'register_refused' }>,
): BootStep {
  const message = `The server refuses the registration: ${status} ${reason}.`;
  const refusal = failure('registration_refused', message);
  if (state.goal.kind !== 'register') return ignore(state);
  // A token that ran out, or was taken back: only the token endpoint knows which.
  if (status === 401 || status === 407) return renewThen(setup, state, message);
  if (status === 403 || status === 404) {
    // Its record was changed, locked or deleted. The file tells which; an old token does not get it.
    if (!state.renewed) return renewThen(setup, state, message);
    const goal = { ...state.goal, configuration: undefined };
    return next(setup, { ...state, goal }, 'register', refusal, retryAfterMs);
  }
  return next(setup, state, 'register', refusal, retryAfterMs);
}

function renewThen(setup: BootSetup, state: Edging, message: string): BootStep {
  if (state.goal.kind !== 'register') return ignore(state);
  if (state.renewed) return next(setup, state, 'register', failure('registration_refused', message), undefined);
  const { tokens } = state.goal.remote;
  return {
    state: { ...state, stage: 'refresh', renewed: true },
    effects: [report('register', 'failed', message, 'registration_refused'), { type: 'refresh_tokens', tokens }],
  };
}

function registeredNow(
  state: Edging,
  { expiresSeconds, lineName }: Extract<BootEvent, { type: 'registered' }>,
): BootStep {
  const { goal } = state;
  if (goal.kind !== 'register' || goal.configuration === undefined) return ignore(state);
  const host = state.edge?.sip.host ?? targetOf(state).host;
  const text = state.before
    ? `Registration refreshed through ${host} for ${expiresSeconds} s.`
    : `Registered through ${host} as ${lineName} for ${expiresSeconds} s.`;
  const calm: Edging = { ...state, before: true, passes: 0, looks: 0, renewed: false, last: undefined };
  return {
    state: {
      phase: 'remote-registered',
      held: { ...state.held, pauses: 0 },
      remote: goal.remote,
      configuration: goal.configuration,
      edging: calm,
    },
    effects: [
      report(state.before ? 'keep-alive' : 'register', 'done', text),
      { type: 'timer', name: 'keep-alive', ms: Math.max(1, expiresSeconds - refreshDeltaSeconds) * 1000 },
      { type: 'timer_at', name: 'tokens', at: goal.remote.tokens.refreshAt },
      ...(state.before ? [] : [{ type: 'ready' } as const]),
    ],
  };
}

export function registered(_setup: BootSetup, state: Registered, event: BootEvent): BootStep {
  switch (event.type) {
    case 'timer':
      if (event.name === 'keep-alive') return keepAlive(state);
      if (event.name !== 'tokens') return ignore(state);
      return { state, effects: [{ type: 'refresh_tokens', tokens: state.remote.tokens }] };
    case 'tokens': {
      const remote = { ...state.remote, tokens: event.tokens };
      const kept = keeping('token-answer', state.held, { remote });
      return {
        state: { ...state, remote, held: kept.held },
        effects: [
          ...kept.effects,
          report('token', 'done', 'The phone has a new token.'),
          { type: 'timer_at', name: 'tokens', at: event.tokens.refreshAt },
        ],
      };
    }
    case 'tokens_unreachable':
      return {
        state,
        effects: [
          report('token', 'failed', event.detail, 'edge_unreachable'),
          { type: 'timer', name: 'tokens', ms: renewAgainMs },
        ],
      };
    case 'tokens_refused':
      return withdraw(state.held, event.detail);
    case 'connection_lost':
      return lost(state, event.detail);
    case 'service_control':
      return {
        state: { phase: 'remote-leaving', held: state.held, onward: 'again' },
        effects: [
          { type: 'cancel' },
          report('service-control', 'done', `The server asks for a ${event.action}.`),
          report('unregister', 'begun', 'Unregistering.'),
          { type: 'unregister' },
        ],
      };
    default:
      return ignore(state);
  }
}

/** As it stood when it registered, with the tokens of now. */
function current(state: Registered): Edging {
  const goal = {
    kind: 'register',
    remote: state.remote,
    configuration: state.configuration,
    after: 'power',
  } as const;
  return { ...state.edging, held: state.held, goal };
}

function keepAlive(state: Registered): BootStep {
  const edging: Edging = { ...current(state), stage: 'register' };
  return { state: edging, effects: [order(edging, state.configuration)] };
}

/** The edge may be gone for good: its neighbours are tried, then the name is looked up anew. */
function lost(state: Registered, detail: string): BootStep {
  const { domain, goal } = current(state);
  return before(
    [
      { type: 'stop_timer', name: 'keep-alive' },
      { type: 'stop_timer', name: 'tokens' },
      report('register', 'failed', detail, 'edge_unreachable'),
    ],
    enterEdging(state.held, goal, domain),
  );
}

export function leaving(state: Phase<'remote-leaving'>, event: BootEvent): BootStep {
  if (event.type !== 'unregistered') return ignore(state);
  const told = report('unregister', 'done', 'Unregistered.');
  const remote = state.held.stored?.remote;
  if (state.onward === 'off' || remote === undefined) {
    return { state: { phase: 'ended', failure: undefined }, effects: [told, { type: 'finish', failure: undefined }] };
  }
  return before([told], enterRemote(state.held, remote));
}
