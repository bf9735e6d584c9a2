import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseActivationCode } from '../../src/identifiers/activation-code.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
  await bench.addUser('operator', ['device-admin']);
  await bench.addUser('revealer', ['code-reveal']);
  await bench.addUser('auditor', ['auditor']);
  await bench.addUser('ann', ['end-user']);
  await bench.addUser('ben', ['end-user']);
});
afterAll(() => bench[Symbol.asyncDispose]());

let macs = 0;
const newMac = () => `00A1B3${(++macs).toString(16).toUpperCase().padStart(6, '0')}`;
const add = async (phone: object = {}) => {
  const answer = await bench.call('POST', '/phones', { model: 'Cisco 8845', ...phone });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const codePath = (name: string) => `/phones/${name}/activation-code`;
const codesOf = (id: string) =>
  bench.database.db
    .selectFrom('activation_code')
    .selectAll()
    .where('device_id', '=', id)
    .orderBy('created_at')
    .execute();
const actionsOn = async (ids: readonly string[]) =>
  (
    await bench.database.db
      .selectFrom('audit_event')
      .select(['action', 'actor'])
      .where('object_id', 'in', [...ids])
      .orderBy('ordinal')
      .execute()
  ).map((row) => `${row.actor} ${row.action}`);
/** Makes the phone's code overdue. */
const expire = (id: string) =>
  bench.database.db
    .updateTable('activation_code')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('device_id', '=', id)
    .where('state', '=', 'active')
    .execute();

describe('viewing an activation code', () => {
  it('shows sixteen digits, in groups and as a QR payload, and the audit log keeps by whom', async () => {
    const phone = await add({ requiresActivationCode: true });
    const answer = await bench.call('GET', codePath(phone.name), undefined, { as: 'revealer' });
    expect(answer.status).toBe(200);
    expect(parseActivationCode(answer.body.code)).toEqual({ ok: true, code: answer.body.code });
    expect(answer.body.formatted.replaceAll('-', '')).toBe(answer.body.code);
    expect(answer.body).toMatchObject({
      name: phone.name,
      model: 'Cisco 8845',
      qr: `OAC1:${answer.body.code}`,
      state: 'active',
      expiresAt: phone.activationCode.expiresAt,
      boundMac: null,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const [code] = await codesOf(phone.id);
    expect(await actionsOn([code!.id])).toEqual(['admin activation-code.issued', 'revealer activation-code.revealed']);
  });

  it('is masked without the right to see codes, and leaves no audit row', async () => {
    const phone = await add({ requiresActivationCode: true });
    for (const as of ['operator', 'auditor']) {
      const answer = await bench.call('GET', codePath(phone.name), undefined, { as });
      expect(answer.body).toMatchObject({ code: null, formatted: '••••-••••-••••-••••', qr: null, state: 'active' });
    }
    const [code] = await codesOf(phone.id);
    expect(await actionsOn([code!.id])).toEqual(['admin activation-code.issued']);
  });

  it('is open to the owner of the phone and to no other user', async () => {
    const phone = await add({ requiresActivationCode: true, ownerUserId: 'ann' });
    expect((await bench.call('GET', codePath(phone.name), undefined, { as: 'ann' })).body.code).toMatch(/^\d{16}$/);
    for (const path of [codePath(phone.name), `/phones/${phone.name}`, `/phones/${phone.name}/timeline`])
      expect(await bench.call('GET', path, undefined, { as: 'ben' })).toMatchObject({
        status: 404,
        body: { code: 'phone_not_found' },
      });
    for (const method of ['DELETE'])
      expect(await bench.call(method, codePath(phone.name), undefined, { as: 'ann' })).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
  });

  it('says when there is none, and when it ran out', async () => {
    const phone = await add();
    expect(await bench.call('GET', codePath(phone.name))).toMatchObject({
      status: 404,
      body: { code: 'no_active_code', remedy: expect.stringContaining('Generate') },
    });
    const late = await add({ requiresActivationCode: true });
    await expire(late.id);
    expect(await bench.call('GET', codePath(late.name))).toMatchObject({
      status: 404,
      body: { code: 'no_active_code', lastState: 'expired', remedy: expect.stringContaining('Release') },
    });
    expect((await bench.call('GET', `/phones/${late.name}`)).body.activationCode.state).toBe('expired');
  });

  it('never puts digits into the phone, the list or the audit log', async () => {
    const phone = await add({ requiresActivationCode: true });
    const { code } = (await bench.call('GET', codePath(phone.name))).body;
    const everything = [
      (await bench.call('GET', `/phones/${phone.name}`)).body,
      (await bench.call('GET', '/phones')).body,
      (await bench.call('GET', '/activation-codes')).body,
      (await bench.call('GET', `/phones/${phone.name}/timeline`)).body,
      await bench.database.db.selectFrom('audit_event').selectAll().execute(),
    ];
    expect(JSON.stringify(everything)).not.toContain(code);
    expect(JSON.stringify(everything)).not.toContain(code.slice(7, 15));
  });
});

describe('generating a new activation code', () => {
  it('is refused while one is live, told to release it first', async () => {
    const phone = await add({ requiresActivationCode: true });
    const answer = await bench.call('POST', codePath(phone.name));
    expect(answer).toMatchObject({
      status: 409,
      body: {
        code: 'code_already_active',
        remedy: expect.stringContaining('Release'),
        expiresAt: phone.activationCode.expiresAt,
      },
    });
    expect(await codesOf(phone.id)).toHaveLength(1);
  });

  it('follows a release: the old code is dead, the new one shown', async () => {
    const phone = await add({ requiresActivationCode: true });
    const old = (await bench.call('GET', codePath(phone.name))).body.code;
    expect((await bench.call('DELETE', codePath(phone.name))).status).toBe(204);
    expect((await bench.call('GET', `/phones/${phone.name}`)).body).toMatchObject({
      requiresActivationCode: true,
      activationCode: { state: 'revoked' },
    });
    const made = await bench.call('POST', codePath(phone.name));
    expect(made.status).toBe(201);
    expect(made.body.code).toMatch(/^\d{16}$/);
    expect(made.body.code).not.toBe(old);
    expect((await codesOf(phone.id)).map((code) => [code.state, code.code_sealed === null])).toEqual([
      ['revoked', true],
      ['active', false],
    ]);
  });

  it('is masked for callers who may make codes but not see them', async () => {
    const phone = await add();
    const made = await bench.call('POST', codePath(phone.name), undefined, { as: 'operator' });
    expect(made).toMatchObject({ status: 201, body: { code: null, state: 'active' } });
    const [code] = await codesOf(phone.id);
    expect(await actionsOn([code!.id])).toEqual(['operator activation-code.issued']);
  });

  it('locks a phone that got in before, bound to its MAC address', async () => {
    const phone = await add({ requiresActivationCode: true });
    const mac = newMac();
    await bench.redeem(phone.name, mac);
    const made = await bench.call('POST', codePath(`SEP${mac}`));
    expect(made).toMatchObject({ status: 201, body: { name: `SEP${mac}`, boundMac: mac } });
    expect((await bench.call('GET', `/phones/SEP${mac}`)).body).toMatchObject({
      requiresActivationCode: true,
      registration: null,
    });
    expect(await actionsOn([phone.id])).toEqual([
      'admin phone.created',
      `phone:${mac} activation.accepted`,
      'admin phone.locked',
    ]);
    expect(await bench.redeem(`SEP${mac}`, newMac())).toBe(false);
    expect(await bench.redeem(`SEP${mac}`, mac)).toBe(true);
  });

  it('needs no release once the code ran out, nor stumbles over a release then', async () => {
    const one = await add({ requiresActivationCode: true });
    await expire(one.id);
    expect((await bench.call('POST', codePath(one.name))).status).toBe(201);
    const two = await add({ requiresActivationCode: true });
    await expire(two.id);
    expect((await bench.call('DELETE', codePath(two.name))).status).toBe(204);
    expect((await bench.call('POST', codePath(two.name))).status).toBe(201);
  });

  it('twice at once makes one code', async () => {
    const phone = await add();
    const answers = await Promise.all(Array.from({ length: 5 }, () => bench.call('POST', codePath(phone.name))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await codesOf(phone.id)).toHaveLength(1);
  });
});

describe('releasing an activation code', () => {
  it('is refused where there is none', async () => {
    const phone = await add();
    expect(await bench.call('DELETE', codePath(phone.name))).toMatchObject({
      status: 404,
      body: { code: 'no_active_code' },
    });
    const released = await add({ requiresActivationCode: true });
    await bench.call('DELETE', codePath(released.name));
    expect((await bench.call('DELETE', codePath(released.name))).status).toBe(404);
  });

  it('racing with the phone that enters it: one of the two wins, and all rows agree', async () => {
    for (let i = 0; i < 25; i++) {
      const phone = await add({ requiresActivationCode: true });
      const mac = newMac();
      const [released, redeemed] = await Promise.all([
        bench.call('DELETE', codePath(phone.name)),
        bench.redeem(phone.name, mac),
      ]);
      const [code] = await codesOf(phone.id);
      if (redeemed) {
        expect(released).toMatchObject({
          status: 404,
          body: { code: expect.stringMatching(/^(phone_not_found|no_active_code)$/) },
        });
        expect(code!.state).toBe('consumed');
      } else {
        expect(released.status).toBe(204);
        expect(code!.state).toBe('revoked');
      }
      const record = await bench.database.db
        .selectFrom('device')
        .select(['name', 'requires_activation_code'])
        .where('id', '=', phone.id)
        .executeTakeFirstOrThrow();
      expect(record).toEqual(
        redeemed
          ? { name: `SEP${mac}`, requires_activation_code: false }
          : { name: phone.name, requires_activation_code: true },
      );
    }
  });

  it('racing with a rename never deadlocks and leaves one live code at most', async () => {
    for (let i = 0; i < 10; i++) {
      const phone = await add({ requiresActivationCode: true });
      const [mac, other] = [newMac(), newMac()];
      const answers = await Promise.all([
        bench.call('PATCH', `/phones/${phone.name}`, { mac }),
        bench.redeem(phone.name, other),
        bench.call('POST', codePath(phone.name)),
        bench.call('DELETE', codePath(phone.name)),
      ]);
      for (const answer of [answers[0], answers[2], answers[3]])
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      const live = (await codesOf(phone.id)).filter((code) => code.state === 'active');
      const record = await bench.database.db
        .selectFrom('device')
        .selectAll()
        .where('id', '=', phone.id)
        .executeTakeFirstOrThrow();
      expect(live.length).toBeLessThanOrEqual(1);
      for (const code of live) expect(code.bound_mac).toBe(record.name.startsWith('SEP') ? record.name.slice(3) : null);
    }
  });
});

describe('the list of outstanding codes', () => {
  it('shows phone and owner, soonest to expire first, without digits', async () => {
    const phone = await add({ requiresActivationCode: true, ownerUserId: 'ben', description: 'Outstanding' });
    const answer = await bench.call('GET', '/activation-codes?search=Outstanding', undefined, { as: 'operator' });
    expect(answer.body).toMatchObject({
      total: 1,
      items: [{ name: phone.name, ownerUserId: 'ben', state: 'active', createdBy: 'admin', boundMac: null }],
    });
    await expire(phone.id);
    expect((await bench.call('GET', '/activation-codes?search=Outstanding&state=active')).body.total).toBe(0);
    expect((await bench.call('GET', '/activation-codes?search=Outstanding&state=expired')).body.items).toMatchObject([
      { state: 'expired' },
    ]);
    await bench.call('PATCH', `/phones/${phone.name}`, { requiresActivationCode: false });
    expect((await bench.call('GET', '/activation-codes?search=Outstanding')).body.total).toBe(0);
  });
});

describe('the export of activation codes', () => {
  it('has every waiting code with phone and user, safe for a spreadsheet, and is audited', async () => {
    const phone = await add({ requiresActivationCode: true, ownerUserId: 'ben', description: '=SUM(A1), "x"' });
    const { formatted, expiresAt } = (await bench.call('GET', codePath(phone.name))).body;
    const answer = await bench.call('GET', '/activation-codes.csv', undefined, { as: 'revealer' });
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(answer.headers.get('content-disposition')).toContain('activation-codes.csv');
    const lines = answer.body.split('\r\n');
    expect(lines[0]).toBe('Device Name,Description,Model,Owner User ID,Activation Code,Expires');
    expect(lines).toContain(`${phone.name},"'=SUM(A1), ""x""",Cisco 8845,ben,${formatted},${expiresAt}`);
    const { total } = (await bench.call('GET', '/activation-codes?state=active')).body;
    expect(lines.length).toBe(total + 2);
    const rows = await bench.database.db
      .selectFrom('audit_event')
      .select('actor')
      .where('action', '=', 'activation-code.exported')
      .execute();
    expect(rows).toEqual([{ actor: 'revealer' }]);
    expect((await bench.call('GET', '/activation-codes.csv', undefined, { as: 'operator' })).status).toBe(403);
  });
});

describe('the owner of a phone', () => {
  it('may renew a code that ran out, a few times a day', async () => {
    const phone = await add({ requiresActivationCode: true, ownerUserId: 'ann' });
    const renew = (as = 'ann') => bench.call('POST', codePath(phone.name), undefined, { as });
    expect(await renew()).toMatchObject({ status: 409, body: { code: 'renewal_not_due' } });
    for (let i = 0; i < 3; i++) {
      await expire(phone.id);
      expect(await renew('ben')).toMatchObject({ status: 404, body: { code: 'phone_not_found' } });
      expect(await renew()).toMatchObject({ status: 201, body: { code: expect.stringMatching(/^\d{16}$/) } });
    }
    await expire(phone.id);
    expect(await renew()).toMatchObject({ status: 429, body: { code: 'too_many_renewals' } });
    expect((await bench.call('POST', codePath(phone.name))).status).toBe(201);
  });

  it('cannot make a code where none ran out', async () => {
    const phone = await add({ ownerUserId: 'ann' });
    expect(await bench.call('POST', codePath(phone.name), undefined, { as: 'ann' })).toMatchObject({
      status: 409,
      body: { code: 'renewal_not_due' },
    });
    expect((await bench.call('GET', `/phones/${phone.name}`)).body.requiresActivationCode).toBe(false);
  });

  it('sees no code while "Show Phones Ready to Activate" is off', async () => {
    const phone = await add({ requiresActivationCode: true, ownerUserId: 'ann' });
    await bench.database.db
      .insertInto('enterprise_parameter')
      .values({ name: 'Show Phones Ready to Activate', value: 'false' })
      .execute();
    try {
      expect(await bench.call('GET', codePath(phone.name), undefined, { as: 'ann' })).toMatchObject({
        status: 403,
        body: { code: 'self_care_closed' },
      });
      expect((await bench.call('GET', codePath(phone.name))).status).toBe(200);
      await expire(phone.id);
      expect((await bench.call('POST', codePath(phone.name), undefined, { as: 'ann' })).body.code).toBe(
        'self_care_closed',
      );
    } finally {
      await bench.database.db.deleteFrom('enterprise_parameter').execute();
    }
    expect((await bench.call('POST', codePath(phone.name), undefined, { as: 'ann' })).status).toBe(201);
  });
});
