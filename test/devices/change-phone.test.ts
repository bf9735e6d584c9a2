import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PhoneBench, phoneBench } from './phone-bench.ts';
import { newMac, phoneTools } from './phone-tools.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
const { add, audited, codesOf, device } = phoneTools(() => bench);

describe('the MAC address of a phone', () => {
  it('typed makes BAT to SEP, cleared makes SEP to BAT, another renames', async () => {
    const phone = await add();
    const [one, two] = [newMac(), newMac()];
    const typed = await bench.call('PATCH', `/phones/${phone.name}`, { mac: one });
    expect(typed.body.name).toBe(`SEP${one}`);
    const other = await bench.call('PATCH', `/phones/SEP${one}`, { mac: two });
    expect(other.body.name).toBe(`SEP${two}`);
    const cleared = await bench.call('PUT', `/phones/SEP${two}`, { mac: '' });
    expect(cleared.body.name).toMatch(/^BAT[0-9A-F]{12}$/);
    expect(cleared.body.name).not.toBe(phone.name);
    const again = await bench.call('PATCH', `/phones/${cleared.body.name}`, { mac: null });
    expect(again.body.name).toBe(cleared.body.name);
    expect(await audited(phone.id)).toEqual([
      'phone.created',
      ...Array(3).fill(['phone.changed', 'phone.renamed']).flat(),
    ]);
  });

  it('of another phone is refused, and nothing changes', async () => {
    const mac = newMac();
    await add({ mac });
    const phone = await add({ description: 'kept', requiresActivationCode: true });
    const answer = await bench.call('PATCH', `/phones/${phone.name}`, { mac, description: 'lost' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'device_exists', field: 'mac' } });
    const { body: shown } = await bench.call('GET', `/phones/${phone.name}`);
    expect(shown).toEqual({ ...phone, lastStep: shown.lastStep });
  });

  it('changed while a code is required replaces the code by one that fits', async () => {
    const phone = await add({ requiresActivationCode: true });
    const mac = newMac();
    const bound = (await bench.call('PATCH', `/phones/${phone.name}`, { mac })).body;
    expect(bound.activationCode).toMatchObject({ state: 'active', boundMac: mac });
    const free = (await bench.call('PATCH', `/phones/${bound.name}`, { mac: null })).body;
    expect(free.activationCode).toMatchObject({ state: 'active', boundMac: null });
    const codes = await codesOf(phone.id);
    expect(codes.map((code) => [code.state, code.bound_mac, code.code_sealed === null])).toEqual([
      ['revoked', null, true],
      ['revoked', mac, true],
      ['active', null, false],
    ]);
  });

  it('changed makes the device another phone: what the former one holds stops working', async () => {
    const mac = newMac();
    const phone = await add({ mac });
    await registered(phone.id, phone.name);
    await bench.database.db
      .updateTable('device')
      .set({ first_activated_at: new Date() })
      .where('id', '=', phone.id)
      .execute();
    const before = await device(phone.id);
    const after = (await bench.call('PATCH', `/phones/${phone.name}`, { mac: newMac() })).body;
    expect(after).toMatchObject({ registration: null, firstActivatedAt: null });
    expect((await device(phone.id)).digest_password_sealed).not.toEqual(before.digest_password_sealed);
  });
});

const registered = async (deviceId: string, name: string) => {
  const node = await bench.database.db
    .insertInto('node')
    .values({ name: 'node-a', address: '127.0.0.1' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ address: '127.0.0.1' }))
    .returning('id')
    .executeTakeFirstOrThrow();
  await bench.database.db
    .insertInto('registration')
    .values({
      device_id: deviceId,
      contact: `sip:${name}@127.0.0.1:5060`,
      node_id: node.id,
      device_name: name,
      directory_numbers: ['1001'],
      transport: 'tls',
      source_address: '127.0.0.1',
      source_port: 5060,
      call_id: 'x',
      cseq: 1,
      expires_at: new Date(Date.now() + 60_000),
    })
    .execute();
};

/** What is notified on a channel while `work` runs, up to so many payloads. */
async function notified(channel: string, count: number, work: () => Promise<void>): Promise<string[]> {
  const client = await bench.database.pool.connect();
  try {
    await client.query(`LISTEN ${channel}`);
    const heard: string[] = [];
    const all = new Promise<void>((done) => {
      client.on('notification', (notice) => {
        if (heard.push(notice.payload ?? '') === count) done();
      });
    });
    await work();
    await all;
    return heard;
  } finally {
    client.release(true);
  }
}

describe('"Requires Activation Code for Onboarding"', () => {
  it('ticked on a registered phone makes a code, locks the phone and ends its registration in one step', async () => {
    const phone = await add({ mac: newMac(), lines: [{ directoryNumber: '3001' }] });
    await registered(phone.id, phone.name);
    expect((await bench.call('GET', `/phones/${phone.name}`)).body.registration).toMatchObject({
      node: 'node-a',
      transport: 'tls',
    });
    const before = await device(phone.id);
    let locked = { body: undefined as unknown };
    const ended = await notified('registration_ended', 1, async () => {
      locked = await bench.call('PATCH', `/phones/${phone.name}`, { requiresActivationCode: true });
    });
    expect(locked.body).toMatchObject({
      name: phone.name,
      requiresActivationCode: true,
      registration: null,
      activationCode: { state: 'active', boundMac: phone.mac },
      lines: phone.lines,
    });
    expect(ended).toEqual([phone.name]);
    expect((await device(phone.id)).digest_password_sealed).not.toEqual(before.digest_password_sealed);
    expect(await audited(phone.id)).toEqual(['phone.created', 'phone.changed', 'phone.locked']);
  });

  it('unticked releases the code and unlocks the phone', async () => {
    const phone = await add({ requiresActivationCode: true });
    const answer = await bench.call('PATCH', `/phones/${phone.name}`, { requiresActivationCode: false });
    expect(answer.body).toMatchObject({ requiresActivationCode: false, activationCode: { state: 'revoked' } });
    expect(await audited(phone.id)).toEqual(['phone.created', 'phone.changed', 'phone.unlocked']);
  });

  it('kept ticked leaves the code as it is', async () => {
    const phone = await add({ requiresActivationCode: true });
    await bench.call('PATCH', `/phones/${phone.name}`, { requiresActivationCode: true, description: 'same code' });
    expect(await codesOf(phone.id)).toHaveLength(1);
  });

  it('is off again once the phone got in, and the phone is found under its new name', async () => {
    const phone = await add({ requiresActivationCode: true });
    const mac = newMac();
    expect(await bench.redeem(phone.name, mac)).toBe(true);
    expect((await bench.call('GET', `/phones/SEP${mac}`)).body).toMatchObject({
      id: phone.id,
      requiresActivationCode: false,
      activationCode: { state: 'consumed' },
    });
    const former = await bench.call('GET', `/phones/${phone.name}`);
    expect(former).toMatchObject({
      status: 404,
      body: { code: 'phone_not_found', nameToday: `SEP${mac}`, remedy: expect.stringContaining(`SEP${mac}`) },
    });
  });
});

describe('changing a phone', () => {
  it('changes only what is said', async () => {
    const phone = await add({ description: 'one', lines: [{ directoryNumber: '4001' }] });
    const answer = await bench.call('PATCH', `/phones/${phone.name}`, { description: 'two' });
    expect(answer.body).toEqual({
      ...phone,
      description: 'two',
      version: answer.body.version,
      updatedAt: answer.body.updatedAt,
      lastStep: answer.body.lastStep,
    });
    expect(answer.body.version).toBeGreaterThan(phone.version);
  });

  it('is refused when somebody else was faster', async () => {
    const phone = await add();
    const first = await bench.call(
      'PATCH',
      `/phones/${phone.name}`,
      { description: 'one' },
      { ifMatch: `"${phone.version}"` },
    );
    expect(first.status).toBe(200);
    const second = await bench.call(
      'PATCH',
      `/phones/${phone.name}`,
      { description: 'two' },
      { ifMatch: `"${phone.version}"` },
    );
    expect(second).toMatchObject({ status: 412, body: { code: 'version_conflict', version: first.body.version } });
    expect(
      (await bench.call('DELETE', `/phones/${phone.name}`, undefined, { ifMatch: `"${phone.version}"` })).status,
    ).toBe(412);
  });

  it('never changes the model', async () => {
    const phone = await add();
    expect((await bench.call('PATCH', `/phones/${phone.name}`, { model: 'Cisco 8845' })).status).toBe(200);
    expect(await bench.call('PATCH', `/phones/${phone.name}`, { model: 'Cisco 8851' })).toMatchObject({
      status: 409,
      body: { code: 'model_fixed', field: 'model' },
    });
  });

  it('checks the button template against the lines the phone will have', async () => {
    const phone = await add({ lines: [{ directoryNumber: '4011' }, { directoryNumber: '4012' }] });
    await bench.database.db
      .insertInto('phone_button_template')
      .values({ name: 'One line', buttons: '["line","speed-dial"]' })
      .execute();
    expect(await bench.call('PATCH', `/phones/${phone.name}`, { phoneButtonTemplate: 'One line' })).toMatchObject({
      status: 422,
      body: { code: 'too_many_lines' },
    });
    const both = await bench.call('PATCH', `/phones/${phone.name}`, {
      phoneButtonTemplate: 'One line',
      lines: [{ directoryNumber: '4011' }],
    });
    expect(both.body).toMatchObject({ phoneButtonTemplate: 'One line', lines: [{ directoryNumber: '4011' }] });
  });

  it('gives and takes the owner', async () => {
    await bench.addUser('olga', ['end-user']);
    const phone = await add();
    expect((await bench.call('PATCH', `/phones/${phone.name}`, { ownerUserId: 'Olga' })).body.ownerUserId).toBe('olga');
    expect((await bench.call('PATCH', `/phones/${phone.name}`, { ownerUserId: null })).body.ownerUserId).toBeNull();
  });

  it('of nothing leaves no audit row', async () => {
    const phone = await add({ description: 'same' });
    await bench.call('PATCH', `/phones/${phone.name}`, { description: 'same' });
    expect(await audited(phone.id)).toEqual(['phone.created']);
  });

  it('says so when there is no such phone', async () => {
    for (const name of ['SEPFFFFFFFFFFFF', 'BAT000000000000', 'nonsense', '..%2f..'])
      for (const [method, body] of [['GET'], ['PATCH', { description: 'x' }], ['DELETE']] as const)
        expect(await bench.call(method, `/phones/${name}`, body)).toMatchObject({
          status: 404,
          body: { code: 'phone_not_found', field: 'name' },
        });
  });
});

describe('replacing a broken phone', () => {
  it('keeps lines, owner and settings and waits for any phone of the model', async () => {
    await bench.addUser('rosa', ['end-user']);
    const mac = newMac();
    const broken = await add({ mac, ownerUserId: 'rosa', description: 'Rosa', lines: [{ directoryNumber: '5001' }] });
    await registered(broken.id, broken.name);
    const answer = await bench.call('POST', `/phones/${broken.name}/replace`);
    expect(answer.body).toMatchObject({
      id: broken.id,
      mac: null,
      ownerUserId: 'rosa',
      description: 'Rosa',
      lines: broken.lines,
      requiresActivationCode: true,
      registration: null,
      activationCode: { state: 'active', boundMac: null },
    });
    const other = newMac();
    expect(await bench.redeem(answer.body.name, other)).toBe(true);
    expect((await bench.call('GET', `/phones/SEP${other}`)).body).toMatchObject({ id: broken.id, lines: broken.lines });
  });
});

describe('deleting a phone', () => {
  it('releases the code and keeps the lines, unless asked otherwise', async () => {
    const kept = await add({ requiresActivationCode: true, lines: [{ directoryNumber: '6001' }] });
    expect((await bench.call('DELETE', `/phones/${kept.name}`)).status).toBe(204);
    expect((await bench.call('GET', `/phones/${kept.name}`)).status).toBe(404);
    const codes = await bench.database.db
      .selectFrom('activation_code')
      .select(['state', 'code_sealed'])
      .where('device_name', '=', kept.name)
      .execute();
    expect(codes).toEqual([{ state: 'revoked', code_sealed: null }]);
    const lines = () =>
      bench.database.db
        .selectFrom('line')
        .select('directory_number')
        .where('directory_number', 'in', ['6001', '6002'])
        .execute();
    expect(await lines()).toHaveLength(1);

    const shared = await add({ lines: [{ directoryNumber: '6001' }] });
    const gone = await add({ lines: [{ directoryNumber: '6001' }, { directoryNumber: '6002' }] });
    expect((await bench.call('DELETE', `/phones/${gone.name}?removeUnusedLines=true`)).status).toBe(204);
    expect(await lines()).toEqual([{ directory_number: '6001' }]);
    expect((await bench.call('GET', `/phones/${shared.name}`)).body.lines).toHaveLength(1);
    expect(await audited(kept.id)).toEqual(['phone.created', 'phone.deleted']);
  });

  it('lets the same MAC address be added again', async () => {
    const mac = newMac();
    await add({ mac });
    await bench.call('DELETE', `/phones/SEP${mac}`);
    await add({ mac });
  });
});

describe('reset and restart', () => {
  it('are asked of every node and audited', async () => {
    const phone = await add({ mac: newMac() });
    await registered(phone.id, phone.name);
    const heard = await notified('service_control', 2, async () => {
      expect(await bench.call('POST', `/phones/${phone.name}/reset`)).toMatchObject({
        status: 200,
        body: { name: phone.name, action: 'reset', registered: true },
      });
      expect((await bench.call('POST', `/phones/${phone.name}/restart`)).status).toBe(200);
    });
    expect(heard.map((each) => JSON.parse(each))).toEqual([
      { device: phone.name, action: 'reset' },
      { device: phone.name, action: 'restart' },
    ]);
    expect(await audited(phone.id)).toEqual(['phone.created', 'phone.reset', 'phone.restarted']);
  });
});
