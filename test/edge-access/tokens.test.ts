import { hash, randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefreshService } from '../../src/domain/oauth/refresh-service.ts';
import type { OnboardingEvent } from '../../src/domain/ports.ts';
import { TokenEndpoint } from '../../src/endpoints/oauth/token-endpoint.ts';
import { revokedIn } from '../../src/infra/crypto/issuer-signature.ts';
import { micInspector } from '../../src/infra/crypto/mic-inspector.ts';
import { systemClock } from '../../src/infra/crypto/random.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { readRevocations, sweepGrants } from '../../src/infra/database/oauth-grant-store.ts';
import { keepTokenKeys, readOauth, tokenKeyStore } from '../../src/infra/database/oauth-key-store.ts';
import { refreshStore } from '../../src/infra/database/oauth-refresh-store.ts';
import { accessTokenVerifier } from '../../src/infra/oauth/access-token-verifier.ts';
import { tokenKeys } from '../../src/infra/oauth/token-keys.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { readTokenAnswer, writeTokenRequest } from '../../src/protocol/oauth/token-messages.ts';
import { codeBench, testKeyEncryptionKey } from '../support/activation.ts';
import { type Issued, makeAuthority, makeMic } from '../support/certificates.ts';
import { nextMac, trusting } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type TestTokens, testIssuer, testTokens } from '../support/tokens.ts';

let database: TestDatabase;
let root: Issued;
let tokens: TestTokens;
let endpoint: TokenEndpoint;
const events: OnboardingEvent[] = [];
const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');

beforeAll(async () => {
  database = await testDatabase();
  root = await makeAuthority();
  tokens = await testTokens();
  const denied = {
    serials: new Set<string>(),
    keys: new Set<string>(),
    macs: new Set<string>(),
    revoked: revokedIn([]),
  };
  endpoint = new TokenEndpoint({
    refresh: new RefreshService({
      store: refreshStore(database.pool),
      tokens: tokens.tokens,
      timeline: { record: (event) => void events.push(event) },
      sha256,
      node: 'node-a',
    }),
    mic: micInspector({ trusted: [trusting(root)], denied }, systemClock),
    log: silentLog,
  });
});
afterAll(() => database?.[Symbol.asyncDispose]());

/** A phone outside with a family of its own, as its activation would have left them. */
async function phone(change: { readonly expiresIn?: string } = {}) {
  const mac = nextMac();
  const mic = await makeMic({ issuer: root, mac, product: 'CP-8845' });
  const device = await codeBench(database).addDevice({ name: `SEP${mac}` as never, mra: true });
  await sql`update device set requires_activation_code = false, first_activated_at = now() where id = ${device.id}`.execute(
    database.db,
  );
  const { token, hash: tokenHash } = tokens.tokens.newRefreshToken();
  const family = randomUUID();
  await sql`insert into oauth_family (id, device_id, device_name, mic_sha256, expires_at, access_until)
    values (${family}, ${device.id}, ${device.name}, ${sha256(mic.der)}, now() + interval '60 days', now() + interval '1 hour')`.execute(
    database.db,
  );
  await sql`insert into oauth_refresh (token_hash, family_id, expires_at)
    values (${tokenHash}, ${family}, now() + ${change.expiresIn ?? '60 days'}::interval)`.execute(database.db);
  const ask = async (refreshToken: string, options: { requestId?: string; as?: Issued } = {}) => {
    const form = writeTokenRequest({ refreshToken, requestId: options.requestId, audiences: [] });
    const { status, body } = await endpoint.token(form, { peerChain: [(options.as ?? mic).der], source: '192.0.2.1' });
    return { status, ...readTokenAnswer(body) };
  };
  return { device, family, mic, token, ask };
}
const state = async (family: string) => {
  const { rows } = await sql<{ revoke_reason: string; used: string; unused: string }>`
    select f.revoke_reason, count(*) filter (where r.used_at is not null) as used, count(*) filter (where r.used_at is null) as unused
    from oauth_family f join oauth_refresh r on r.family_id = f.id where f.id = ${family} group by f.revoke_reason`.execute(
    database.db,
  );
  return { reason: rows[0]!.revoke_reason, used: Number(rows[0]!.used), unused: Number(rows[0]!.unused) };
};
function tokensOf<T extends { kind: string }>(answer: T) {
  if (answer.kind !== 'tokens') throw new Error(JSON.stringify(answer));
  return answer as Extract<T, { kind: 'tokens' }>;
}

describe('a refresh token', () => {
  it('is good once; its successor goes on, and the access token is bound to the certificate', async () => {
    const its = await phone();
    const first = tokensOf(await its.ask(its.token));
    expect(first).toMatchObject({ status: 200, tokenType: 'Bearer', expiresIn: 3600 });
    const second = tokensOf(await its.ask(first.refreshToken));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await state(its.family)).toEqual({ reason: '', used: 2, unused: 1 });
    const verifier = accessTokenVerifier({
      trust: () => ({ issuer: testIssuer, jwks: tokens.keys.jwks }),
      revoked: () => false,
      clock: systemClock,
    });
    expect(await verifier.verify(second.accessToken, 'tftp', sha256(its.mic.der))).toMatchObject({
      ok: true,
      claims: { sub: its.device.name, did: its.device.id, fam: its.family },
    });
    expect(await verifier.verify(second.accessToken, 'tftp', randomBytes(32))).toMatchObject({
      problem: 'token_wrong_certificate',
    });
    expect(JSON.stringify((await sql`select * from oauth_refresh`.execute(database.db)).rows)).not.toContain(
      first.refreshToken,
    );
  });

  it('used again revokes its family, for whoever holds it', async () => {
    const its = await phone();
    const first = tokensOf(await its.ask(its.token));
    expect(await its.ask(its.token)).toMatchObject({ status: 400, kind: 'error', error: 'invalid_grant' });
    expect(await state(its.family)).toMatchObject({ reason: 'refresh_reused' });
    expect(await its.ask(first.refreshToken)).toMatchObject({ error: 'invalid_grant' });
    expect(events).toContainEqual(
      expect.objectContaining({ deviceId: its.device.id, step: 'token', reason: 'refresh_reused' }),
    );
    expect((await readRevocations(database.db)).map(({ family }) => family)).toContain(its.family);
    const { rows } = await sql<{
      n: string;
    }>`select count(*) as n from audit_event where object_id = ${its.family}`.execute(database.db);
    expect(rows[0]!.n).toBe('1');
  });

  it('shown by many at once, none of whom names the request: one is the first, the others end the family and what the first was given', async () => {
    const [its, neighbour] = [await phone(), await phone()];
    const answers = await Promise.all(Array.from({ length: 8 }, () => its.ask(its.token)));
    const [first, ...more] = answers.filter(({ kind }) => kind === 'tokens').map(tokensOf);
    expect(more).toEqual([]);
    for (const answer of answers)
      if (answer.kind !== 'tokens') expect(answer).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await state(its.family)).toMatchObject({ reason: 'refresh_reused', used: 1, unused: 1 });
    // Nobody knows which of them was the phone, so none of them goes on: neither with the next token nor with the access token.
    expect(await its.ask(first!.refreshToken)).toMatchObject({ status: 400, error: 'invalid_grant' });
    const revoked = (await readRevocations(database.db)).map(({ family }) => family);
    expect(revoked).toContain(its.family);
    const { rows } = await sql`select from audit_event where object_id = ${its.family}`.execute(database.db);
    expect(rows).toHaveLength(1);
    // Another phone does not notice.
    expect(revoked).not.toContain(neighbour.family);
    expect(tokensOf(await neighbour.ask(neighbour.token))).toBeDefined();
  });

  it('shown by a thief with another certificate, however often and at once with its phone: the phone goes on', async () => {
    const [its, thief] = [await phone(), await phone()];
    const [answer] = await Promise.all([
      its.ask(its.token),
      ...Array.from({ length: 7 }, () => its.ask(its.token, { as: thief.mic })),
    ]);
    expect(await state(its.family)).toEqual({ reason: '', used: 1, unused: 1 });
    expect(tokensOf(await its.ask(tokensOf(answer).refreshToken))).toBeDefined();
  });

  it('in a request that is named again because its answer got lost: another answer, and one successor', async () => {
    const its = await phone();
    const requestId = randomBytes(16).toString('hex');
    const lost = tokensOf(await its.ask(its.token, { requestId }));
    const again = tokensOf(await its.ask(its.token, { requestId }));
    expect(again.refreshToken).not.toBe(lost.refreshToken);
    expect(await state(its.family)).toEqual({ reason: '', used: 1, unused: 1 });
    // The answer that got lost is worth nothing; naming the request after its answer was used is a reuse.
    expect(await its.ask(lost.refreshToken)).toMatchObject({ error: 'invalid_grant' });
    expect(tokensOf(await its.ask(again.refreshToken))).toBeDefined();
    expect(await its.ask(its.token, { requestId })).toMatchObject({ error: 'invalid_grant' });
    expect(await state(its.family)).toMatchObject({ reason: 'refresh_reused' });
  });

  it('in one named request sent by many ways at once: every answer but the last is overtaken, the family lives', async () => {
    const its = await phone();
    const requestId = randomBytes(16).toString('hex');
    const answers = await Promise.all(Array.from({ length: 6 }, () => its.ask(its.token, { requestId })));
    expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'tokens'));
    expect(await state(its.family)).toEqual({ reason: '', used: 1, unused: 1 });
  });

  it('with another certificate is refused and not used up', async () => {
    const [its, other] = [await phone(), await phone()];
    expect(await its.ask(its.token, { as: other.mic })).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await its.ask(its.token, { as: await makeAuthority() })).toMatchObject({
      status: 401,
      error: 'invalid_client',
    });
    expect(tokensOf(await its.ask(its.token))).toBeDefined();
  });

  it.each([
    ['has expired', 'refresh_expired', { expiresIn: '-1 minute' }, undefined],
    ['belongs to a phone that waits for its code', 'token_revoked', {}, 'requires_activation_code = true'],
    ['belongs to a disabled phone', 'token_revoked', {}, 'enabled = false'],
  ] as const)('that %s is refused', async (_what, reason, change, update) => {
    const its = await phone(change);
    if (update !== undefined)
      await sql.raw(`update device set ${update} where id = '${its.device.id}'`).execute(database.db);
    expect(await its.ask(its.token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(events).toContainEqual(expect.objectContaining({ deviceId: its.device.id, reason }));
  });

  it('is nobody’s when it is made up', async () => {
    const its = await phone();
    expect(await its.ask(`frt1.${randomBytes(32).toString('base64url')}`)).toMatchObject({ error: 'invalid_grant' });
    expect(await its.ask('anything')).toMatchObject({ error: 'invalid_grant' });
  });

  it('is not taken while OAuth with Refresh Login Flow is off, and good again afterwards', async () => {
    const its = await phone();
    tokens.settings = { ...tokens.settings, refreshLoginFlow: false };
    expect(await its.ask(its.token)).toMatchObject({ status: 503, error: 'temporarily_unavailable' });
    tokens.settings = { ...tokens.settings, refreshLoginFlow: true };
    expect(tokensOf(await its.ask(its.token))).toBeDefined();
  });

  it('can be given up by its phone (RFC 7009), and by nobody else', async () => {
    const [its, other] = [await phone(), await phone()];
    const revoke = (as: Issued) => endpoint.revoke(`token=${its.token}`, { peerChain: [as.der], source: '' });
    expect((await revoke(other.mic)).status).toBe(200);
    expect((await state(its.family)).reason).toBe('');
    expect((await revoke(its.mic)).status).toBe(200);
    expect((await state(its.family)).reason).toBe('given_up');
  });
});

describe('the token endpoint', () => {
  it.each([
    ['grant_type=password&username=a', 'unsupported_grant_type'],
    ['grant_type=refresh_token', 'invalid_request'],
    ['refresh_token=x', 'invalid_request'],
    ['grant_type=refresh_token&refresh_token=a&refresh_token=b', 'invalid_request'],
    ['grant_type=refresh_token&refresh_token=%zz', 'invalid_request'],
    ['grant_type=refresh_token&refresh_token=a&request_id=short', 'invalid_request'],
    ['grant_type=refresh_token&refresh_token=a&scope=root', 'invalid_scope'],
    [`grant_type=refresh_token&refresh_token=${'a'.repeat(5000)}`, 'invalid_request'],
  ])('%s: %s', async (form, error) => {
    const its = await phone();
    const { status, body } = await endpoint.token(form, { peerChain: [its.mic.der], source: '' });
    expect([status, JSON.parse(body).error]).toEqual([400, error]);
  });

  it('wants a certificate', async () => {
    const { status, body } = await endpoint.token('grant_type=refresh_token&refresh_token=a', {
      peerChain: [],
      source: '',
    });
    expect([status, JSON.parse(body).error]).toEqual([401, 'invalid_client']);
  });

  it('holds back a phone that asks all the time', async () => {
    const its = await phone();
    const answers = [];
    for (let i = 0; i < 25; i++) answers.push(await its.ask('anything'));
    expect(answers.at(-1)).toMatchObject({ status: 429 });
  });
});

describe('one live family', () => {
  it('is held by the tables, and a revoked one never comes back', async () => {
    const its = await phone();
    const another = sql`insert into oauth_family (device_id, device_name, mic_sha256, expires_at, access_until)
      values (${its.device.id}, 'x', ${randomBytes(32)}, now(), now())`;
    await expect(another.execute(database.db)).rejects.toThrow(/one_live_oauth_family_per_device/);
    await sql`select oauth_revoke_device(${its.device.id}, 'test')`.execute(database.db);
    await another.execute(database.db);
    await expect(
      sql`update oauth_family set revoked_at = null, revoke_reason = '' where id = ${its.family}`.execute(database.db),
    ).rejects.toThrow(/revoked for good/);
  });

  it('that nobody refreshed in time is swept up', async () => {
    const its = await phone();
    await sql`update oauth_family set expires_at = now() - interval '1 second', access_until = now() - interval '1 second' where id = ${its.family}`.execute(
      database.db,
    );
    await sweepGrants(database.db);
    expect((await state(its.family)).reason).toBe('refresh_expired');
  });
});

describe('signing keys', () => {
  it('are made once whichever node is first, sealed, and follow one another with overlap', async () => {
    const box = sealer(testKeyEncryptionKey);
    const parts = { db: database.db, transactions: database.transactions, sealer: box };
    await sql`insert into cluster (das_id) values ('das-test') on conflict do nothing`.execute(database.db);
    await Promise.all([keepTokenKeys(parts), keepTokenKeys(parts), keepTokenKeys(parts)]);
    const store = tokenKeyStore(database.db, box);
    const [only, ...none] = await store.list();
    expect(none).toEqual([]);
    const next = await database.transactions.run((tx) => store.rotate(tx));
    const now = Date.now();
    const snapshot = await readOauth(database.db);
    const keys = tokenKeys(snapshot.issuer, snapshot.keys, box);
    expect(keys.jwks.keys.map(({ kid }) => kid)).toEqual([next, only!.kid]);
    expect(keys.signing(now).kid).toBe(only!.kid);
    expect(keys.signing(now + 180_000).kid).toBe(next);
    expect((await store.list()).find(({ kid }) => kid === only!.kid)!.acceptedUntil!.getTime()).toBeGreaterThan(
      now + 1440 * 60_000,
    );
    const { rows } = await sql<{ private_sealed: Buffer }>`select private_sealed from oauth_key`.execute(database.db);
    for (const { private_sealed } of rows)
      expect(private_sealed.includes(Buffer.from('0201010420', 'hex'))).toBe(false);
    await sql`update oauth_key set accepted_until = now() - interval '1 second' where kid = ${only!.kid}`.execute(
      database.db,
    );
    await keepTokenKeys(parts);
    expect((await store.list()).map(({ kid }) => kid)).toEqual([next]);
  });
});
