import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rfc5054Group3072 } from '../../protocol/srp/group.ts';
import { integerOf, octetsOf } from '../../protocol/srp/integer.ts';
import { phoneCrypto } from './suite-crypto.ts';

const { prime, length } = rfc5054Group3072;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % prime;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}

describe("the phone's arithmetic", () => {
  it('agrees with plain integers for any base and exponent, padded to the group', () => {
    const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
    fc.assert(
      fc.property(bytes(384, 384), bytes(1, 64), (raw, exponent) => {
        const base = integerOf(raw) % prime;
        fc.pre(base > 1n && base < prime - 1n && integerOf(exponent) > 0n);
        const result = phoneCrypto.modPow(octetsOf(base, length), exponent);
        expect(result).toHaveLength(length);
        expect(integerOf(result)).toBe(power(base, integerOf(exponent)));
      }),
      { numRuns: 30 },
    );
  });

  it.each([1, 2, 3, 14, 255, 256, 65_537])('raises the generator to %i', (exponent) => {
    const result = phoneCrypto.modPow(octetsOf(5n, length), octetsOf(BigInt(exponent), 32));
    expect(integerOf(result)).toBe(power(5n, BigInt(exponent)));
  });

  it('opens what it sealed and nothing else', () => {
    const [key, iv, aad] = [new Uint8Array(32).fill(1), new Uint8Array(12).fill(2), Uint8Array.of(3)];
    const sealed = phoneCrypto.sealAesGcm(key, iv, Uint8Array.of(9, 8), aad);
    expect(phoneCrypto.openAesGcm(key, iv, sealed, aad)).toEqual(Buffer.from([9, 8]));
    sealed[0]! ^= 1;
    expect(phoneCrypto.openAesGcm(key, iv, sealed, aad)).toBeUndefined();
    expect(phoneCrypto.openAesGcm(key, iv, sealed.subarray(0, 15), aad)).toBeUndefined();
  });
});
