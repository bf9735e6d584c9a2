import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import type { Random } from '../../kernel/random.ts';

/** node:crypto's CSPRNG. */
export const systemRandom: Random = {
  bytes: (length) => randomBytes(length),
  below: (bound) => randomInt(bound),
  uuid: () => randomUUID(),
};

export const systemClock: Clock = { now: () => Date.now() };
