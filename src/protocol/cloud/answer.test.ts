import { createPrivateKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { type ResolveClaims, readAnswer, writeAnswer } from './answer.ts';
import { type AnswerAlgorithm, type AnswerSigner, type AnswerVerifier, readCloudKey } from './key.ts';
import { largestAnswer, largestTrustSet } from './limits.ts';

function keyPair(alg: AnswerAlgorithm): { signer: AnswerSigner; verifier: AnswerVerifier; publicKey: KeyObject } {
  const { privateKey, publicKey } =
    alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  const hash = alg === 'ES256' ? 'sha256' : null;
  const form = { dsaEncoding: 'ieee-p1363' } as const;
  return {
    publicKey,
    signer: { alg, kid: 'one', sign: (input) => sign(hash, input, { key: privateKey, ...form }) },
    verifier: {
      alg,
      kid: 'one',
      verify: (input, signature) => verify(hash, input, { key: publicKey, ...form }, signature),
    },
  };
}

const keys = { ES256: keyPair('ES256'), EdDSA: keyPair('EdDSA') };
const now = 1_800_000_000;
const claims: ResolveClaims = {
  iss: 'https://cloud.example.org:9447',
  iat: now,
  exp: now + 900,
  locator: '4273819',
  cnonce: new Uint8Array(32).fill(3),
  activationDomain: 'mra.example.org',
  phoneEdgeTrust: [new Uint8Array(700).fill(1), new Uint8Array(9).fill(2)],
  clusterHint: new Uint8Array(32).fill(9),
};
const asked = { locator: claims.locator, cnonce: claims.cnonce, now };

describe('a resolve answer', () => {
  it.each(['ES256', 'EdDSA'] as const)('by %s is read back as it was signed', (alg) => {
    const { signer, verifier } = keys[alg];
    const text = writeAnswer(claims, signer);
    expect(readAnswer(text, [verifier], asked)).toEqual(claims);
    expect(JSON.parse(Buffer.from(text.split('.')[0]!, 'base64url').toString())).toEqual({
      alg,
      typ: 'resolve+jwt',
      kid: 'one',
    });
  });

  it('has room for the largest PhoneEdge-trust set', () => {
    const phoneEdgeTrust = Array.from({ length: 4 }, () => new Uint8Array(largestTrustSet / 4));
    const text = writeAnswer({ ...claims, phoneEdgeTrust }, keys.ES256.signer);
    expect(text.length).toBeLessThanOrEqual(largestAnswer);
    expect(readAnswer(text, [keys.ES256.verifier], asked).phoneEdgeTrust).toEqual(phoneEdgeTrust);
  });

  it('counts only under the pinned key, with the algorithm of that key', () => {
    const text = writeAnswer(claims, keys.ES256.signer);
    const refuse = (pinned: readonly AnswerVerifier[]) =>
      expect(() => readAnswer(text, pinned, asked)).toThrow("cloud's key");
    refuse([]);
    refuse([keyPair('ES256').verifier]);
    refuse([keys.EdDSA.verifier]);
    refuse([{ ...keys.ES256.verifier, kid: 'another' }]);
    // A key whose check would say yes to anything is not asked when the algorithm is not its own.
    refuse([{ alg: 'EdDSA', verify: () => true }]);
    const { kid: _, ...nameless } = keys.ES256.verifier;
    expect(() => readAnswer(text, [keyPair('ES256').verifier, nameless], asked)).not.toThrow();
  });

  const forge = (header: object, payload: object = {}) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const good = JSON.parse(Buffer.from(writeAnswer(claims, keys.ES256.signer).split('.')[1]!, 'base64url').toString());
    const signed = `${part({ alg: 'ES256', typ: 'resolve+jwt', kid: 'one', ...header })}.${part({ ...good, ...payload })}`;
    return `${signed}.${Buffer.from(keys.ES256.signer.sign(Buffer.from(signed))).toString('base64url')}`;
  };
  const read = (text: string) => () => readAnswer(text, [keys.ES256.verifier], asked);

  it.each([
    ['no algorithm', forge({ alg: 'none' })],
    ['another type', forge({ typ: 'at+jwt' })],
    ['a key of its own', forge({ jwk: {} })],
    ['critical extensions', forge({ crit: ['x'] })],
    ['a life longer than a day', forge({}, { exp: now + 86_401 })],
    ['an end before its beginning', forge({}, { exp: now - 1 })],
    ['an issuer without https', forge({}, { iss: 'http://cloud.example.org' })],
    ['a domain that is none', forge({}, { activation_domain: 'mra.example.org/..' })],
    ['a domain with upper case', forge({}, { activation_domain: 'MRA.example.org' })],
    ['a claim nobody knows', forge({}, { secret: '12345678' })],
    ['certificates that are no list', forge({}, { phone_edge_trust: 'AAAA' })],
    ['too many certificates', forge({}, { phone_edge_trust: Array(21).fill('AAAA') })],
    ['a fourth part', `${forge({})}.AAAA`],
    ['padding', `${forge({})}==`],
  ])('with %s is refused though it is signed', (_, text) => expect(read(text)).toThrow(MalformedError));

  it('to another question, or out of its time, is refused', () => {
    const text = writeAnswer(claims, keys.ES256.signer);
    const pinned = [keys.ES256.verifier];
    expect(() => readAnswer(text, pinned, { ...asked, locator: '4273818' })).toThrow('another locator');
    expect(() => readAnswer(text, pinned, { ...asked, cnonce: new Uint8Array(32) })).toThrow('this question');
    expect(() => readAnswer(text, pinned, { ...asked, now: claims.exp + 301 })).toThrow('time');
    expect(() => readAnswer(text, pinned, { ...asked, now: claims.iat - 301 })).toThrow('time');
    // A phone out of its box does not know what time it is.
    expect(() => readAnswer(text, pinned, { ...asked, now: undefined })).not.toThrow();
  });

  it('with any octet changed is refused', () => {
    const text = writeAnswer(claims, keys.ES256.signer);
    const bits = fc.record({ at: fc.nat(text.length - 1), to: fc.constantFrom(...'AZaz09-_.') });
    fc.assert(
      fc.property(bits, ({ at, to }) => {
        if (text[at] === to) return;
        expect(() => readAnswer(text.slice(0, at) + to + text.slice(at + 1), [keys.ES256.verifier], asked)).toThrow(
          MalformedError,
        );
      }),
    );
  });
});

describe("the cloud's key", () => {
  it('is public, on P-256 or Ed25519', () => {
    for (const { publicKey, verifier } of [keys.ES256, keys.EdDSA]) {
      const jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
      expect(readCloudKey(jwk)).toMatchObject({ alg: verifier.alg, jwk });
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const whole = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'jwk',
    }) as Record<string, string>;
    expect(() => readCloudKey(whole)).toThrow(MalformedError);
    const other = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }) as Record<
      string,
      string
    >;
    expect(() => readCloudKey(other)).toThrow('P-256 or Ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }) as Record<
      string,
      string
    >;
    expect(() => readCloudKey(rsa)).toThrow('P-256 or Ed25519');
  });
});
