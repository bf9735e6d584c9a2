import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRest, type TestRest } from './support/rest.ts';

let rest: TestRest;
let name: string;
let id: string;

beforeAll(async () => {
  rest = await startRest();
  const { body } = await rest.call('POST', '/phones', {
    body: { model: 'Cisco 8845', ownerUserId: 'auditor', requiresActivationCode: true },
  });
  ({ name, id } = body);
});
afterAll(() => rest[Symbol.asyncDispose]());

const refusals = async () =>
  (
    await sql<{ actor: string; object_id: string; object_name: string; detail: object }>`
      select actor, object_id, object_name, detail from audit_event where action = 'phone.access-refused' order by ordinal`.execute(
      rest.database.db,
    )
  ).rows;

it('a phone of somebody else does not exist for an end user, and the audit log keeps who asked', async () => {
  const asked = [
    ['GET', `/phones/${name}/activation-code`],
    ['POST', `/phones/${name}/activation-code`],
    ['GET', `/phones/${name}`],
    ['GET', `/phones/${id}`],
    ['GET', `/phones/${name}/timeline`],
    ['GET', `/phones/${name}/activation-code/e-mail`],
    ['GET', '/phones/SEP0200CC000001'],
  ] as const;
  for (const [method, path] of asked) {
    const answer = await rest.call(method, path, { as: 'end-user' });
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.text).not.toContain(id === path.split('/')[2] ? name : id);
  }
  // One row for each person and phone a minute, whatever was asked.
  expect(await refusals()).toEqual([
    { actor: 'end-user', object_id: id, object_name: name, detail: {} },
    { actor: 'end-user', object_id: '', object_name: 'SEP0200CC000001', detail: {} },
  ]);
});

it('who may read phones, and the owner, leave no such row', async () => {
  const before = await refusals();
  for (const as of ['super', 'auditor', 'device-admin'])
    expect((await rest.call('GET', `/phones/${name}`, { as })).status).toBe(200);
  expect(await refusals()).toEqual(before);
});
