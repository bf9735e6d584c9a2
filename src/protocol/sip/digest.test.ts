import { createHmac, hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  answerDigest,
  type DigestHash,
  digestChallenge,
  digestResponse,
  parseAuthHeader,
  parseDigestCredentials,
} from './digest.ts';
import { NonceMint } from './nonce.ts';

const nodeHash: DigestHash = (algorithm, text) => hash(algorithm === 'MD5' ? 'md5' : 'sha256', text, 'hex');
const mint = (capacity?: number) =>
  new NonceMint({
    hmac: (text) => createHmac('sha256', 'key').update(text).digest('base64url'),
    ...(capacity === undefined ? {} : { capacity }),
  });

describe('digest', () => {
  // RFC 7616 §3.9.1: user, password, nonce and both results are given there.
  const example = {
    username: 'Mufasa',
    realm: 'http-auth@example.org',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    uri: '/dir/index.html',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
    ncText: '00000001',
    method: 'GET',
    password: 'Circle of Life',
  };
  it.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ] as const)('computes the %s response of RFC 7616 §3.9.1', (algorithm, expected) => {
    expect(digestResponse(nodeHash, { ...example, algorithm })).toBe(expected);
  });

  it('answers the stronger of two challenges, whichever comes first', () => {
    const challenges = (['MD5', 'SHA-256'] as const).map((algorithm) =>
      digestChallenge({ realm: 'r', nonce: 'n', algorithm }),
    );
    const answer = answerDigest(nodeHash, {
      challenges,
      method: 'REGISTER',
      uri: 'sip:a',
      username: 'u',
      password: 'p',
      cnonce: 'c',
    });
    expect(parseDigestCredentials(answer!)).toMatchObject({ algorithm: 'SHA-256', nonce: 'n', nc: 1 });
  });

  it('answers no challenge it does not understand', () => {
    const challenges = [
      'Bearer realm="r"',
      'Digest realm="r", nonce="n"',
      'Digest realm="r", nonce="n", algorithm=SHA-512, qop="auth"',
      'nonsense',
    ];
    expect(
      answerDigest(nodeHash, {
        challenges,
        method: 'REGISTER',
        uri: 'sip:a',
        username: 'u',
        password: 'p',
        cnonce: 'c',
      }),
    ).toBeUndefined();
  });

  it('reads back what it writes, whatever the names hold', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'abc ,=@:é'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(plain, plain, fc.integer({ min: 1, max: 0xffffffff }), (username, realm, nonceCount) => {
        const challenges = [digestChallenge({ realm, nonce: 'n', algorithm: 'MD5' })];
        const answer = answerDigest(nodeHash, {
          challenges,
          method: 'INVITE',
          uri: 'sip:a',
          username,
          password: 'p',
          cnonce: 'c',
          nonceCount,
        });
        expect(parseDigestCredentials(answer!)).toMatchObject({ username, realm, nc: nonceCount });
      }),
    );
  });

  it.each([
    ['a name given twice', 'Digest realm="a", realm="b"'],
    ['a quote that is not closed', 'Digest realm="a'],
    ['no parameters', 'Digest'],
  ])('does not read %s', (_, text) => expect(parseAuthHeader(text)).toBeUndefined());

  it('takes no credentials without qop: they could be replayed', () => {
    const text = `Digest username="u", realm="r", nonce="n", uri="sip:a", response="${'0'.repeat(32)}"`;
    expect(parseDigestCredentials(text)).toBeUndefined();
  });
});

describe('nonces', () => {
  it('are fresh once per count, repeated for the same credentials, and stale for a replay', () => {
    const nonces = mint();
    const nonce = nonces.mint(1000);
    expect(nonces.use(nonce, 1, 'a', 2000)).toBe('fresh');
    expect(nonces.use(nonce, 1, 'a', 2000)).toBe('repeated');
    expect(nonces.use(nonce, 1, 'b', 2000)).toBe('stale');
    expect(nonces.use(nonce, 3, 'c', 2000)).toBe('fresh');
    expect(nonces.use(nonce, 2, 'd', 2000)).toBe('stale');
  });

  it('grow stale with age and cannot be made up', () => {
    const nonces = mint();
    const nonce = nonces.mint(1000);
    expect(nonces.inspect(nonce, 1000 + 300_000)).toBe('valid');
    expect(nonces.inspect(nonce, 1001 + 300_000)).toBe('stale');
    expect(nonces.inspect(`${nonce}x`, 1000)).toBe('forged');
    expect(nonces.inspect(nonce.replace(/^./, 'z'), 1000)).toBe('forged');
    fc.assert(fc.property(fc.string(), (text) => nonces.inspect(text, 1000) === 'forged'));
  });

  it('that were forgotten for want of room are stale, not fresh again', () => {
    const nonces = mint(2);
    const [a, b, c] = [nonces.mint(1), nonces.mint(2), nonces.mint(3)];
    for (const nonce of [a, b, c]) expect(nonces.use(nonce!, 1, 'x', 10)).toBe('fresh');
    expect(nonces.remembered).toBe(2);
    expect(nonces.use(a!, 2, 'y', 10)).toBe('stale');
    expect(nonces.use(c!, 2, 'y', 10)).toBe('fresh');
  });
});
