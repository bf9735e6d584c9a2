import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tooBusy } from '../../src/domain/access/access-fault.ts';
import { type Answer, basic, password, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let now = Date.now();
beforeAll(async () => {
  rest = await startRest({
    now: () => now,
    limits: { windowMs: 900_000, perUserAndSource: 3, perSource: 20, perUserAndNetwork: 12, perNetwork: 60 },
  });
});
afterAll(() => rest[Symbol.asyncDispose]());

interface Session {
  readonly cookie: string;
  readonly csrf: string;
  readonly answer: Answer;
}

async function signIn(userId: string, headers: Record<string, string> = {}): Promise<Session> {
  const answer = await rest.call('POST', '/session', { as: null, body: { userId, password }, headers });
  expect(answer.status, answer.text).toBe(201);
  return { cookie: answer.headers['set-cookie']![0]!.split(';')[0]!, csrf: answer.body.csrfToken, answer };
}

const withSession = (session: Session, more: Record<string, string> = {}) => ({
  as: null,
  headers: { cookie: session.cookie, ...more },
});
const changing = (session: Session, more: Record<string, string> = {}) =>
  withSession(session, { 'x-csrf-token': session.csrf, origin: rest.origin, ...more });
const newPool = () => ({ body: { name: `Pool ${Math.random()}` } });

describe('signing in with HTTP Basic', () => {
  it('takes the right password, whatever the case of the user id', async () => {
    expect((await rest.call('GET', '/me', { headers: { authorization: basic('SUPER') } })).body.userId).toBe('super');
  });

  it('asks for credentials where there are none', async () => {
    const answer = await rest.call('GET', '/me', { as: null });
    expect(answer.body).toMatchObject({ status: 401, code: 'not_signed_in' });
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('does not make a browser open its own password dialog', async () => {
    const answer = await rest.call('GET', '/me', { as: null, headers: { 'sec-fetch-mode': 'cors' } });
    expect(answer.headers['www-authenticate']).toBeUndefined();
  });

  it('gives one answer for a wrong password, an unknown user, a user without a password and a disabled one', async () => {
    await rest.call('POST', '/users', { body: { userId: 'nopassword' } });
    await rest.call('POST', '/users', { body: { userId: 'disabled', password, enabled: false } });
    const answers = [];
    // The slow hash is paid for each of them: how long it takes does not tell them apart.
    let works = 0;
    const verify = rest.hasher.verify.bind(rest.hasher);
    rest.hasher.verify = (...given) => {
      works++;
      return verify(...given);
    };
    for (const credentials of [basic('auditor', 'wrong'), basic('nobody'), basic('nopassword'), basic('disabled')])
      answers.push(await rest.call('GET', '/me', { as: null, headers: { authorization: credentials } }));
    rest.hasher.verify = verify;
    for (const answer of answers) expect(answer.body).toEqual(answers[0]!.body);
    expect(works).toBe(4);
    expect(answers[0]!.body).toMatchObject({ status: 401, code: 'sign_in_refused' });
  });

  it.each([
    'Basic',
    'Basic !!!',
    'Basic bm9jb2xvbg==',
    'Bearer abc',
    `Basic ${Buffer.from('a\0b:c').toString('base64')}`,
  ])('refuses the header %s', async (authorization) => {
    expect((await rest.call('GET', '/me', { as: null, headers: { authorization } })).body.code).toBe('sign_in_refused');
  });

  it('checks the password once, not for each request, and again as soon as it was changed', async () => {
    await rest.call('POST', '/users', { body: { userId: 'cached', password } });
    let checks = 0;
    const verify = rest.hasher.verify.bind(rest.hasher);
    rest.hasher.verify = (...given) => {
      checks++;
      return verify(...given);
    };
    try {
      await Promise.all(Array.from({ length: 8 }, () => rest.call('GET', '/me', { as: 'cached' })));
      await rest.call('GET', '/me', { as: 'cached' });
      expect(checks).toBe(1);
      await rest.call('PATCH', '/users/cached', { body: { password: 'quite another one' } });
      expect((await rest.call('GET', '/me', { as: 'cached' })).status).toBe(401);
      expect(
        (await rest.call('GET', '/me', { headers: { authorization: basic('cached', 'quite another one') } })).status,
      ).toBe(200);
      now += 301_000;
      checks = 0;
      await rest.call('GET', '/me', { headers: { authorization: basic('cached', 'quite another one') } });
      expect(checks).toBe(1);
    } finally {
      rest.hasher.verify = verify;
    }
  });
});

describe('limits on guesses', () => {
  it('refuses further guesses for a user from one source, even the right one, until the window ends; says when', async () => {
    await rest.call('POST', '/users', { body: { userId: 'guessed', password } });
    for (let guess = 0; guess < 3; guess++)
      expect(
        (await rest.call('GET', '/me', { as: null, headers: { authorization: basic('guessed', `no ${guess}`) } }))
          .status,
      ).toBe(401);
    const refused = await rest.call('GET', '/me', { as: 'guessed' });
    expect(refused.body).toMatchObject({ status: 429, code: 'too_many_guesses' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const session = await rest.call('POST', '/session', { as: null, body: { userId: 'guessed', password } });
    expect(session.status).toBe(429);
    expect((await rest.call('GET', '/me')).status).toBe(200);
    now += 901_000;
    expect((await rest.call('GET', '/me', { as: 'guessed' })).status).toBe(200);
  });

  it('counts guesses that are made at once', async () => {
    await rest.call('POST', '/users', { body: { userId: 'raced', password } });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, guess) =>
        rest.call('GET', '/me', { as: null, headers: { authorization: basic('raced', `wrong ${guess}`) } }),
      ),
    );
    expect(answers.filter((each) => each.status === 401)).toHaveLength(3);
    expect(answers.filter((each) => each.status === 429)).toHaveLength(9);
    now += 901_000;
  });

  it('limits a source that tries many users', async () => {
    const statuses = [];
    for (let guess = 0; guess < 25; guess++)
      statuses.push(
        (await rest.call('GET', '/me', { as: null, headers: { authorization: basic(`ghost${guess}`, 'x') } })).status,
      );
    expect(statuses.filter((each) => each === 429).length).toBe(5);
    now += 901_000;
  });

  it('locks nobody out from afar, whatever other networks guess', async () => {
    await rest.call('POST', '/users', { body: { userId: 'famous', password } });
    const guess = (localAddress: string) =>
      new Promise<number>((done, failed) => {
        const { port } = rest;
        const headers = { authorization: basic('famous', `no ${localAddress}`) };
        request({
          host: '127.0.0.1',
          port,
          path: '/api/v1/me',
          localAddress,
          headers,
          rejectUnauthorized: false,
          agent: false,
        })
          .once('response', (response) => done(response.resume().statusCode!))
          .once('error', failed)
          .end();
      });
    const statuses: number[] = [];
    for (let network = 1; network <= 12; network++)
      for (let host = 1; host <= 6; host++) statuses.push(await guess(`127.9.${network}.${host}`));
    expect(statuses.every((each) => each === 401)).toBe(true);
    // And those of one network together have no more than its share.
    for (let host = 7; host <= 12; host++) expect(await guess(`127.9.1.${host}`)).toBe(401);
    expect(await guess('127.9.1.13')).toBe(429);
    expect((await rest.call('GET', '/me', { as: 'famous' })).status).toBe(200);
    now += 901_000;
  });

  it('lets in a browser in which the person signed in before, even from where the guesses come', async () => {
    await rest.call('POST', '/users', { body: { userId: 'known', password } });
    const answer = await rest.call('POST', '/session', { as: null, body: { userId: 'known', password } });
    const device = answer.headers['set-cookie']![1]!;
    expect(device).toMatch(
      /^__Host-firstring-device=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=31536000$/,
    );
    const cookie = device.split(';')[0]!;
    now += 901_000;
    const tryOut = (body: object, headers = {}) => rest.call('POST', '/session', { as: null, body, headers });
    for (let guess = 0; guess < 3; guess++) await tryOut({ userId: 'known', password: `no ${guess}` });
    expect((await tryOut({ userId: 'known', password })).status).toBe(429);
    const broken = cookie.slice(0, -1) + (cookie.endsWith('A') ? 'B' : 'A');
    expect((await tryOut({ userId: 'known', password }, { cookie: broken })).status).toBe(429);
    expect((await tryOut({ userId: 'known', password }, { cookie })).status).toBe(201);
    // Not for another user, not with one octet changed, and it is no session.
    await rest.call('POST', '/users', { body: { userId: 'unknown', password } });
    for (let guess = 0; guess < 3; guess++) await tryOut({ userId: 'unknown', password: `no ${guess}` });
    expect((await tryOut({ userId: 'unknown', password }, { cookie })).status).toBe(429);
    expect((await rest.call('GET', '/session', { as: null, headers: { cookie } })).body.code).toBe('not_signed_in');
    const asSession = cookie.replace('-device', '');
    expect((await rest.call('GET', '/session', { as: null, headers: { cookie: asSession } })).body.code).toBe(
      'session_expired',
    );
    // A stolen cookie is no licence to guess, and a new password ends it.
    for (let guess = 0; guess < 3; guess++) await tryOut({ userId: 'known', password: `stolen ${guess}` }, { cookie });
    expect((await tryOut({ userId: 'known', password: 'stolen' }, { cookie })).status).toBe(429);
    now += 901_000;
    await rest.call('PATCH', '/users/known', { body: { password: `${password} anew` } });
    for (let guess = 0; guess < 3; guess++) await tryOut({ userId: 'known', password: `no ${guess}` });
    expect((await tryOut({ userId: 'known', password: `${password} anew` }, { cookie })).status).toBe(429);
    now += 901_000;
  });

  it('limits guesses of the current password when it is changed, and leaves the session alone', async () => {
    await rest.call('POST', '/users', { body: { userId: 'changing', password } });
    const session = await signIn('changing');
    const changeWith = (currentPassword: string) =>
      rest.call('PUT', '/me/password', {
        ...changing(session),
        body: { currentPassword, newPassword: `${password} of mine` },
      });
    for (let guess = 0; guess < 3; guess++) expect((await changeWith(`no ${guess}`)).body.code).toBe('wrong_password');
    expect((await changeWith('no')).body).toMatchObject({ status: 429, code: 'too_many_guesses' });
    expect((await rest.call('GET', '/session', withSession(session))).status).toBe(200);
    now += 901_000;
  });

  it('says that it is busy without an error in the log', async () => {
    const verify = rest.hasher.verify.bind(rest.hasher);
    rest.hasher.verify = () => Promise.reject(tooBusy());
    const before = rest.errors.length;
    const answer = await rest.call('GET', '/me', { as: null, headers: { authorization: basic('famous', 'other') } });
    rest.hasher.verify = verify;
    expect(answer.body).toMatchObject({ status: 503, code: 'busy' });
    expect(rest.errors.length).toBe(before);
  });

  it('gives no source more than half of the queue', async () => {
    const verify = rest.hasher.verify.bind(rest.hasher);
    const gate = Promise.withResolvers<void>();
    rest.hasher.verify = async () => {
      await gate.promise;
      return false;
    };
    const asked = Array.from({ length: 12 }, (_, n) =>
      rest.call('GET', '/me', { as: null, headers: { authorization: basic(`crowd${n}`, 'x') } }),
    );
    let refusals = 0;
    const four = Promise.withResolvers<void>();
    for (const each of asked)
      void each.then(({ body }) => {
        if (body.code === 'busy' && ++refusals === 4) four.resolve();
      });
    await four.promise;
    gate.resolve();
    const codes = (await Promise.all(asked)).map((each) => each.body.code);
    rest.hasher.verify = verify;
    expect(codes.filter((each) => each === 'sign_in_refused')).toHaveLength(8);
    now += 901_000;
  });

  it('leaves a trace of every refused sign-in, without the password', async () => {
    const trail = await rest.call('GET', '/audit-events?action=sign-in.refused&objectName=guessed');
    expect(trail.body.total).toBe(3);
    expect(JSON.stringify(trail.body)).not.toContain('no 1');
  });
});

describe('sessions', () => {
  it('are held by a cookie no script and no other site gets at', async () => {
    const { answer } = await signIn('device-admin');
    expect(answer.headers['set-cookie']![0]).toMatch(
      /^__Host-firstring=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.body).toMatchObject({ userId: 'device-admin', roles: ['device-admin'] });
    expect(answer.body.permissions).toContain('phones.write');
  });

  it('show who is signed in, with the token for changes', async () => {
    const session = await signIn('auditor');
    const shown = await rest.call('GET', '/session', withSession(session));
    expect(shown.body).toMatchObject({ userId: 'auditor', csrfToken: session.csrf });
    expect((await rest.call('GET', '/session')).body.code).toBe('not_signed_in');
  });

  it('allow a change only with the token and the Origin of this server', async () => {
    const session = await signIn('super');
    const refused = async (headers: Record<string, string>) =>
      (await rest.call('POST', '/device-pools', { ...withSession(session, headers), ...newPool() })).body.code;
    const csrf = { 'x-csrf-token': session.csrf };
    expect(await refused({})).toBe('cross_site_refused');
    expect(await refused({ origin: rest.origin })).toBe('cross_site_refused');
    expect(await refused(csrf)).toBe('cross_site_refused');
    expect(await refused({ ...csrf, origin: 'https://evil.example' })).toBe('cross_site_refused');
    expect(await refused({ ...csrf, origin: `http://127.0.0.1:${rest.port}` })).toBe('cross_site_refused');
    expect(await refused({ ...csrf, origin: 'null' })).toBe('cross_site_refused');
    expect(await refused({ 'x-csrf-token': `${session.csrf}x`, origin: rest.origin })).toBe('cross_site_refused');
    const another = await signIn('super');
    expect(await refused({ 'x-csrf-token': another.csrf, origin: rest.origin })).toBe('cross_site_refused');
    const done = await rest.call('POST', '/device-pools', { ...changing(session), ...newPool() });
    expect(done.status).toBe(201);
  });

  it('cannot be made or used from another site with HTTP Basic either', async () => {
    const headers = { origin: 'https://evil.example' };
    expect((await rest.call('POST', '/device-pools', { ...newPool(), headers })).body.code).toBe('cross_site_refused');
    const session = await rest.call('POST', '/session', { as: null, body: { userId: 'super', password }, headers });
    expect(session.body.code).toBe('cross_site_refused');
  });

  it('takes JSON only, so that a form of another site cannot send one', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])
      expect(
        (await rest.call('POST', '/session', { as: null, raw: { text: '{"userId":"super"}', type } })).status,
      ).toBe(415);
  });

  it('get a new identity at each sign-in: the old one ends', async () => {
    const first = await signIn('auditor');
    const second = await signIn('auditor', { cookie: first.cookie });
    expect(second.cookie).not.toBe(first.cookie);
    expect((await rest.call('GET', '/session', withSession(first))).body.code).toBe('session_expired');
    expect((await rest.call('GET', '/session', withSession(second))).status).toBe(200);
  });

  it('end by signing out', async () => {
    const session = await signIn('auditor');
    const out = await rest.call('DELETE', '/session', changing(session));
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']![0]).toMatch(/^__Host-firstring=;.*Max-Age=0/);
    expect((await rest.call('GET', '/session', withSession(session))).body.code).toBe('session_expired');
  });

  const age = (column: string, minutes: number) =>
    rest.database.pool.query(`update session set ${column} = now() - interval '${minutes} minutes'`);

  it('end after 30 idle minutes, and not before', async () => {
    const session = await signIn('auditor');
    await age('last_seen_at', 29);
    expect((await rest.call('GET', '/session', withSession(session))).status).toBe(200);
    // Using it counts: it would be over by now.
    const { rows } = await rest.database.pool.query(
      `select max(last_seen_at) > now() - interval '1 minute' as noted from session`,
    );
    expect(rows[0].noted).toBe(true);
    await age('last_seen_at', 31);
    expect((await rest.call('GET', '/session', withSession(session))).body.code).toBe('session_expired');
  });

  it('end after half a day, however busy', async () => {
    const session = await signIn('auditor');
    await age('created_at', 12 * 60 + 1);
    expect((await rest.call('GET', '/session', withSession(session))).body.code).toBe('session_expired');
  });

  it('end when the user is disabled, and when the password is set by somebody else', async () => {
    await rest.call('POST', '/users', { body: { userId: 'watched', password } });
    const first = await signIn('watched');
    await rest.call('PATCH', '/users/watched', { body: { password: 'set by somebody' } });
    expect((await rest.call('GET', '/session', withSession(first))).body.code).toBe('session_expired');
    await rest.call('PATCH', '/users/watched', { body: { password } });
    const second = await signIn('watched');
    await rest.call('PATCH', '/users/watched', { body: { enabled: false } });
    expect((await rest.call('GET', '/session', withSession(second))).body.code).toBe('session_expired');
  });

  it('survive a change of the own password, and are the only ones that do', async () => {
    await rest.call('POST', '/users', { body: { userId: 'careful', password } });
    const here = await signIn('careful');
    const there = await signIn('careful');
    const change = (body: object) => rest.call('PUT', '/me/password', { ...changing(here), body });
    expect((await change({ currentPassword: 'wrong', newPassword: 'a much better one' })).body).toMatchObject({
      code: 'wrong_password',
      field: 'currentPassword',
    });
    expect((await change({ currentPassword: password, newPassword: 'short' })).body).toMatchObject({
      code: 'weak_password',
      field: 'newPassword',
    });
    expect((await change({ currentPassword: password, newPassword: 'a much better one' })).status).toBe(204);
    expect((await rest.call('GET', '/session', withSession(here))).status).toBe(200);
    expect((await rest.call('GET', '/session', withSession(there))).body.code).toBe('session_expired');
  });

  it('take effect of new roles at once', async () => {
    await rest.call('POST', '/users', { body: { userId: 'promoted', password } });
    const session = await signIn('promoted');
    expect((await rest.call('GET', '/users', withSession(session))).body.code).toBe('forbidden');
    await rest.call('PATCH', '/users/promoted', { body: { roles: ['auditor'] } });
    expect((await rest.call('GET', '/users', withSession(session))).status).toBe(200);
  });

  it('let people choose their language', async () => {
    const session = await signIn('end-user');
    const changed = await rest.call('PATCH', '/session', { ...changing(session), body: { locale: 'zh-CN' } });
    expect(changed.body).toMatchObject({ locale: 'zh-CN' });
  });
});
