import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import {
  type AccessClaims,
  bearerToken,
  certificateConfirmation,
  judgeAccessClaims,
  readAccessClaims,
} from './access-token.ts';
import { RevocationList } from './revocations.ts';
import { readTokenAnswer, readTokenRequest, writeTokenRequest, writeTokenResponse } from './token-messages.ts';

const mic = new Uint8Array(32).fill(7);
const claims: AccessClaims = {
  iss: 'urn:test',
  sub: 'SEP001122334455',
  aud: ['sip', 'tftp'],
  iat: 1000,
  exp: 4600,
  jti: 'j',
  fam: '00000000-0000-4000-8000-000000000001',
  did: '00000000-0000-4000-8000-000000000002',
  client_id: 'firstring-phone',
  cnf: certificateConfirmation(mic),
};
const demand = { issuer: 'urn:test', audience: 'sip', now: 1500, certificateSha256: mic } as const;

describe('the claims of an access token', () => {
  it.each([
    ['another issuer', { ...demand, issuer: 'urn:other' }, 'token_invalid'],
    ['before it was issued', { ...demand, now: 900 }, 'token_invalid'],
    ['at its end', { ...demand, now: 4600 }, 'token_expired'],
    ['another certificate', { ...demand, certificateSha256: new Uint8Array(32) }, 'token_wrong_certificate'],
    ['another service', { ...demand, audience: 'uds' }, 'token_wrong_audience'],
    ['all as it must be', demand, undefined],
    ['clocks half a minute apart', { ...demand, now: 971 }, undefined],
  ] as const)('%s', (_what, asked, problem) => {
    expect(judgeAccessClaims(claims, asked)).toBe(problem);
  });

  it('are not claims when one is missing or has another form', () => {
    expect(readAccessClaims(claims)).toEqual(claims);
    expect(readAccessClaims({ ...claims, aud: 'sip' })).toMatchObject({ aud: ['sip'] });
    for (const name of Object.keys(claims)) expect(readAccessClaims({ ...claims, [name]: undefined })).toBeUndefined();
    for (const bad of [
      { sub: 'admin' },
      { aud: ['root'] },
      { exp: '1' },
      { iat: 1.5 },
      { fam: 'x' },
      { cnf: { jkt: 'x' } },
    ])
      expect(readAccessClaims({ ...claims, ...bad })).toBeUndefined();
    for (const bad of [undefined, null, 'x', [], 1]) expect(readAccessClaims(bad)).toBeUndefined();
  });
});

it('a bearer token is found in Authorization, in both forms that are in use', () => {
  expect(bearerToken('Bearer a.b-c_d.e~f')).toBe('a.b-c_d.e~f');
  expect(bearerToken('bearer  token="a.b.c"')).toBe('a.b.c');
  for (const other of ['Basic abc', 'Bearer', 'Bearer a b', 'Bearer token="a', 'Digest username="x"', ''])
    expect(bearerToken(other)).toBeUndefined();
});

it('a revocation lasts until no token can be live, and a snapshot takes the place of all', () => {
  const list = new RevocationList();
  list.add({ family: 'a', until: 100 });
  list.add({ family: 'a', until: 50 });
  list.forget(99);
  expect(list.has({ fam: 'a' })).toBe(true);
  list.forget(101);
  expect(list.has({ fam: 'a' })).toBe(false);
  list.add({ family: 'b', until: 100 });
  list.replace([{ family: 'c', until: 100 }]);
  expect([list.has({ fam: 'b' }), list.entries()]).toEqual([false, [{ family: 'c', until: 100 }]]);
});

describe('messages of the token endpoint', () => {
  it('are read as they were written, whatever the token looks like', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.boolean(), (refreshToken, named) => {
        const request = {
          refreshToken,
          requestId: named ? 'r'.repeat(16) : undefined,
          audiences: named ? (['sip', 'uds'] as const) : [],
        };
        fc.pre(refreshToken.isWellFormed());
        expect(readTokenRequest(writeTokenRequest(request))).toEqual({ grantType: 'refresh_token', ...request });
      }),
    );
    const tokens = { accessToken: 'a', refreshToken: 'r', tokenType: 'Bearer', expiresIn: 3600 };
    expect(readTokenAnswer(writeTokenResponse({ ...tokens, audiences: ['sip'] }))).toEqual({
      kind: 'tokens',
      ...tokens,
    });
  });

  it('of no known form are refused', () => {
    for (const bad of ['', 'x', '[]', '{"access_token":"a"}'])
      expect(() => readTokenAnswer(bad)).toThrow(MalformedError);
  });
});
