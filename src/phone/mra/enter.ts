import type { ActivationCode } from '../../identifiers/activation-code.ts';
import { enterRegistering, fail, failure, report } from '../boot/enter.ts';
import { keeping } from '../boot/keeping.ts';
import { forgetProvisional } from '../boot/proved.ts';
import type { BootStep, EdgeGoal, Edging, Held } from '../boot/state.ts';
import type { BootEffect, BootFailure, BootSetup, DeviceConfiguration, StepName } from '../boot/types.ts';
import type { EdgeTarget, RemoteAccess } from './model.ts';

/** The ways into each phase of a phone outside, apart from the phases themselves, so that phases can lead to each other. */

/** Milliseconds before the edges are looked up and tried again, by pass. */
const passWaitMs = [500, 1000, 2000, 4000, 8000, 15_000];
/** Passes of a phone that does not stay. */
const maximumPasses = 5;
/** Of one that was activated inside a moment ago: it need not reach the edge from there. */
const passesInside = 2;
/** Between two tries of a phone in MRA mode that stays, milliseconds. */
const pauseMs = [5000, 10_000, 30_000, 60_000];

export function enterWelcome(held: Held, problem?: BootFailure, domain?: string): BootStep {
  const text =
    domain === undefined ? 'Enter the activation code or the service domain.' : 'Now enter the activation code.';
  return {
    state: { phase: 'welcome', held, domain, problem },
    effects: [report('welcome', 'begun', text), { type: 'ask_code', problem, where: 'welcome' }],
  };
}

export function enterResolving(held: Held, code: ActivationCode, tries = 0): BootStep {
  return {
    state: { phase: 'resolving', held, code, tries, waiting: false },
    // Only the locator leaves the phone here: the cloud never learns the secret.
    effects: [{ type: 'resolve_code', locator: code.slice(0, 7) }],
  };
}

/** From a domain to an edge. */
export function enterEdging(held: Held, goal: EdgeGoal, domain: string, before = false): BootStep {
  return locate({
    phase: 'edging',
    held,
    goal,
    domain,
    stage: 'locate',
    targets: [],
    at: 0,
    edge: undefined,
    passes: 0,
    looks: 0,
    renewed: false,
    before,
    last: undefined,
    retryAfterMs: undefined,
  });
}

/** A phone in MRA mode goes to the domain it was assigned to. */
export function enterRemote(held: Held, remote: RemoteAccess, configuration?: DeviceConfiguration): BootStep {
  const after = configuration === undefined ? 'power' : 'inside';
  return enterEdging(held, { kind: 'register', remote, configuration, after }, remote.serviceDomain);
}

/** Activated and configured inside: onto the registrar there, or out when the phone is marked for it. */
export function onward(setup: BootSetup, held: Held, configuration: DeviceConfiguration): BootStep {
  const marked = held.stored?.remote;
  if (marked === undefined) return enterRegistering(setup, held, configuration);
  const remote: RemoteAccess = { ...marked, serviceDomain: configuration.serviceDomain ?? marked.serviceDomain };
  const kept = keeping('signed-file', held, { remote });
  return {
    state: { phase: 'token-check', held: kept.held, remote, configuration },
    effects: [
      ...kept.effects,
      report('token', 'begun', 'This phone is marked for use outside: looking at its token.'),
      { type: 'check_token', tokens: remote.tokens },
    ],
  };
}

/** No system around: a phone that can go outside asks for the way there. */
export function orWelcome(setup: BootSetup, held: Held, step: StepName, reason: BootFailure): BootStep {
  if (setup.remote === undefined || held.stored !== undefined) return fail(setup, held, step, reason);
  return before([report(step, 'failed', reason.message, reason.code)], enterWelcome(held));
}

export function locate(state: Edging): BootStep {
  return {
    // After a pause a token may have grown old: it may be renewed again.
    state: { ...state, stage: 'locate', retryAfterMs: undefined, renewed: false },
    effects: [
      report('locate', 'begun', `Looking for the edge of ${state.domain}.`),
      { type: 'find_edges', domain: state.domain },
    ],
  };
}

export function connect(state: Edging): BootStep {
  const target = targetOf(state);
  return {
    state: { ...state, stage: 'connect', edge: undefined },
    effects: [{ type: 'connect_edge', target, domain: state.domain, trust: edgeTrustOf(state) }],
  };
}

export function targetOf(state: Edging): EdgeTarget {
  return state.targets[state.at]!;
}

export function edgeTrustOf({ goal }: Edging) {
  if (goal.kind === 'register') return goal.remote.edgeTrust;
  return goal.answer?.edgeTrust ?? { sha256: [], certificates: [] };
}

/** The next edge, or a pause and another look, or the end. */
export function next(
  setup: BootSetup,
  state: Edging,
  step: StepName,
  reason: BootFailure,
  retryAfterMs: number | undefined,
): BootStep {
  // A clear answer says more than silence.
  const last = state.last !== undefined && reason.code === 'edge_unreachable' ? state.last : reason;
  const moved: Edging = { ...state, last, retryAfterMs: Math.max(state.retryAfterMs ?? 0, retryAfterMs ?? 0) };
  const told = report(step, 'failed', reason.message, reason.code);
  if (state.at + 1 < state.targets.length && state.stage !== 'locate') {
    return before([told], connect({ ...moved, at: state.at + 1 }));
  }
  return before([told], pause(setup, moved));
}

/** Nothing helped in this pass. */
function pause(setup: BootSetup, state: Edging): BootStep {
  const passes = state.passes + 1;
  const last = state.last ?? failure('edge_unreachable', 'No edge answers.');
  const inside = state.goal.kind === 'register' && state.goal.after === 'inside';
  if (!setup.patient && passes >= (inside ? passesInside : maximumPasses)) return giveUp(setup, state, last);
  // An edge that is not the one the phone was told of does not become it by waiting.
  if (state.goal.kind === 'activate' && last.code === 'trust_mismatch') return giveUp(setup, state, last);
  const ms = Math.max(passWaitMs[Math.min(passes, passWaitMs.length) - 1]!, state.retryAfterMs ?? 0);
  return {
    state: { ...state, passes, stage: 'wait' },
    effects: [{ type: 'timer', name: 'wait', ms }],
  };
}

/** The phone stops trying for now. What was told already is not told again. */
export function giveUp(setup: BootSetup, { goal, held }: Edging, reason: BootFailure): BootStep {
  if (goal.kind === 'activate') return before([forgetCode], enterWelcome(held, reason));
  if (goal.after !== 'inside') return failRemote(setup, held, reason);
  const ready = failure(
    reason.code,
    `This network does not let the phone reach the edge (${reason.message.replace(/\.$/, '')}). It is in MRA mode and registers as soon as it is plugged in outside.`,
  );
  return before([report('mode', 'done', 'Ready for use outside.')], failRemote(setup, held, ready));
}

/** Ends a boot in MRA mode, or pauses it when the phone stays. */
export function failRemote(setup: BootSetup, held: Held, reason: BootFailure): BootStep {
  if (setup.patient) {
    const ms = pauseMs[Math.min(held.pauses, pauseMs.length - 1)]!;
    return {
      state: { phase: 'remote-pausing', held: { ...held, pauses: held.pauses + 1 } },
      effects: [
        { type: 'cancel' },
        report('edge', 'failed', reason.message, reason.code),
        { type: 'timer', name: 'wait', ms },
      ],
    };
  }
  return {
    state: { phase: 'ended', failure: reason },
    effects: [{ type: 'cancel' }, { type: 'finish', failure: reason }],
  };
}

export const forgetCode: BootEffect = { type: 'stop_timer', name: 'code' };

/** Somebody in between, or a server that is not what it says: nothing it said is kept, and nothing that was proved before is lost. */
export function distrust(
  setup: BootSetup,
  held: Held,
  message: string,
  code: 'trust_mismatch' | 'server_proof_failed' | 'token_unusable' = 'trust_mismatch',
): BootStep {
  return before([forgetCode], fail(setup, forgetProvisional(held), 'trust', failure(code, message)));
}

/** The phone is let in no more: it says so and asks for a code. What it has stays until a new proof. */
export function withdraw(held: Held, message: string): BootStep {
  const reason = failure('access_withdrawn', message);
  return before(
    [{ type: 'cancel' }, { type: 'drop_registration' }, report('token', 'failed', message, reason.code)],
    enterWelcome({ ...held, pauses: 0 }, reason),
  );
}

/** Puts effects before those of a step. */
export function before(effects: readonly BootEffect[], step: BootStep): BootStep {
  return { state: step.state, effects: [...effects, ...step.effects] };
}
