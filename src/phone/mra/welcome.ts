import { parseActivationCode } from '../../identifiers/activation-code.ts';
import { codeLifetimeMs, typingProblems } from '../boot/activation.ts';
import { fail, failure, ignore, report } from '../boot/enter.ts';
import type { BootState, BootStep, Resolving } from '../boot/state.ts';
import type { BootEvent, BootFailure, BootSetup } from '../boot/types.ts';
import { before, distrust, enterEdging, enterResolving, enterWelcome, forgetCode } from './enter.ts';

type Phase<P extends BootState['phase']> = Extract<BootState, { phase: P }>;

/** RFC 1123 host names of at least two labels. */
const domainForm = /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Milliseconds before the cloud is asked again. */
const waitMs = [500, 1000, 2000, 4000, 8000, 15_000];
const maximumTries = 4;
const passing: ReadonlySet<string> = new Set(['cloud_unreachable', 'busy', 'internal', 'protocol_error']);

/** The welcome screen: an activation code, or the service domain it is to be used at. */
export function welcoming(setup: BootSetup, state: Phase<'welcome'>, event: BootEvent): BootStep {
  if (event.type === 'no_code') return nobodyTypes(setup, state);
  if (event.type !== 'code_typed') return ignore(state);
  const typed = event.text.trim();
  if (/[a-z]/i.test(typed) && !/^OAC\d?:/i.test(typed)) return domainTyped(state, typed.toLowerCase());
  const parsed = parseActivationCode(typed);
  if (!parsed.ok) return again(state, 'code', failure(parsed.problem, typingProblems[parsed.problem]));
  const told = [
    report('code', 'done', 'The code is well formed.'),
    { type: 'timer', name: 'code', ms: codeLifetimeMs } as const,
  ];
  if (state.domain === undefined) return before(told, enterResolving(state.held, parsed.code));
  const goal = { kind: 'activate', code: parsed.code, answer: undefined, runs: 0 } as const;
  return before(told, enterEdging(state.held, goal, state.domain));
}

function domainTyped(state: Phase<'welcome'>, domain: string): BootStep {
  if (!domainForm.test(domain)) {
    return again(state, 'welcome', failure('domain_invalid', `${domain.slice(0, 64)} is not a service domain.`));
  }
  return before([report('welcome', 'done', `Service domain ${domain}.`)], enterWelcome(state.held, undefined, domain));
}

function again(state: Phase<'welcome'>, step: 'code' | 'welcome', problem: BootFailure): BootStep {
  return {
    state: { ...state, problem },
    effects: [report(step, 'failed', problem.message, problem.code), { type: 'ask_code', problem, where: 'welcome' }],
  };
}

function nobodyTypes(setup: BootSetup, { held, problem }: Phase<'welcome'>): BootStep {
  if (problem === undefined) {
    return fail(setup, held, 'welcome', failure('code_missing', 'No activation code was entered.'));
  }
  // Told when it happened; it is not told again.
  return {
    state: { phase: 'ended', failure: problem },
    effects: [{ type: 'cancel' }, { type: 'finish', failure: problem }],
  };
}

/** The cloud is asked for the way. */
export function resolving(setup: BootSetup, state: Resolving, event: BootEvent): BootStep {
  const { code, held, tries } = state;
  switch (event.type) {
    case 'resolved': {
      const { activationDomain, edgeTrust } = event.answer;
      const count = edgeTrust.sha256.length;
      const by = count === 0 ? 'by a public root' : `by ${count} ${count === 1 ? 'certificate' : 'certificates'}`;
      const goal = { kind: 'activate', code, answer: event.answer, runs: 0 } as const;
      return before(
        [
          report(
            'cloud',
            'done',
            `The cloud names the activation domain ${activationDomain}; its edge is known ${by}.`,
          ),
        ],
        enterEdging(held, goal, activationDomain),
      );
    }
    case 'resolve_failed': {
      const { failure: reason } = event;
      if (reason.code === 'trust_mismatch') return distrust(setup, held, reason.message);
      const told = report('cloud', 'failed', reason.message, reason.code);
      const more = setup.patient || tries + 1 < maximumTries;
      if (!passing.has(reason.code) || !more) return before([told, forgetCode], enterWelcome(held, reason));
      const ms = Math.max(waitMs[Math.min(tries, waitMs.length - 1)]!, event.retryAfterMs ?? 0);
      return {
        state: { ...state, tries: tries + 1, waiting: true },
        effects: [told, { type: 'timer', name: 'wait', ms }],
      };
    }
    case 'timer':
      if (event.name === 'code') return before([{ type: 'cancel' }], enterWelcome(held, tooLate));
      if (event.name !== 'wait' || !state.waiting) return ignore(state);
      return enterResolving(held, code, tries);
    default:
      return ignore(state);
  }
}

const tooLate = failure('cloud_unreachable', 'The cloud could not be asked within ten minutes.');
