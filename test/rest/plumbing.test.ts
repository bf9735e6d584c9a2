import { text as readAll } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

describe('a request that cannot be understood', () => {
  it.each([
    ['not JSON', '{"name": ', 'application/json', 400, 'malformed_json'],
    ['nothing', '', 'application/json', 400, 'missing_body'],
    ['prototype pollution', '{"__proto__": {"x": 1}}', 'application/json', 400, 'unknown_field'],
    ['a list', '[]', 'application/json', 400, 'wrong_type'],
    ['a number', '7', 'application/json', 400, 'wrong_type'],
    ['null', 'null', 'application/json', 400, 'wrong_type'],
    ['XML', '<name/>', 'application/xml', 415, 'unsupported_media_type'],
    ['a form', 'name=x', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['plain text', '{"name":"x"}', 'text/plain', 415, 'unsupported_media_type'],
    ['octets', '\u0001', 'application/octet-stream', 415, 'unsupported_media_type'],
    ['a mebibyte and more', `{"name":"${'x'.repeat(1024 * 1024)}"}`, 'application/json', 413, 'body_too_large'],
    ['a NUL in a text', '{"name":"a\\u0000b"}', 'application/json', 400, 'invalid_text'],
    ['half a surrogate pair', '{"name":"a\\ud800"}', 'application/json', 400, 'invalid_text'],
    ['deep nesting', `{"name":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'application/json', 400, 'malformed_json'],
  ])('%s is refused', async (_, text, type, status, code) => {
    const answer = await rest.call('POST', '/device-pools', { raw: { text, type } });
    expect(answer.body).toMatchObject({ status, code });
  });

  it('without a body is told so', async () => {
    expect((await rest.call('POST', '/device-pools')).body).toMatchObject({ status: 400, code: 'missing_body' });
    const named = await rest.call('POST', '/device-pools', { raw: { text: '', type: 'application/json' } });
    expect(named.body).toMatchObject({ status: 400, code: 'missing_body' });
  });

  it('that needs no body may name its type all the same', async () => {
    await rest.call('POST', '/route-partitions', { body: { name: 'Short-lived' } });
    const gone = await rest.call('DELETE', '/route-partitions/Short-lived', {
      raw: { text: '', type: 'application/json' },
    });
    expect(gone.status).toBe(204);
  });

  it('to nowhere gets 404, with another method 405 and what is allowed', async () => {
    expect((await rest.call('GET', '/nowhere')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await send(rest.port, 'GET', '/elsewhere')).body).toMatchObject({ status: 404, code: 'not_found' });
    const wrong = await rest.call('PUT', '/device-pools/Default', { body: {} });
    expect(wrong.body).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(wrong.headers['allow']).toBe('GET, PATCH, DELETE');
    expect((await rest.call('DELETE', '/device-pools')).headers['allow']).toBe('GET, POST');
    for (const method of ['OPTIONS', 'HEAD'])
      expect((await send(rest.port, method, '/api/v1/device-pools')).status).toBe(405);
  });

  it('with bad percent-encoding or a name too long is refused', async () => {
    expect((await rest.call('GET', '/device-pools/%zz')).body).toMatchObject({
      status: 400,
      code: 'malformed_request',
    });
    expect((await rest.call('GET', '/device-pools/%00')).body).toMatchObject({
      status: 400,
      code: 'invalid_text',
      field: 'name',
    });
    const long = await rest.call('GET', `/device-pools/${'x'.repeat(600)}`);
    expect(long.body).toMatchObject({ status: 414, code: 'uri_too_long' });
  });

  it('with query parameters nobody knows is refused, naming them', async () => {
    expect((await rest.call('GET', '/device-pools?serach=x')).body).toMatchObject({
      code: 'unknown_field',
      field: 'serach',
    });
    expect((await rest.call('GET', '/nodes?x=1')).body).toMatchObject({ code: 'unknown_field', field: 'x' });
    expect((await rest.call('GET', '/device-pools?limit=0')).body).toMatchObject({
      code: 'invalid_value',
      field: 'limit',
    });
    expect((await rest.call('GET', '/device-pools?limit=many')).body).toMatchObject({
      code: 'wrong_type',
      field: 'limit',
    });
    expect((await rest.call('GET', '/device-pools?sort=colour')).body).toMatchObject({
      code: 'invalid_value',
      field: 'sort',
    });
  });

  it.each(['7', 'seven', '"1", "2"', '"-1"'])('with If-Match: %s is refused', async (ifMatch) => {
    const answer = await rest.call('PATCH', '/device-pools/Default', {
      body: { userLocale: 'X' },
      headers: { 'if-match': ifMatch },
    });
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_if_match', field: 'If-Match' });
  });

  it.each([
    '\u0016\u0003\u0001junk\r\n\r\n',
    'GET / SPDY/9\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
  ])('that is not HTTP is answered once and ended', async (junk) => {
    const socket = connect({ host: '127.0.0.1', port: rest.port, rejectUnauthorized: false });
    socket.write(junk);
    const answer = await readAll(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*application\/problem\+json[\s\S]*"code":"malformed_request"/);
  });
});

describe('every answer', () => {
  it('carries the headers that keep browsers safe, good or bad', async () => {
    for (const answer of [
      await rest.call('GET', '/me'),
      await rest.call('GET', '/nowhere'),
      await rest.call('GET', '/me', { as: null }),
    ]) {
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).not.toContain('unsafe-inline');
    }
  });

  it('to a failure leads to its explanation', async () => {
    const failure = await rest.call('GET', '/device-pools/nope');
    expect(failure.body).toMatchObject({ type: '/api/v1/problems/not_found', field: 'name' });
    expect(failure.body.remedy).toBeTruthy();
    const page = await send(rest.port, 'GET', failure.body.type, { as: null });
    expect(page.body).toMatchObject({ code: 'not_found', status: 404 });
    const all = await rest.call('GET', '/problems', { as: null });
    expect(all.body.items.length).toBeGreaterThan(30);
  });

  it('tells the version and the node', async () => {
    expect((await rest.call('GET', '/version', { as: 'end-user' })).body).toEqual({
      product: 'Firstring',
      version: '0.0.0-test',
      node: 'node-a',
      lab: false,
    });
  });
});

describe('without its database', () => {
  it('refuses clearly, says nothing of the inside, and goes on by itself afterwards', async () => {
    await using own = await startRest();
    expect((await own.call('GET', '/device-pools')).status).toBe(200);
    const { rows } = await own.database.pool.query('select current_database() as name');
    const admin = own.database.ownerUrl.replace(`/${rows[0].name}`, '/firstring');
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    try {
      await client.query(`alter database ${rows[0].name} allow_connections false`);
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [rows[0].name]);
      const lost = await own.call('GET', '/device-pools');
      expect(lost.body).toMatchObject({ status: 503, code: 'database_unavailable' });
      expect(lost.headers['retry-after']).toBe('2');
      expect(lost.text).not.toMatch(/pg_|postgres|allow_connections|\.ts/);
      expect((await own.call('POST', '/device-pools', { body: { name: 'Lost' } })).body.code).toBe(
        'database_unavailable',
      );
      await client.query(`alter database ${rows[0].name} allow_connections true`);
    } finally {
      await client.end();
    }
    expect((await own.call('GET', '/device-pools/Lost')).status).toBe(404);
  });
});
