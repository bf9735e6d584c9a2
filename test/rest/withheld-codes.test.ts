import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axlReturn } from '../axl/support/soap.ts';
import { basic, startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let next = 0;
beforeAll(async () => {
  rest = await startRest();
});
afterAll(() => rest[Symbol.asyncDispose]());

const secret = 'seven-otters-juggle-42';
const must = async (asked: ReturnType<TestRest['call']>, status: number) => {
  const answer = await asked;
  expect(answer.status, answer.text).toBe(status);
  return answer;
};
/** A phone with a live code. */
async function phone(more: object = {}, as = 'super'): Promise<string> {
  const mac = `0011223A${(next++).toString(16).padStart(4, '0')}`;
  const body = { model: 'Cisco 8845', mac, requiresActivationCode: true, ...more };
  return (await must(rest.call('POST', '/phones', { body, as }), 201)).body.name;
}
async function user(as = 'super', more: object = {}): Promise<string> {
  const userId = `user-${next++}`;
  await must(
    rest.call('POST', '/users', { as, body: { userId, password: secret, mail: `${userId}@example.org`, ...more } }),
    201,
  );
  return userId;
}
const change = (name: string, body: object, as = 'device-admin') =>
  must(rest.call('PATCH', `/phones/${name}`, { as, body }), 200);
const look = (name: string, userId: string, secretOf = secret) =>
  rest.call('GET', `/phones/${name}/activation-code`, {
    as: null,
    headers: { authorization: basic(userId, secretOf) },
  });
const confirm = (name: string, as = 'code-reveal') => rest.call('POST', `/phones/${name}/owner-confirmation`, { as });
async function sees(name: string, userId: string, secretOf = secret): Promise<boolean> {
  const { body, text } = await look(name, userId, secretOf);
  const seen = /\d{16}|\d{4}-\d{4}-\d{4}-\d{4}/.test(text);
  if (!seen) expect(body.code === 'code_withheld' || body.code === null, text).toBe(true);
  return seen;
}
describe('a code, seen by the owner in Self Care', () => {
  it('is shown to whom somebody prepared a new phone for, and to whom who may see codes gives one', async () => {
    const anna = await user();
    expect(await sees(await phone({ ownerUserId: anna }, 'device-admin'), anna)).toBe(true);
    const given = await phone();
    await change(given, { ownerUserId: anna }, 'super');
    expect(await sees(given, anna)).toBe(true);
  });

  it('is withheld when somebody who may not see codes made the owner up, however the phone came to be', async () => {
    const invented = await user('device-admin');
    const old = await phone();
    await change(old, { ownerUserId: invented });
    expect(await sees(old, invented)).toBe(false);
    const made = await phone({ ownerUserId: invented }, 'device-admin');
    expect(await sees(made, invented)).toBe(false);
    // Nor does it help to let somebody who may make the phone.
    expect(await sees(await phone({ ownerUserId: invented }), invented)).toBe(false);
  });

  it.each(['device-admin', 'bulk-admin'])(
    'is withheld from an owner that %s set, whatever new codes they make',
    async (as) => {
      const anna = await user();
      const name = await phone();
      await change(name, { ownerUserId: anna }, as);
      expect(await sees(name, anna)).toBe(false);
      await must(rest.call('DELETE', `/phones/${name}/activation-code`, { as }), 204);
      const made = await must(rest.call('POST', `/phones/${name}/activation-code`, { as }), 201);
      expect(made.body.code).toBeNull();
      expect(await sees(name, anna)).toBe(false);
      // Giving it back and forth does not help either.
      await change(name, { ownerUserId: null }, as);
      await change(name, { ownerUserId: anna }, as);
      expect(await sees(name, anna)).toBe(false);
    },
  );

  it.each([
    ['password', { password: `${secret}-new` }, `${secret}-new`],
    ['e-mail address', { mail: 'attacker@example.org' }, secret],
  ])('is withheld once somebody who may not see codes set the %s of the owner', async (_what, body, secretOf) => {
    const anna = await user();
    const name = await phone({ ownerUserId: anna });
    expect(await sees(name, anna)).toBe(true);
    await must(rest.call('PATCH', `/users/${anna}`, { as: 'device-admin', body }), 200);
    expect(await sees(name, anna, secretOf)).toBe(false);
    // The new password does not vouch for itself.
    const own = { currentPassword: secretOf, newPassword: `${secret}-own` };
    await must(
      rest.call('PUT', '/me/password', { as: null, headers: { authorization: basic(anna, secretOf) }, body: own }),
      204,
    );
    expect(await sees(name, anna, `${secret}-own`)).toBe(false);
  });

  it.each(['device-admin', 'bulk-admin'])('is withheld from a %s who made themselves owner', async (role) => {
    const userId = await user('super', { roles: [role, 'end-user'] });
    const asSelf = { as: null, headers: { authorization: basic(userId, secret) } };
    const name = await phone();
    await must(rest.call('PATCH', `/phones/${name}`, { ...asSelf, body: { ownerUserId: userId } }), 200);
    expect(await sees(name, userId)).toBe(false);
    const mac = `0011223B${(next++).toString(16).padStart(4, '0')}`;
    const body = { model: 'Cisco 8845', mac, requiresActivationCode: true, ownerUserId: userId };
    const own = (await must(rest.call('POST', '/phones', { ...asSelf, body }), 201)).body;
    expect(own.codeWithheld).toBe(true);
    expect(await sees(own.name, userId)).toBe(false);
    expect((await rest.call('POST', `/phones/${name}/owner-confirmation`, asSelf)).body.code).toBe('forbidden');
  });

  it('is withheld over AXL as well: addUser, updateUser and updatePhone', async () => {
    const anna = await user();
    const name = await phone();
    await axlReturn(rest, 'updatePhone', `<name>${name}</name><ownerUserName>${anna}</ownerUserName>`, {
      as: 'device-admin',
    });
    expect(await sees(name, anna)).toBe(false);

    const invented = `axl-${next++}`;
    await axlReturn(
      rest,
      'addUser',
      `<user><lastName>x</lastName><userid>${invented}</userid><password>${secret}</password></user>`,
      { as: 'device-admin' },
    );
    expect(await sees(await phone({ ownerUserId: invented }), invented)).toBe(false);

    const bert = await user();
    const his = await phone({ ownerUserId: bert });
    await axlReturn(rest, 'updateUser', `<userid>${bert}</userid><password>${secret}-axl</password>`, {
      as: 'device-admin',
    });
    expect(await sees(his, bert, `${secret}-axl`)).toBe(false);
  });

  it('is not renewed by an owner from whom it is withheld', async () => {
    const anna = await user();
    const name = await phone();
    await change(name, { ownerUserId: anna });
    await rest.database.pool.query(
      `update activation_code set expires_at = now() - interval '1 minute' where device_id = (select id from device where name = $1)`,
      [name],
    );
    const renewed = await rest.call('POST', `/phones/${name}/activation-code`, {
      as: null,
      headers: { authorization: basic(anna, secret) },
    });
    expect(renewed.body.code).toBe('code_withheld');
  });

  it('is shown once somebody who may see codes confirms the owner, who is told so in the audit log', async () => {
    const invented = await user('device-admin');
    const name = await phone();
    await change(name, { ownerUserId: invented });
    expect((await confirm(name, 'device-admin')).body.code).toBe('forbidden');
    expect((await must(confirm(name), 200)).body.codeWithheld).toBe(false);
    expect(await sees(name, invented)).toBe(true);
    const { body } = await rest.call('GET', `/audit-events?objectName=${name}`);
    expect(body.items.map((each: { action: string }) => each.action)).toContain('phone.owner-confirmed');
    // And withheld again from the next one.
    await change(name, { ownerUserId: await user() });
    expect((await rest.call('GET', `/phones/${name}`)).body.codeWithheld).toBe(true);
  });

  it('goes into no message to such an owner', async () => {
    const anna = await user();
    const name = await phone();
    await change(name, { ownerUserId: anna });
    for (const [parameter, value] of [
      ['SMTP Server', 'mail.example.org'],
      ['E-mail Sender Address', 'phones@example.org'],
      ['E-mail Contains Activation Code', true],
    ])
      await must(
        rest.call('PUT', `/enterprise-parameters/${encodeURIComponent(String(parameter))}`, { body: { value } }),
        200,
      );
    expect((await rest.call('POST', `/phones/${name}/activation-code/e-mail`)).body.code).toBe('code_withheld');
  });
});
