import { aboutTheCode, maximumRuns, passing } from '../boot/activation.ts';
import { fail, failure, ignore, report } from '../boot/enter.ts';
import { kept } from '../boot/keeping.ts';
import type { BootState, BootStep, Edging } from '../boot/state.ts';
import type { ActivationReply, BootEvent, BootFailure, BootSetup } from '../boot/types.ts';
import { enterConfiguring } from './access.ts';
import { before, distrust, enterWelcome, forgetCode, giveUp, next, targetOf } from './enter.ts';
import type { RemoteAccess } from './model.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;
type Refused = Extract<BootEvent, { type: 'das_refused' }>;

/** The handshake with the cluster, through the edge. */
export function proving(setup: BootSetup, state: Edging, event: BootEvent): BootStep {
  if (state.goal.kind !== 'activate') return ignore(state);
  switch (event.type) {
    case 'activated':
      return activated(setup, state, event.reply);
    case 'das_refused':
      return refused(setup, state, event);
    case 'das_unreachable':
      return another(setup, state, failure('edge_unreachable', event.detail), event.started, undefined);
    default:
      return ignore(state);
  }
}

function refused(setup: BootSetup, state: Edging, { failure: reason, started, retryAfterMs }: Refused): BootStep {
  const { code } = reason;
  if (code === 'server_proof_failed' || code === 'trust_mismatch') {
    return distrust(setup, state.held, reason.message, code);
  }
  if (passing.has(code)) return another(setup, state, reason, started, retryAfterMs);
  const told = report('prove', 'failed', reason.message, code);
  if (aboutTheCode.has(code)) return before([forgetCode, told], enterWelcome(state.held, reason));
  return before([forgetCode], fail(setup, state.held, 'prove', reason));
}

/** Another run at another edge, as long as this entry of the code has runs left. */
function another(
  setup: BootSetup,
  state: Edging,
  reason: BootFailure,
  started: boolean,
  retryAfterMs: number | undefined,
): BootStep {
  if (state.goal.kind !== 'activate') return ignore(state);
  const runs = state.goal.runs + (started ? 1 : 0);
  const moved: Edging = { ...state, goal: { ...state.goal, runs } };
  if (runs < maximumRuns) return next(setup, moved, 'prove', reason, retryAfterMs);
  return before(
    [report('prove', 'failed', reason.message, reason.code)],
    giveUp({ ...setup, patient: false }, moved, reason),
  );
}

/** Why the proved result is not what the phone was told on its way; undefined: it is. */
function contradiction(setup: BootSetup, state: Edging, reply: ActivationReply): string | undefined {
  const answer = state.goal.kind === 'activate' ? state.goal.answer : undefined;
  const { remote } = reply;
  if (reply.deviceName !== setup.deviceName) {
    return `The server calls this phone ${reply.deviceName}, but it is ${setup.deviceName}.`;
  }
  if (remote === undefined) return undefined;
  if (remote.activationDomain !== state.domain) {
    return `The phone came through ${state.domain}, but the server's activation domain is ${remote.activationDomain}.`;
  }
  if (answer === undefined) {
    // No certificates were given before: those of the reply count from here on.
    return undefined;
  }
  const sorted = (list: readonly string[]) => [...list].sort().join();
  if (sorted(remote.edgeTrustSha256) !== sorted(answer.edgeTrust.sha256)) {
    return 'The certificates the cloud gave for the edge are not those of the server.';
  }
  return reply.clusterHint === answer.clusterHint ? undefined : 'Another cluster answered than the cloud said.';
}

function activated(setup: BootSetup, state: Edging, reply: ActivationReply): BootStep {
  const wrong = contradiction(setup, state, reply);
  if (wrong !== undefined) return distrust(setup, state.held, wrong);
  const { remote } = reply;
  if (remote?.tokens === undefined || state.goal.kind !== 'activate') {
    const reason = failure('tokens_missing', 'The phone is activated, but the server gave it no tokens for the edge.');
    return before([forgetCode], fail(setup, state.held, 'token', reason));
  }
  const access: RemoteAccess = {
    activationDomain: remote.activationDomain,
    serviceDomain: remote.serviceDomain,
    edgeTrust: {
      sha256: remote.edgeTrustSha256,
      certificates: state.goal.answer?.edgeTrust.certificates ?? [],
    },
    tokens: remote.tokens,
  };
  const phone = kept('proof', undefined, {
    deviceName: reply.deviceName,
    activationId: reply.activationId,
    // Nothing outside gives a trust list: the edge and the tokens are what this phone holds on to.
    trust: undefined,
    tftp: [],
    digest: undefined,
    load: state.held.load,
    configuration: undefined,
    remote: access,
  })!;
  const held = { ...state.held, stored: phone, trust: undefined, servers: [], pauses: 0 };
  const done: Edging = {
    ...state,
    held,
    goal: { kind: 'register', remote: access, configuration: undefined, after: 'activation' },
    passes: 0,
    last: undefined,
  };
  const name = `${reply.deviceName}${reply.already ? ' already' : ''}`;
  return {
    state: { phase: 'remote-storing', held, edging: done },
    effects: [
      forgetCode,
      report('prove', 'done', `The server behind ${targetOf(state).host} knows the code too; this phone is ${name}.`),
      { type: 'store', phone },
    ],
  };
}

export function storing(setup: BootSetup, state: Phase<'remote-storing'>, event: BootEvent): BootStep {
  if (event.type === 'store_failed') return fail(setup, state.held, 'store', failure('state_not_stored', event.detail));
  if (event.type !== 'stored') return ignore(state);
  return before(
    [report('store', 'done', 'The result is stored.'), { type: 'confirm' }],
    enterConfiguring(state.edging),
  );
}
