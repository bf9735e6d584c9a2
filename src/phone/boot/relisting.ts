import { maximumRuns, next } from './activation.ts';
import { after, failure, ignore, report } from './enter.ts';
import { accepted, mismatch, relist } from './proved.ts';
import type { BootStep, Relisting } from './state.ts';
import type { BootEvent, BootSetup } from './types.ts';

/** Milliseconds between two looks for the list the server proved. */
const relistWaitMs = [250, 500, 1000, 2000];

const another = 'The trust list this phone was given is not the one the server proved, and that one cannot be had.';

export function relisting(setup: BootSetup, state: Relisting, event: BootEvent): BootStep {
  const { held, left, looks, reply, run } = state;
  switch (event.type) {
    case 'trust_list': {
      if (event.list.sha256 !== reply.itlSha256) return lookAgain(setup, state);
      const text = `The trust list has changed meanwhile; the one the server proved is here, of ${event.list.records.length} certificates.`;
      return after([report('trust-list', 'done', text)], accepted({ ...held, trust: event.list }, reply));
    }
    case 'file_absent': {
      const [next, ...rest] = left;
      if (next === undefined) return lookAgain(setup, state);
      const effect = { type: 'load_trust_list', file: next, known: undefined, proved: reply.itlSha256 } as const;
      return { state: { ...state, left: rest }, effects: [effect] };
    }
    case 'file_unusable':
    case 'file_unreachable':
      return lookAgain(setup, state);
    case 'timer':
      if (event.name === 'code') return mismatch(setup, held, another);
      return event.name === 'wait' ? relist(setup, run, reply, looks) : ignore(state);
    default:
      return ignore(state);
  }
}

/** After a pause; then with another proof, which names the list of that moment; then no more. */
function lookAgain(setup: BootSetup, state: Relisting): BootStep {
  const { held, looks, run } = state;
  const ms = relistWaitMs[looks];
  if (ms !== undefined)
    return { state: { ...state, looks: looks + 1 }, effects: [{ type: 'timer', name: 'wait', ms }] };
  if (run.runs + 1 >= maximumRuns) return mismatch(setup, held, another);
  return next(setup, run, failure('trust_mismatch', another), true, undefined);
}
