import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Unknown, wrong and locked codes do the same work, but not to the tenth of a millisecond: a real row has constraints that a decoy has not.
 * So answers that could tell them apart leave on a beat counted from the request's arrival (security invariant 5: medians within 5 %).
 * In ms. Every phone pays the first once; the second is paid for refusals only.
 */
export const challengeBeat = 10;
export const refusalBeat = 25;

/** Resolves on the next multiple of `beat` ms after `arrivedAt` (of performance.now()). Waiting costs no processor time. */
export async function onTheBeat(arrivedAt: number, beat: number): Promise<void> {
  const elapsed = performance.now() - arrivedAt;
  await sleep(Math.ceil(beat - (elapsed % beat)));
}
