import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { assertionInput, type EdgeAssertion, judgeAssertion, readAssertion, signedAssertion } from './assertion.ts';

const assertion: EdgeAssertion = {
  issuer: 'e1',
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  issuedAt: 1000,
  expiresAt: 1060,
  connection: 'conn-1',
  chain: [Uint8Array.of(0x30, 1, 2), Uint8Array.of(0x30, 3)],
  channelBinding: new Uint8Array(32).fill(9),
  tls: 'TLSv1.3',
  sourceAddress: '2001:db8::1',
  serverName: 'e1.example.org',
};
const mark = new Uint8Array(64);

describe('an assertion', () => {
  it('is read as it was written, whatever it says', () => {
    const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 }),
        octets(32),
        octets(64),
        fc.ipV4(),
        (chain, channelBinding, signature, sourceAddress) => {
          const given = { ...assertion, chain, channelBinding, sourceAddress };
          const input = assertionInput(given);
          const read = readAssertion(signedAssertion(input, signature));
          expect(read.assertion).toEqual(given);
          expect(read.input).toEqual(utf8(input));
          expect(read.signature).toEqual(signature);
        },
      ),
    );
  });

  it.each([
    ['another algorithm', { alg: 'none', typ: 'edge-assertion+jwt' }],
    ['another type', { alg: 'EdDSA', typ: 'JWT' }],
    ['a key of its own', { alg: 'EdDSA', typ: 'edge-assertion+jwt', jwk: {} }],
  ])('with %s in its header is refused', (_what, header) => {
    const payload = assertionInput(assertion).split('.')[1]!;
    const text = signedAssertion(`${toBase64url(utf8(JSON.stringify(header)))}.${payload}`, mark);
    expect(() => readAssertion(text)).toThrow(MalformedError);
  });

  it('throws nothing but MalformedError on any text', () => {
    const [head] = assertionInput(assertion).split('.');
    fc.assert(
      fc.property(fc.json(), fc.string(), (claims, junk) => {
        for (const text of [
          junk,
          `${head}.${toBase64url(utf8(claims))}.${toBase64url(mark)}`,
          `${head}.${junk}.${junk}`,
        ]) {
          try {
            readAssertion(text);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        }
      }),
    );
  });

  it.each([
    ['in time', {}, 1000, undefined],
    ['on its last second, with the clock of C ten seconds ahead', {}, 1069, undefined],
    ['too old', {}, 1070, 'too_old'],
    ['of a clock that is ten seconds ahead', {}, 990, undefined],
    ['from the future', {}, 989, 'from_the_future'],
    ['that would live for longer than a minute', { expiresAt: 1061 }, 1000, 'too_long_lived'],
    ['that ends before it begins', { expiresAt: 1000 }, 1000, 'too_long_lived'],
    ['of another edge', { issuer: 'e2' }, 1000, 'wrong_issuer'],
  ] as const)('%s is judged so', (_what, change, now, verdict) => {
    expect(judgeAssertion({ ...assertion, ...change }, { issuer: 'e1', now })).toBe(verdict);
  });
});
