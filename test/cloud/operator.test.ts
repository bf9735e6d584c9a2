import { readFile, stat } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSource, type OpenApi } from '../../scripts/client/client-source.ts';
import { openApiDocuments } from '../../scripts/client/documents.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { makeAuthority, makeMic } from '../support/certificates.ts';
import { type CloudBench, cloudBench } from './cloud-bench.ts';

let bench: CloudBench;
let password: string;
const agent = new Agent({ keepAlive: true });
beforeAll(async () => {
  bench = await cloudBench();
  password = (await readFile(bench.cloud.passwordFile, 'utf8')).trim();
});
afterAll(async () => {
  agent.destroy();
  await bench[Symbol.asyncDispose]();
});

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly cookie: string | undefined;
}

/** As a browser does: cookie, Origin, CSRF token. */
function browse(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string>; auth?: string } = {},
): Promise<Reply> {
  const text = options.body === undefined ? undefined : JSON.stringify(options.body);
  return new Promise((done, failed) => {
    const call = request(`${bench.cloud.endpoints.cloudConsole}/api/v1${path}`, {
      method,
      ca: derToPem(bench.cloud.authority),
      agent,
      ...(options.auth === undefined ? {} : { auth: options.auth }),
      headers: {
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...options.headers,
      },
    });
    call.once('error', failed);
    call.once('response', (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      response.once('end', () =>
        done({
          status: response.statusCode ?? 0,
          body: answer === '' ? undefined : JSON.parse(answer),
          cookie: response.headers['set-cookie']?.[0],
        }),
      );
    });
    call.end(text);
  });
}
const origin = () => bench.cloud.endpoints.cloudConsole;
const rest = (method: string, path: string, body?: unknown) =>
  browse(method, path, { auth: `operator:${password}`, ...(body === undefined ? {} : { body }) });

describe('the operator', () => {
  it('makes one voucher however often the request is sent with one Idempotency-Key; it stands nowhere in the clear', async () => {
    const auth = `operator:${password}`;
    const ask = () => browse('POST', '/vouchers', { auth, body: {}, headers: { 'idempotency-key': 'voucher-once' } });
    const first = await ask();
    expect(first.status).toBe(201);
    expect(await ask()).toMatchObject({ status: 201, body: first.body });
    expect(
      await browse('POST', '/vouchers', { auth, body: { note: 'x' }, headers: { 'idempotency-key': 'voucher-once' } }),
    ).toMatchObject({
      status: 422,
    });
    const { rows } = await sql<{
      row: string;
    }>`select row_to_json(kept_request)::text as row from kept_request`.execute(bench.database.db);
    expect(rows).toHaveLength(1);
    expect(rows[0]!.row).not.toContain(first.body.voucher);
  });

  it('gets a random first password in a file that only the account may read', async () => {
    expect(password).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect((await stat(bench.cloud.passwordFile)).mode & 0o777).toBe(0o600);
    expect((await stat(`${bench.directory}/kek`)).mode & 0o777).toBe(0o600);
  });

  it('signs in to a session that is bound to this console by cookie, Origin and token', async () => {
    const signedIn = await browse('POST', '/session', {
      body: { userId: 'operator', password },
      headers: { origin: origin() },
    });
    expect(signedIn.status).toBe(201);
    expect(signedIn.cookie).toMatch(/^__Host-firstring-cloud=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const cookie = signedIn.cookie!.split(';')[0]!;
    const { csrfToken } = signedIn.body as { csrfToken: string };
    expect((await browse('GET', '/clusters', { headers: { cookie } })).status).toBe(200);
    const make = (headers: Record<string, string>) =>
      browse('POST', '/vouchers', { body: {}, headers: { cookie, ...headers } });
    expect((await make({ origin: origin() })).body.code).toBe('cross_site_refused');
    expect((await make({ 'x-csrf-token': csrfToken })).body.code).toBe('cross_site_refused');
    expect((await make({ origin: 'https://evil.example', 'x-csrf-token': csrfToken })).body.code).toBe(
      'cross_site_refused',
    );
    expect((await make({ origin: origin(), 'x-csrf-token': csrfToken })).status).toBe(201);
    expect(
      (await browse('DELETE', '/session', { headers: { cookie, origin: origin(), 'x-csrf-token': csrfToken } })).status,
    ).toBe(204);
    expect((await browse('GET', '/clusters', { headers: { cookie } })).body.code).toBe('session_expired');
  });

  it('finds the routes that the typed client is made from', async () => {
    const document = (await browse('GET', '/openapi.json')).body as OpenApi;
    expect(clientSource('Cloud', document)).toBe(clientSource('Cloud', openApiDocuments().Cloud));
  });

  it('is asked for on every route but signing in and what describes the routes', async () => {
    const document = (await browse('GET', '/openapi.json')).body as { paths: Record<string, Record<string, unknown>> };
    const open: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const filled = path.replace('/api/v1', '').replace(/\{[^}]+\}/g, '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55');
        const { status } = await browse(method.toUpperCase(), filled, { headers: { origin: origin() } });
        if (status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.filter((each) => !each.includes('/problems')).sort()).toEqual(['post /api/v1/session']);
  });

  it('is refused after ten wrong passwords', async () => {
    const guess = () => browse('POST', '/session', { body: { userId: 'nobody', password: 'wrong' } });
    for (let turn = 0; turn < 10; turn++) expect((await guess()).status).toBe(401);
    expect((await guess()).status).toBe(429);
  });

  it('changes the own password with the current one, and other sessions end', async () => {
    const other = await browse('POST', '/session', { body: { userId: 'operator', password } });
    const change = (currentPassword: string, newPassword: string) =>
      rest('PUT', '/me/password', { currentPassword, newPassword });
    expect((await change('not this one', 'a much longer passphrase')).body.code).toBe('wrong_password');
    expect((await change(password, 'short')).body.code).toBe('weak_password');
    expect((await change(password, 'aaaaaaaaaaaaaaaaaaaa')).body.code).toBe('weak_password');
    for (const weak of ['Summer2026!!', 'operator-operator', password])
      expect((await change(password, weak)).body.code).toBe('weak_password');
    expect((await change(password, 'a much longer passphrase')).status).toBe(204);
    password = 'a much longer passphrase';
    expect((await browse('GET', '/me', { headers: { cookie: other.cookie!.split(';')[0]! } })).status).toBe(401);
    expect((await rest('GET', '/me')).body).toEqual({ userId: 'operator' });
    const codes: string[] = [];
    for (let guess = 0; guess < 11; guess++)
      codes.push((await change(`no ${guess}`, 'another long passphrase')).body.code);
    expect(codes.filter((code) => code === 'too_many_guesses').length).toBeGreaterThanOrEqual(1);
    expect(codes.slice(0, 9).every((code) => code === 'wrong_password')).toBe(true);
    expect((await rest('GET', '/me')).status).toBe(200);
  });
});

describe('what the operator sees and does', () => {
  it('clusters: lists by page and search, changes against a version, suspends, removes', async () => {
    const clusters = await Promise.all(['Aachen', 'Bonn', 'Celle'].map((name) => bench.enrol(name)));
    const first = (await rest('GET', '/clusters?limit=2')).body;
    expect(first.items.map(({ name }: { name: string }) => name)).toEqual(['Aachen', 'Bonn']);
    const second = (await rest('GET', `/clusters?limit=2&cursor=${first.nextCursor}`)).body;
    expect([second.items.map(({ name }: { name: string }) => name), second.nextCursor]).toEqual([['Celle'], null]);
    expect((await rest('GET', '/clusters?search=bon')).body.total).toBe(1);
    const { id } = clusters[1]!;
    const shown = (await rest('GET', `/clusters/${id}`)).body;
    expect(shown).toMatchObject({ name: 'Bonn', state: 'active', quota: 100_000, allocated: 0 });
    expect(shown.certificates).toHaveLength(1);
    const changed = await rest('PATCH', `/clusters/${id}`, { name: 'Bonn am Rhein', quota: 7 });
    expect(changed.body).toMatchObject({ name: 'Bonn am Rhein', quota: 7, version: shown.version + 1 });
    const stale = await browse('PATCH', `/clusters/${id}`, {
      body: { quota: 8 },
      auth: `operator:${password}`,
      headers: { 'if-match': `"${shown.version}"` },
    });
    expect([stale.status, stale.body.code]).toEqual([412, 'version_conflict']);
    expect((await rest('DELETE', `/clusters/${id}`)).status).toBe(204);
    expect((await rest('GET', `/clusters/${id}`)).body.code).toBe('unknown_cluster');
    expect((await rest('GET', '/clusters')).body.total).toBe(2);
  });

  it('vouchers: shown once, listed without their worth, revoked', async () => {
    const made = (await rest('POST', '/vouchers', { note: 'for Dresden' })).body;
    expect(made.voucher).toMatch(/^fsv1\.[\w-]{43}\.[\w-]{43}$/);
    const listed = (await rest('GET', '/vouchers')).body;
    const [row] = listed.items.filter(({ id }: { id: string }) => id === made.id);
    expect(row).toMatchObject({ note: 'for Dresden', state: 'open', createdBy: 'operator', redeemedAt: null });
    expect(JSON.stringify(listed)).not.toContain(made.voucher.split('.')[1]);
    expect((await rest('DELETE', `/vouchers/${made.id}`)).status).toBe(204);
    expect((await rest('DELETE', `/vouchers/${made.id}`)).status).toBe(204);
    expect((await rest('GET', '/vouchers')).body.items.find(({ id }: { id: string }) => id === made.id).state).toBe(
      'revoked',
    );
  });

  it('manufacturer roots: only certificates of authorities, once, with their end', async () => {
    const root = await makeAuthority({ algorithm: 'rsa2048', name: 'Another Manufacturer' });
    const added = await rest('POST', '/manufacturer-roots', { certificate: root.pem, description: 'other phones' });
    expect([added.status, added.body.selfSigned, added.body.expired]).toEqual([201, true, false]);
    expect((await rest('POST', '/manufacturer-roots', { certificate: root.pem })).body.code).toBe(
      'manufacturer_root_already_there',
    );
    const mic = await makeMic({ issuer: root });
    expect((await rest('POST', '/manufacturer-roots', { certificate: mic.pem })).body.code).toBe(
      'certificate_not_a_ca',
    );
    expect((await rest('POST', '/manufacturer-roots', { certificate: 'nonsense' })).body.code).toBe(
      'certificate_unreadable',
    );
    const until = '2027-01-01T00:00:00.000Z';
    const changed = await rest('PATCH', `/manufacturer-roots/${added.body.sha256}`, {
      legacySha1: true,
      expiredMicsUntil: until,
    });
    expect(changed.body).toMatchObject({ description: 'other phones', legacySha1: true, expiredMicsUntil: until });
    const back = await rest('PATCH', `/manufacturer-roots/${added.body.sha256}`, { expiredMicsUntil: null });
    expect(back.body).toMatchObject({ legacySha1: true, expiredMicsUntil: null });
  });

  it('limits: refuses what contradicts itself, field by field', async () => {
    const refused = await rest('PATCH', '/limits', { resolvesPerHour: 100, resolvesPerDay: 50 });
    expect([refused.status, refused.body.code, refused.body.field]).toEqual([
      422,
      'limits_not_accepted',
      'resolvesPerHour',
    ]);
    expect((await rest('PATCH', '/limits', { firstLocator: '5', lastLocator: '0000009' })).status).toBe(400);
    expect((await rest('PATCH', '/limits', { firstLocator: '0000010', lastLocator: '0000009' })).body.field).toBe(
      'firstLocator',
    );
    expect((await rest('GET', '/limits')).body).toMatchObject({
      resolvesPerHour: 20,
      resolvesPerDay: 60,
      quarantineDays: 30,
      version: 1,
    });
  });

  it('the whole: keys, clusters, locators, answers', async () => {
    const { body } = await rest('GET', '/cloud');
    expect(body).toMatchObject({ issuer: bench.cloud.issuer, selfService: false, cloudKey: bench.cloud.cloudKey });
    expect(body.authority.pem).toBe(derToPem(bench.cloud.authority));
    const { live, quarantined, free, space } = body.locators;
    expect(live + quarantined + free).toBe(space);
  });

  it('the audit log: every change with who and from where, and no row ever changes', async () => {
    const seen = (await rest('GET', '/audit-events?limit=500')).body.items as {
      action: string;
      actor: string;
      sourceAddress: string;
    }[];
    const actions = new Set(seen.map(({ action }) => action));
    for (const action of [
      'operator.created',
      'manufacturer-root.added',
      'manufacturer-root.changed',
      'voucher.created',
      'voucher.revoked',
      'cluster.enrolled',
      'cluster.changed',
      'cluster.removed',
      'session.opened',
      'session.closed',
      'sign-in.refused',
      'operator.password-changed',
    ])
      expect(actions, action).toContain(action);
    expect(seen.find(({ action }) => action === 'cluster.removed')).toMatchObject({
      actor: 'operator',
      sourceAddress: '127.0.0.1',
    });
    await expect(sql`update audit_event set actor = 'nobody'`.execute(bench.database.db)).rejects.toThrow('final');
    await expect(sql`delete from audit_event`.execute(bench.database.db)).rejects.toThrow('final');
    await expect(sql`truncate audit_event`.execute(bench.database.db)).rejects.toThrow('final');
  });
});
