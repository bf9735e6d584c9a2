import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, password, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

const add = (body: object, as = 'super') => rest.call('POST', '/users', { body, as });

describe('users', () => {
  it('are added, shown without their secrets, changed and deleted', async () => {
    const added = await add({
      userId: 'Anna',
      firstName: 'Anna',
      lastName: 'Fischer',
      mail: 'anna@example.org',
      password,
      pin: '12345',
    });
    expect(added.status, added.text).toBe(201);
    expect(added.body).toEqual({
      userId: 'Anna',
      firstName: 'Anna',
      lastName: 'Fischer',
      mail: 'anna@example.org',
      locale: 'en',
      roles: ['end-user'],
      enabled: true,
      hasPassword: true,
      hasPin: true,
      version: 1,
    });
    expect(added.headers['location']).toBe('/api/v1/users/Anna');
    expect((await rest.call('GET', '/users/anna')).body).toEqual(added.body);
    const changed = await rest.call('PATCH', '/users/anna', {
      body: { lastName: 'Vogel', pin: null },
      headers: { 'if-match': '"1"' },
    });
    expect(changed.body).toMatchObject({ lastName: 'Vogel', hasPin: false, hasPassword: true, version: 2 });
    expect(
      (await rest.call('PATCH', '/users/anna', { body: { lastName: 'X' }, headers: { 'if-match': '"1"' } })).body.code,
    ).toBe('version_conflict');
    expect((await rest.call('DELETE', '/users/ANNA')).status).toBe(204);
    expect((await rest.call('GET', '/users/anna')).body).toMatchObject({ code: 'not_found', field: 'userId' });
  });

  it('have ids that differ in more than case', async () => {
    await add({ userId: 'bert' });
    expect((await add({ userId: 'BERT' })).body).toMatchObject({ status: 409, code: 'name_taken', field: 'userId' });
    await add({ userId: 'bertha' });
    expect((await rest.call('PATCH', '/users/bertha', { body: { userId: 'bert' } })).body.code).toBe('name_taken');
  });

  it.each(['password1', 'Summer2026', 'P@ssw0rd', 'weak-one2026', '        ab c'])(
    'are not given the password %s, nor choose it',
    async (weak) => {
      const refused = await add({ userId: 'weak-one', password: weak });
      expect(refused.body).toMatchObject({ status: 422, code: 'weak_password', field: 'password' });
      await add({ userId: 'weak-two', password });
      expect(
        (await rest.call('PATCH', '/users/weak-two', { body: { password: weak.replace('weak-one', 'weak-two') } })).body
          .code,
      ).toBe('weak_password');
      const own = await rest.call('PUT', '/me/password', {
        as: 'weak-two',
        body: { currentPassword: password, newPassword: weak.replace('weak-one', 'weak-two') },
      });
      expect(own.body).toMatchObject({ code: 'weak_password', field: 'newPassword' });
    },
  );

  it('who are more than end users need twelve characters and more strength, also when they become so', async () => {
    const enough = 'kT9#mZ2q';
    for (const role of ['super', 'device-admin', 'bulk-admin', 'code-reveal', 'auditor']) {
      const refused = await add({ userId: `r-${role}`, roles: [role], password: enough });
      expect(refused.body, role).toMatchObject({ code: 'weak_password', field: 'password' });
      expect((await add({ userId: `r-${role}`, roles: [role], password: 'Summer2026!!' })).body.code).toBe(
        'weak_password',
      );
      expect((await add({ userId: `r-${role}`, roles: [role], password })).status).toBe(201);
    }
    expect((await add({ userId: 'rising', password: enough })).status).toBe(201);
    const rise = (more: object) =>
      rest.call('PATCH', '/users/rising', { body: { roles: ['device-admin', 'end-user'], ...more } });
    expect((await rise({})).body).toMatchObject({ code: 'weak_password', field: 'password' });
    expect((await rise({ password: enough })).body.code).toBe('weak_password');
    expect((await rise({ password })).status).toBe(200);
    // Strong enough from the beginning: nothing is asked.
    await add({ userId: 'ready', password });
    expect((await rest.call('PATCH', '/users/ready', { body: { roles: ['auditor'] } })).status).toBe(200);
    // And none at all is no weak one.
    await add({ userId: 'without' });
    expect((await rest.call('PATCH', '/users/without', { body: { roles: ['auditor'] } })).status).toBe(200);
    const { body } = await rest.call('GET', '/users?search=r-&limit=100');
    for (const { userId } of body.items)
      if (userId.startsWith('r-')) expect((await rest.call('DELETE', `/users/${userId}`)).status).toBe(204);
    for (const userId of ['rising', 'ready', 'without']) await rest.call('DELETE', `/users/${userId}`);
  });

  it('leave neither password nor PIN in the database, in answers or in the audit log', async () => {
    const added = await add({ userId: 'secretive', password: 'unmistakable-7-words', pin: '90210', firstName: 'S' });
    await rest.call('PATCH', '/users/secretive', { body: { password: 'unmistakable-8-words' } });
    const audit = await rest.call('GET', '/audit-events?objectName=secretive');
    expect(audit.body.items[0].detail).toMatchObject({ password: 'changed' });
    const { rows } = await rest.database.pool.query(`select * from end_user where user_id = 'secretive'`);
    for (const text of [added.text, audit.text, JSON.stringify(rows)]) expect(text).not.toMatch(/unmistakable|90210/);
    expect(rows[0].password_hash).toMatch(/^\$scrypt\$ln=10,r=8,p=1\$/);
    expect(rows[0].pin_hash).toMatch(/^\$scrypt\$/);
  });

  it.each([
    [{ userId: 'has space' }, 'userId'],
    [{ userId: 'a:b' }, 'userId'],
    [{ userId: 'a/b' }, 'userId'],
    [{ userId: '' }, 'userId'],
    [{ userId: 'x', mail: 'not an address' }, 'mail'],
    [{ userId: 'x', mail: 'a@b.c\r\nBcc: d@e.f' }, 'mail'],
    [{ userId: 'x', roles: ['emperor'] }, 'roles[0]'],
    [{ userId: 'x', roles: ['auditor', 'auditor'] }, 'roles'],
    [{ userId: 'x', pin: '12a4' }, 'pin'],
    [{ userId: 'x', locale: 'tlh' }, 'locale'],
  ])('refuses %j, naming %s', async (body, field) => {
    const refused = await add(body);
    expect(refused.status, refused.text).toBe(400);
    expect(refused.body.field).toBe(field);
  });

  it.each(['short', 'aaaaaaaaaaaa', 'password', 'carol123'])('refuses the password %s', async (weak) => {
    expect((await add({ userId: 'carol', password: weak })).body).toMatchObject({
      status: 422,
      code: 'weak_password',
      field: 'password',
    });
  });

  it('cannot be deleted while they own a phone', async () => {
    await add({ userId: 'owner' });
    const phone = await rest.call('POST', '/phones', {
      body: {
        model: 'Cisco 8845',
        ownerUserId: 'owner',
        requiresActivationCode: false,
        allowActivationCodeViaMra: false,
      },
    });
    expect(phone.status, phone.text).toBe(201);
    const refused = await rest.call('DELETE', '/users/owner');
    expect(refused.body).toMatchObject({
      status: 409,
      code: 'in_use',
      dependencies: [{ kind: 'phone', count: 1, names: [phone.body.name] }],
    });
    expect((await rest.call('GET', '/users/owner/dependencies')).body.items).toEqual(refused.body.dependencies);
  });
});

describe('rights are not given away by who does not hold them', () => {
  it('device administrators add and change end users only', async () => {
    expect((await add({ userId: 'plain' }, 'device-admin')).status).toBe(201);
    expect((await rest.call('PATCH', '/users/plain', { body: { firstName: 'P' }, as: 'device-admin' })).status).toBe(
      200,
    );
    for (const roles of [['super'], ['code-reveal'], ['device-admin'], ['end-user', 'auditor']])
      expect((await add({ userId: 'more', roles }, 'device-admin')).body).toMatchObject({
        status: 403,
        code: 'role_not_allowed',
        field: 'roles',
      });
    expect(
      (await rest.call('PATCH', '/users/plain', { body: { roles: ['super'] }, as: 'device-admin' })).body.code,
    ).toBe('role_not_allowed');
  });

  it('device administrators do not touch an administrator, not even the own record', async () => {
    for (const userId of ['super', 'auditor', 'device-admin']) {
      expect(
        (await rest.call('PATCH', `/users/${userId}`, { body: { password: 'taken over now' }, as: 'device-admin' }))
          .body.code,
      ).toBe('role_not_allowed');
      expect((await rest.call('DELETE', `/users/${userId}`, { as: 'device-admin' })).body.code).toBe(
        'role_not_allowed',
      );
    }
  });

  it('one enabled administrator always remains, also when two are taken away at once', async () => {
    for (const change of [{ roles: ['auditor'] }, { enabled: false }])
      expect((await rest.call('PATCH', '/users/super', { body: change })).body).toMatchObject({
        status: 409,
        code: 'last_administrator',
      });
    expect((await rest.call('DELETE', '/users/super')).body.code).toBe('last_administrator');
    await add({ userId: 'second', roles: ['super'], password });
    const [one, two] = await Promise.all([
      rest.call('PATCH', '/users/second', {
        body: { roles: ['end-user'] },
        headers: { authorization: basic('super') },
      }),
      rest.call('PATCH', '/users/super', {
        body: { roles: ['end-user'] },
        headers: { authorization: basic('second') },
      }),
    ]);
    expect([one.status, two.status].filter((each) => each === 200)).toHaveLength(1);
    const { rows } = await rest.database.pool.query(
      `select count(*) from end_user where 'super' = any(roles) and enabled`,
    );
    expect(rows[0].count).toBe('1');
    // Back to where other tests expect it.
    await rest.database.pool.query(`update end_user set roles = '{super}' where user_id = 'super'`);
  });
});

describe('lists of users', () => {
  it('show everyone exactly once over all pages, in every order, while searched and filtered', async () => {
    await rest.database.pool.query(`
      insert into end_user (user_id, first_name, last_name, enabled)
      select 'page' || n, 'First' || n % 3, 'Last' || n % 5, n % 2 = 0 from generate_series(1, 60) n`);
    for (const sort of ['userId', '-userId', 'lastName', '-lastName', 'firstName', 'mail']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await rest.call('GET', `/users?search=page&sort=${sort}&limit=7${cursor}`);
        expect(page.body.total).toBe(60);
        seen.push(...page.body.items.map((each: { userId: string }) => each.userId));
        cursor = page.body.nextCursor === undefined ? '' : `&cursor=${page.body.nextCursor}`;
      } while (cursor !== '');
      expect(seen).toHaveLength(60);
      expect(new Set(seen).size, sort).toBe(60);
    }
    const descending = await rest.call('GET', '/users?search=page&sort=-lastName&limit=1');
    expect(descending.body.items[0].lastName).toBe('Last4');
    expect((await rest.call('GET', '/users?search=page&enabled=false')).body.total).toBe(30);
    expect((await rest.call('GET', '/users?role=auditor')).body.items).toMatchObject([{ userId: 'auditor' }]);
    expect((await rest.call('GET', '/users?search=100%25')).body.total).toBe(0);
  });

  it('refuse a cursor of another order or of nobody', async () => {
    const page = await rest.call('GET', '/users?limit=1');
    for (const text of [
      `cursor=${page.body.nextCursor}&sort=mail`,
      'cursor=AAAA',
      'cursor=!!',
      `cursor=${Buffer.from('["userId","x","y"]').toString('base64url')}`,
    ])
      expect((await rest.call('GET', `/users?${text}`)).body, text).toMatchObject({
        status: 400,
        code: 'invalid_cursor',
        field: 'cursor',
      });
  });

  it('come from an index with 100,000 users: one page does not look at all of them', async () => {
    await rest.database.pool.query(
      `insert into end_user (user_id, last_name) select 'many' || n, 'L' || n % 1000 from generate_series(1, 100000) n`,
    );
    await rest.database.pool.query('analyze end_user');
    const { rows } = await rest.database.pool.query(`explain (format json)
      select id from end_user t where true and (lower(t.user_id), t.id) > ('many5', '00000000-0000-0000-0000-000000000000'::uuid)
      order by lower(t.user_id), t.id limit 51`);
    expect(JSON.stringify(rows[0])).toContain('end_user_user_id');
    const page = await rest.call('GET', '/users?limit=500&sort=-userId');
    expect(page.body.items).toHaveLength(500);
    expect(page.body.total).toBeGreaterThan(100_000);
  });
});
