import { concat } from '../../kernel/bytes.ts';
import type { SrpGroup } from './group.ts';
import { integerOf, octetsOf } from './integer.ts';

/** What SRP needs of the outside. */
export interface SrpArithmetic {
  /** base^exponent mod the group's prime, in constant time; `base` and the result padded to the group's length. 1 < base < N-1. */
  modPow(base: Uint8Array, exponent: Uint8Array): Uint8Array;
  /** H of RFC 5054; the suite decides which. */
  hash(bytes: Uint8Array): Uint8Array;
}

/** SRP-6a (RFC 5054 §2.5, §2.6) over one group. All integers travel as octets padded to the group's length. */
export interface Srp6a {
  readonly group: SrpGroup;
  /** g^exponent: A on the phone, the second term of B on the server, v from x. */
  power(exponent: Uint8Array): Uint8Array;
  /** B = (k*v + g^b) mod N; undefined in the (practically impossible) case B = 0 mod N: choose another b. */
  serverPublic(verifier: Uint8Array, b: Uint8Array): Uint8Array | undefined;
  /** 1 < value < N-1 and exactly the group's length: what a peer may send. RFC 5054 §2.5.4 wants only value mod N ≠ 0; this is stricter. */
  acceptable(value: Uint8Array): boolean;
  /** The server's premaster S = (A * v^u)^b; undefined when the arithmetic degenerates (treat as a mismatch). */
  serverSecret(input: { A: Uint8Array; B: Uint8Array; verifier: Uint8Array; b: Uint8Array }): Uint8Array | undefined;
  /** The client's premaster S = (B - k*g^x)^(a + u*x); undefined when u = 0 or the arithmetic degenerates (abort). */
  clientSecret(input: { A: Uint8Array; B: Uint8Array; x: Uint8Array; a: Uint8Array }): Uint8Array | undefined;
}

/** Throws nothing itself; `arithmetic.modPow` may. */
export function srp6a(group: SrpGroup, arithmetic: SrpArithmetic): Srp6a {
  const { prime, length } = group;
  const g = octetsOf(BigInt(group.generator), length);
  const k = integerOf(arithmetic.hash(concat(octetsOf(prime, length), g)));
  const scramble = (A: Uint8Array, B: Uint8Array) => arithmetic.hash(concat(A, B));
  /** OpenSSL refuses 0, 1 and N-1 as a base; none of them occurs with an honest peer. */
  const degenerate = (value: bigint) => value <= 1n || value >= prime - 1n;

  return {
    group,
    power: (exponent) => arithmetic.modPow(g, exponent),

    serverPublic(verifier, b) {
      const B = (k * integerOf(verifier) + integerOf(arithmetic.modPow(g, b))) % prime;
      return degenerate(B) ? undefined : octetsOf(B, length);
    },

    acceptable(value) {
      return value.length === length && !degenerate(integerOf(value));
    },

    serverSecret({ A, B, verifier, b }) {
      const u = scramble(A, B);
      const base = (integerOf(A) * integerOf(arithmetic.modPow(verifier, u))) % prime;
      return degenerate(base) ? undefined : arithmetic.modPow(octetsOf(base, length), b);
    },

    clientSecret({ A, B, x, a }) {
      const u = integerOf(scramble(A, B));
      if (u === 0n) return undefined;
      const gx = integerOf(arithmetic.modPow(g, x));
      const base = (((integerOf(B) - k * gx) % prime) + prime) % prime;
      if (degenerate(base)) return undefined;
      // Not reduced: the exponent's group order (N-1)/2 or N-1 is far above a + u*x.
      const exponent = integerOf(a) + u * integerOf(x);
      return arithmetic.modPow(octetsOf(base, length), octetsOf(exponent, Math.ceil(exponent.toString(16).length / 2)));
    },
  };
}
