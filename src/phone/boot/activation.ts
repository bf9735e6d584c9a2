import { type ActivationCode, parseActivationCode } from '../../identifiers/activation-code.ts';
import { after, fail, failure, ignore, report } from './enter.ts';
import type { PhoneFaultCode } from './faults.ts';
import { accepted, mismatch, relist } from './proved.ts';
import type { Activating, BootState, BootStep } from './state.ts';
import type { BootEvent, BootFailure, BootSetup } from './types.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;

/** spec/activation.md §4: at most 3 runs a key entry; the code is forgotten after 10 minutes. */
export const maximumRuns = 3;
export const codeLifetimeMs = 600_000;
/** Passes over nodes none of which could start a run. */
const maximumPasses = 6;
const passWaitMs = [250, 500, 1000, 2000, 4000, 8000];

/** Answers that another node, or a second try, may turn into a success. All others are final for this code. */
export const passing: ReadonlySet<PhoneFaultCode> = new Set([
  'activation_unreachable',
  'busy',
  'rate_limited',
  'session_expired',
  'session_channel_mismatch',
  'internal',
]);

/** Answers about the code: another code may be entered. */
export const aboutTheCode: ReadonlySet<PhoneFaultCode> = new Set([
  'code_length',
  'code_check_digit',
  'code_not_accepted',
  'code_expired',
  'code_already_used',
  'code_released',
  'model_mismatch',
  'mac_mismatch',
  'mode_not_allowed',
  'device_name_conflict',
  'device_disabled',
]);

export const typingProblems = {
  code_length: 'An activation code has 16 digits.',
  code_check_digit: 'The check digit does not match: a digit is wrong or two are swapped.',
} as const;

export function entering(setup: BootSetup, state: Phase<'code'>, event: BootEvent): BootStep {
  if (event.type === 'no_code') {
    const { problem } = state;
    if (problem === undefined) {
      return fail(setup, state.held, 'code', failure('code_missing', 'No activation code was entered.'));
    }
    // Told when it happened; it is not told again.
    return {
      state: { phase: 'ended', failure: problem },
      effects: [{ type: 'cancel' }, { type: 'finish', failure: problem }],
    };
  }
  if (event.type !== 'code_typed') return ignore(state);
  const parsed = parseActivationCode(event.text);
  if (!parsed.ok) return askAgain(state, failure(parsed.problem, typingProblems[parsed.problem]));
  return after(
    [report('code', 'done', 'The code is well formed.'), { type: 'timer', name: 'code', ms: codeLifetimeMs }],
    connect(begin(state, parsed.code)),
  );
}

function begin(state: Phase<'code'>, code: ActivationCode): Activating {
  return {
    phase: 'activating',
    held: state.held,
    nodes: state.nodes,
    code,
    at: 0,
    runs: 0,
    passes: 0,
    stage: 'connect',
    last: undefined,
    retryAfterMs: undefined,
  };
}

function connect(state: Activating): BootStep {
  return {
    state: { ...state, stage: 'connect' },
    effects: [{ type: 'connect_das', url: state.nodes[state.at]!, trust: state.held.trust, tvs: state.held.tvs }],
  };
}

function askAgain(state: Phase<'code'>, problem: BootFailure): BootStep {
  return {
    state: { ...state, problem },
    effects: [report('code', 'failed', problem.message, problem.code), { type: 'ask_code', problem }],
  };
}

export function activating(setup: BootSetup, state: Activating, event: BootEvent): BootStep {
  switch (event.type) {
    case 'das_trusted':
      if (state.stage !== 'connect') return ignore(state);
      return {
        state: { ...state, stage: 'prove' },
        effects: [
          report(
            'trust',
            'done',
            `${hostOf(state)} is trusted: ${event.by === 'ITL' ? 'it is in the trust list' : 'TVS vouches for it'}.`,
          ),
          { type: 'activate', code: state.code, load: state.held.load },
        ],
      };
    case 'das_untrusted':
      // Nothing was sent. A false server means that somebody is in between; a TVS that cannot be asked may be busy.
      return event.answered
        ? mismatch(setup, state.held, event.detail)
        : next(setup, state, failure('trust_mismatch', event.detail), false, undefined);
    case 'das_unreachable':
      return next(setup, state, failure('activation_unreachable', event.detail), event.started, undefined);
    case 'das_refused':
      return refused(setup, state, event);
    case 'activated':
      return activated(setup, state, event);
    case 'timer':
      return onTimer(setup, state, event.name);
    default:
      return ignore(state);
  }
}

function hostOf(state: Activating): string {
  return state.nodes[state.at]!.replace(/^https:\/\//, '').replace(/\/$/, '');
}

function onTimer(setup: BootSetup, state: Activating, name: string): BootStep {
  if (name === 'code') {
    const reason = state.last ?? failure('activation_unreachable', 'The activation took longer than ten minutes.');
    return after([{ type: 'cancel' }], concluded(setup, state, reason));
  }
  if (name !== 'wait' || state.stage !== 'wait') return ignore(state);
  return connect({ ...state, at: 0, retryAfterMs: undefined });
}

function refused(setup: BootSetup, state: Activating, event: Extract<BootEvent, { type: 'das_refused' }>): BootStep {
  const { code } = event.failure;
  if (code === 'server_proof_failed' || code === 'trust_mismatch')
    return mismatch(setup, state.held, event.failure.message, code);
  if (passing.has(code)) return next(setup, state, event.failure, event.started, event.retryAfterMs);
  return concluded(setup, state, event.failure);
}

/** This code is done for: another may be entered when the answer was about the code. */
function concluded(setup: BootSetup, state: Activating, reason: BootFailure): BootStep {
  if (reason.code === 'trust_mismatch') return mismatch(setup, state.held, reason.message);
  const forget = { type: 'stop_timer', name: 'code' } as const;
  if (!aboutTheCode.has(reason.code)) return after([forget], fail(setup, state.held, 'prove', reason));
  return after([forget], {
    state: { phase: 'code', held: state.held, nodes: state.nodes, problem: reason },
    effects: [report('prove', 'failed', reason.message, reason.code), { type: 'ask_code', problem: reason }],
  });
}

/** The next node, or a pause and the first one again, or the end. */
export function next(
  setup: BootSetup,
  state: Activating,
  reason: BootFailure,
  started: boolean,
  retryAfterMs: number | undefined,
): BootStep {
  const runs = state.runs + (started ? 1 : 0);
  // A clear answer says more than silence.
  const last = state.last !== undefined && reason.code === 'activation_unreachable' ? state.last : reason;
  const moved: Activating = {
    ...state,
    runs,
    last,
    retryAfterMs: Math.max(state.retryAfterMs ?? 0, retryAfterMs ?? 0),
  };
  const told = report('prove', 'failed', `${hostOf(state)}: ${reason.message}`, reason.code);
  if (runs >= maximumRuns) return after([told], concluded(setup, moved, last));
  if (state.at + 1 < state.nodes.length) return after([told], connect({ ...moved, at: state.at + 1 }));
  const passes = state.passes + 1;
  if (passes >= maximumPasses) return after([told], concluded(setup, moved, last));
  const ms = Math.max(passWaitMs[passes - 1]!, moved.retryAfterMs ?? 0);
  // The code is forgotten before: nobody is left waiting for nothing.
  if (ms >= codeLifetimeMs) return after([told], concluded(setup, moved, last));
  return {
    state: { ...moved, passes, stage: 'wait' },
    effects: [told, { type: 'timer', name: 'wait', ms }],
  };
}

function activated(setup: BootSetup, state: Activating, event: Extract<BootEvent, { type: 'activated' }>): BootStep {
  const { reply } = event;
  const { trust } = state.held;
  if (trust === undefined)
    return mismatch(setup, state.held, 'The server proves a trust list, and this phone has none.');
  if (reply.deviceName !== setup.deviceName) {
    return mismatch(
      setup,
      state.held,
      `The server calls this phone ${reply.deviceName}, but it is ${setup.deviceName}.`,
    );
  }
  const proved = [reply.itlSha256, ...(reply.itlPreviousSha256 ?? [])];
  return proved.includes(trust.sha256) ? accepted(state.held, reply) : relist(setup, state, reply);
}
