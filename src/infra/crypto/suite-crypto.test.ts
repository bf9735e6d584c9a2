import { getDiffieHellman } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rfc5054Group3072 } from '../../protocol/srp/group.ts';
import { octetsOf } from '../../protocol/srp/integer.ts';
import { exponentiation, openSslSuiteCrypto } from './suite-crypto.ts';

const { prime } = rfc5054Group3072;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base % prime, e = exponent; e > 0n; e >>= 1n, b = (b * b) % prime) {
    if (e & 1n) result = (result * b) % prime;
  }
  return result;
}

describe('modular exponentiation', () => {
  it('uses the built-in group, whose prime is the suite’s', () => {
    expect(BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`)).toBe(prime);
  });

  it('is that of the group, for any base and exponent, in 384 octets', () => {
    const { modPow } = openSslSuiteCrypto();
    fc.assert(
      fc.property(
        fc.bigInt({ min: 2n, max: prime - 2n }),
        fc.bigInt({ min: 2n, max: 2n ** 512n }),
        (base, exponent) => {
          const octets = octetsOf(exponent, 64);
          expect(Buffer.from(modPow(octetsOf(base, 384), octets))).toEqual(
            Buffer.from(octetsOf(power(base, exponent), 384)),
          );
        },
      ),
      { numRuns: 20 },
    );
  });

  it('is the same where Node does not lend its method', () => {
    const { setExponent, power: raised } = exponentiation(() => {
      throw new TypeError('not a DiffieHellman');
    });
    setExponent(octetsOf(0x1234567890abcdefn, 32));
    expect(BigInt(`0x${raised(Buffer.from(octetsOf(prime - 5n, 384))).toString('hex')}`)).toBe(
      power(prime - 5n, 0x1234567890abcdefn),
    );
  }, 30_000);
});
