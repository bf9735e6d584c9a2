import type { Random } from '../../kernel/random.ts';

const poolSize = 4096;

/** Tags and branches take a few octets each: drawn from a pool, so that the generator is asked once for hundreds of them. */
export function pooledRandom(random: Random): Random {
  let pool: Uint8Array = new Uint8Array(0);
  let at = 0;
  return {
    bytes(length) {
      if (length > 64) return random.bytes(length);
      if (at + length > pool.length) {
        pool = random.bytes(poolSize);
        at = 0;
      }
      at += length;
      return pool.subarray(at - length, at);
    },
    below: (bound) => random.below(bound),
    uuid: () => random.uuid(),
  };
}
