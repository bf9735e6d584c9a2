import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Random } from '../../kernel/random.ts';

export const phoneRandom: Random = {
  bytes: (length) => randomBytes(length),
  below: (bound) => randomInt(bound),
  uuid: () => randomUUID(),
};
