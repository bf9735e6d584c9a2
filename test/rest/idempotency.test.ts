import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { idempotencyStore } from '../../src/infra/database/idempotency-store.ts';
import { type DatabaseProxy, databaseProxy } from '../support/database-proxy.ts';
import { password, type RequestOptions, startRest, type TestRest } from './support/rest.ts';

let proxy: DatabaseProxy;
let rest: TestRest;

beforeAll(async () => {
  proxy = await databaseProxy();
  rest = await startRest({ through: proxy.through });
});
beforeEach(() => {
  Object.assign(proxy, { dark: false, darkAfterLoss: false, loseCommits: 0, swallowCommits: 0 });
});
afterAll(async () => {
  await rest[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

const withKey = (key: string, body: unknown, more: RequestOptions = {}): RequestOptions => ({
  body,
  ...more,
  headers: { 'idempotency-key': key, ...more.headers },
});
const newPhone = (description: string) => ({ model: 'Cisco 8845', description, requiresActivationCode: true });
const phonesOf = async (description: string) => {
  const { rows } = await sql<{ name: string }>`select name from device where description = ${description}`.execute(
    rest.database.db,
  );
  return rows;
};
const kept = async (key: string) =>
  (
    await sql<{ id: string; answer_sealed: Buffer | null; last_change: number; holder: string }>`
      select * from kept_request where key = ${key}`.execute(rest.database.db)
  ).rows[0];
/** Until the first request with the key is done, whoever repeats it is told to come back. */
const repeatUntilAnswered = async (path: string, options: RequestOptions) => {
  const answer = await rest.call('POST', path, options);
  expect([201, 409, 503]).toContain(answer.status);
  if (answer.status !== 201) expect(['request_in_progress', 'database_unavailable']).toContain(answer.body.code);
  return answer;
};

describe('a request that is sent again with its Idempotency-Key', () => {
  it('is carried out once; every other time the first answer comes back, and says so', async () => {
    const key = randomUUID();
    const first = await rest.call('POST', '/phones', withKey(key, newPhone(key)));
    expect(first.status).toBe(201);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    for (const spelling of [key, `"${key}"`]) {
      const again = await rest.call('POST', '/phones', withKey(spelling, newPhone(key)));
      expect(again).toMatchObject({ status: 201, body: first.body });
      expect(again.headers).toMatchObject({
        'idempotent-replayed': 'true',
        location: first.headers.location,
        etag: first.headers.etag,
      });
    }
    expect(await phonesOf(key)).toHaveLength(1);
    const { rows } =
      await sql`select from audit_event where action = 'request.repeated' and object_id = ${key}`.execute(
        rest.database.db,
      );
    expect(rows).toHaveLength(2);
  });

  it('eight at once make one phone: one is carried out, the others wait for it or are told that it runs', async () => {
    for (let round = 0; round < 4; round++) {
      const key = randomUUID();
      const options = withKey(key, newPhone(key));
      const answers = await Promise.all(Array.from({ length: 8 }, () => rest.call('POST', '/phones', options)));
      const made = answers.filter(({ status }) => status === 201);
      expect(made.length).toBeGreaterThan(0);
      for (const answer of answers)
        if (answer.status !== 201) {
          expect(answer).toMatchObject({ status: 409, body: { code: 'request_in_progress' } });
          expect(answer.headers['retry-after']).toBe('1');
        }
      expect(new Set(made.map(({ body }) => body.name)).size).toBe(1);
      expect(await phonesOf(key)).toHaveLength(1);
    }
  });

  it('with another body, or at another address, is refused', async () => {
    const key = randomUUID();
    await rest.call('POST', '/phones', withKey(key, newPhone(key)));
    for (const [path, body] of [
      ['/phones', newPhone('another')],
      ['/device-pools', { name: 'another' }],
    ] as const) {
      const answer = await rest.call('POST', path, withKey(key, body));
      expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    }
    expect(await phonesOf('another')).toHaveLength(0);
  });

  it('by another user is another request', async () => {
    const key = randomUUID();
    const [mine, theirs] = await Promise.all(
      ['super', 'device-admin'].map((as) => rest.call('POST', '/phones', withKey(key, newPhone(key), { as }))),
    );
    expect([mine!.status, theirs!.status]).toEqual([201, 201]);
    expect(await phonesOf(key)).toHaveLength(2);
  });

  it('is carried out when it was refused before and changed nothing', async () => {
    const key = randomUUID();
    const body = { ...newPhone(key), devicePool: `pool ${key}` };
    expect((await rest.call('POST', '/phones', withKey(key, body))).status).toBe(422);
    expect((await rest.call('POST', '/device-pools', { body: { name: `pool ${key}` } })).status).toBe(201);
    expect((await rest.call('POST', '/phones', withKey(key, body))).status).toBe(201);
  });

  it('an answer with a code comes back whole, and stands nowhere in the clear', async () => {
    const phone = await rest.call('POST', '/phones', { body: { model: 'Cisco 8845', description: 'with a code' } });
    const path = `/phones/${phone.body.name}/activation-code`;
    const key = randomUUID();
    const first = await rest.call('POST', path, withKey(key, undefined));
    expect(first.body.code).toMatch(/^\d{16}$/);
    const again = await rest.call('POST', path, withKey(key, undefined));
    expect(again).toMatchObject({ status: 201, body: { code: first.body.code } });
    const row = (await kept(key))!;
    expect(row.answer_sealed!.includes(first.body.code)).toBe(false);
  });

  it('an upload is carried out once, and another file under its key is refused', async () => {
    const key = randomUUID();
    const upload = (text: string) =>
      rest.call('POST', `/bulk/files?name=${key}.csv&transaction=insert-phones-specific-details`, {
        raw: { text, type: 'text/csv' },
        headers: { 'idempotency-key': key },
      });
    const text = 'MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n0200BB000001,first,7701\n';
    const first = await upload(text);
    expect(first.status).toBe(201);
    expect(await upload(text)).toMatchObject({
      status: 201,
      body: first.body,
      headers: { 'idempotent-replayed': 'true' },
    });
    expect(await upload(text.replace('first', 'other'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it.each(['a b', '""', 'x'.repeat(256), '\u00e4', 'a,b'])('a key like %j is refused', async (key) => {
    const answer = await rest.call('POST', '/phones', withKey(key, newPhone('bad key')));
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_idempotency_key' } });
    expect(await phonesOf('bad key')).toHaveLength(0);
  });
});

describe('after a lost commit', () => {
  it('the same key gives the first result, whether it was made or not', async () => {
    for (const trouble of ['loseCommits', 'swallowCommits'] as const) {
      const key = randomUUID();
      proxy[trouble] = 1;
      const first = await rest.call('POST', '/phones', withKey(key, newPhone(key)));
      expect(first.status).toBe(trouble === 'loseCommits' ? 201 : 503);
      const again = await rest.call('POST', '/phones', withKey(key, newPhone(key)));
      expect(again.status).toBe(201);
      if (first.status === 201) expect(again.body).toEqual(first.body);
      expect(await phonesOf(key)).toHaveLength(1);
    }
  });

  it('while the database was away for longer than a request waits, the answer comes once it is back', async () => {
    const key = randomUUID();
    const options = withKey(key, newPhone(key));
    proxy.loseCommits = 1;
    proxy.darkAfterLoss = true;
    const first = await rest.call('POST', '/phones', options);
    expect(first).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
    expect(first.body.remedy).toMatch(/same Idempotency-Key/);
    proxy.dark = false;
    await expect
      .poll(async () => (await repeatUntilAnswered('/phones', options)).status, { timeout: 20_000 })
      .toBe(201);
    const answer = await rest.call('POST', '/phones', options);
    expect(await phonesOf(key)).toEqual([{ name: answer.body.name }]);
  });
});

it('who may do less by now does not see the answer again', async () => {
  const key = randomUUID();
  await rest.call('POST', '/users', {
    body: { userId: 'demoted', firstName: 'De', lastName: 'Moted', mail: '', roles: ['super'], password },
  });
  const options = withKey(key, newPhone(key), { as: 'demoted' });
  expect((await rest.call('POST', '/phones', options)).status).toBe(201);
  const changed = await rest.call('PATCH', '/users/demoted', { body: { roles: ['device-admin'] } });
  expect(changed.status).toBe(200);
  expect(await rest.call('POST', '/phones', options)).toMatchObject({ status: 409, body: { code: 'answer_not_kept' } });
  expect(await phonesOf(key)).toHaveLength(1);
});

describe('a process that died in between', () => {
  const dead = async (key: string, change: 'nothing' | 'something') => {
    const options = withKey(key, newPhone(key));
    await rest.call('POST', '/phones', options);
    // As if it had been killed before it could keep the answer, or before it changed anything.
    await sql`update kept_request set answer_sealed = null, lease_until = now() - interval '1 second', holder = gen_random_uuid(),
              last_change = ${change === 'nothing' ? 0 : 1} where key = ${key}`.execute(rest.database.db);
    return options;
  };

  it('after it changed something: it is not done again, and what it made is named', async () => {
    const key = randomUUID();
    const answer = await rest.call('POST', '/phones', await dead(key, 'something'));
    expect(answer).toMatchObject({ status: 409, body: { code: 'answer_not_kept' } });
    const [phone] = await phonesOf(key);
    expect(answer.body.made).toContainEqual(
      expect.objectContaining({ action: 'phone.created', kind: 'phone', name: phone!.name }),
    );
    expect(await phonesOf(key)).toHaveLength(1);
  });

  it('before it changed anything: it is carried out', async () => {
    const key = randomUUID();
    expect((await rest.call('POST', '/phones', await dead(key, 'nothing'))).status).toBe(201);
  });

  it('and comes back to life cannot commit what another carries out now', async () => {
    const { db } = rest.database;
    const [slow, quick] = [idempotencyStore(db, randomUUID()), idempotencyStore(db, randomUUID())];
    const key = randomUUID();
    const claim = { caller: 'anna', key, route: 'POST /phones', fingerprint: Buffer.alloc(32) };
    const first = await slow.claim(claim);
    expect(first.kind).toBe('taken');
    expect((await quick.claim(claim)).kind).toBe('in-progress');
    await sql`update kept_request set lease_until = now() - interval '1 second' where key = ${key}`.execute(db);
    const second = await quick.claim(claim);
    expect(second.kind).toBe('taken');
    if (first.kind !== 'taken') return;
    const note = (store: typeof slow) => rest.database.transactions.run((tx) => store.noteChange(tx, first.id, 1));
    expect(await note(slow)).toBe(false);
    expect(await note(quick)).toBe(true);
  });

  it('keys are forgotten after a day, and mean nothing afterwards', async () => {
    const key = randomUUID();
    await rest.call('POST', '/phones', withKey(key, newPhone(key)));
    await sql`update kept_request set created_at = now() - interval '25 hours', lease_until = now() - interval '1 hour' where key = ${key}`.execute(
      rest.database.db,
    );
    expect((await rest.call('POST', '/phones', withKey(key, newPhone('the day after')))).status).toBe(201);
    await sql`update kept_request set created_at = now() - interval '25 hours', lease_until = now() - interval '1 hour' where key = ${key}`.execute(
      rest.database.db,
    );
    expect(await idempotencyStore(rest.database.db, randomUUID()).sweep()).toBe(1);
    expect(await kept(key)).toBeUndefined();
  });
});

it('every POST of who signed in documents the key', async () => {
  const { body } = await rest.call('GET', '/openapi.json');
  const missing = Object.entries(
    body.paths as Record<string, Record<string, { parameters?: { name: string }[]; security?: unknown[] }>>,
  )
    .filter(([, { post }]) => post !== undefined && post.security === undefined)
    .filter(([, { post }]) => !post!.parameters?.some(({ name }) => name === 'Idempotency-Key'))
    .map(([path]) => path);
  expect(missing).toEqual([]);
});
