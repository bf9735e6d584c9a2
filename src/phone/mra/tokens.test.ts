import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Tokens } from './model.ts';
import { tokenProblem, tokensOf } from './tokens.ts';

const certificate = Uint8Array.of(1, 2, 3);
const phone = { deviceName: 'SEP001122334455', certificate, now: 1_000_000 };
const id = '5f0e4a0e-0000-4000-8000-000000000001';
const good = {
  iss: 'https://ucm',
  sub: phone.deviceName,
  aud: ['uds', 'tftp', 'sip'],
  iat: 900,
  exp: 2000,
  jti: 'a',
  fam: id,
  did: id,
  client_id: 'firstring-phone',
  cnf: { 'x5t#S256': createHash('sha256').update(certificate).digest('base64url') },
};
const tokenOf = (claims: object): Tokens => ({
  accessToken: `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`,
  refreshToken: 'r',
  requestId: 'q',
  expiresAt: 0,
  refreshAt: 0,
});

describe('the look at a token', () => {
  it('is content with one for this phone and its certificate', () => {
    expect(tokenProblem(tokenOf(good), phone)).toBeUndefined();
  });

  it.each([
    ['another phone', { sub: 'SEP000000000001' }, 'It is for SEP000000000001.'],
    ['another certificate', { cnf: { 'x5t#S256': 'AAAA' } }, 'bound to another certificate'],
    ['no registrar', { aud: ['tftp'] }, 'registrar'],
    ['yesterday', { exp: 950 }, 'ended'],
    ['nobody', { sub: undefined }, 'cannot be read'],
  ])('finds one that is for %s', (_, change, problem) => {
    expect(tokenProblem(tokenOf({ ...good, ...change }), phone)).toContain(problem);
  });

  it.each(['', 'a.b', 'a.!!.c', `a.${Buffer.from('[]').toString('base64url')}.c`])(
    'finds %j to be none',
    (accessToken) => {
      expect(tokenProblem({ ...tokenOf(good), accessToken }, phone)).toContain('cannot be read');
    },
  );
});

describe('tokens as they are kept', () => {
  const reply = { accessToken: 'a', refreshToken: 'r', expiresIn: 3600 };

  it('are renewed before they end, not all phones at once', () => {
    const [early, late] = [tokensOf(reply, 0, 0), tokensOf(reply, 0, 1)];
    expect(early).toMatchObject({ expiresAt: 3_600_000, refreshAt: 2_700_000 });
    expect(late.refreshAt).toBe(3_060_000);
  });

  it('have a request of their own for the next renewal', () => {
    const ids = [1, 2, 3].map(() => tokensOf(reply, 0).requestId);
    expect(new Set(ids).size).toBe(3);
    for (const each of ids) expect(each).toMatch(/^[A-Za-z0-9_-]{16,64}$/);
  });
});
