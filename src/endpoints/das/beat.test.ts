import { expect, it } from 'vitest';
import { onTheBeat } from './beat.ts';

it('holds an answer until a whole number of beats has passed, whenever the work was done', async () => {
  for (const worked of [0, 3, 12, 21]) {
    const arrivedAt = performance.now() - worked;
    await onTheBeat(arrivedAt, 10);
    // A timer may fire a fraction of a millisecond early by this clock.
    expect(performance.now() - arrivedAt).toBeGreaterThan((Math.floor(worked / 10) + 1) * 10 - 1);
  }
});
