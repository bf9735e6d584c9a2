import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phoneModels } from '../../src/identifiers/phone-model.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';
import { newMac, phoneTools } from './phone-tools.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
const { add, audited, codesOf } = phoneTools(() => bench);

describe('adding a phone', () => {
  it('needs nothing but a model, and takes the rest from the defaults', async () => {
    const answer = await bench.call('POST', '/phones', { model: 'Cisco 8845' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      model: 'Cisco 8845',
      mac: null,
      devicePool: 'Default',
      phoneButtonTemplate: 'Standard 8845 SIP',
      phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
      sipProfile: 'Standard SIP Profile',
      commonPhoneProfile: 'Standard Common Phone Profile',
      ownerUserId: null,
      lines: [],
      requiresActivationCode: false,
      allowActivationCodeViaMra: false,
      enabled: true,
      activationCode: null,
      registration: null,
      firstActivatedAt: null,
    });
    expect(answer.body.name).toMatch(/^BAT[0-9A-F]{12}$/);
    expect(answer.headers.get('location')).toBe(`/api/v1/phones/${answer.body.name}`);
    expect(answer.headers.get('etag')).toBe(`"${answer.body.version}"`);
    const { body: shown } = await bench.call('GET', `/phones/${answer.body.name}`);
    // The story is written a moment later.
    expect(shown).toEqual({ ...answer.body, lastStep: shown.lastStep });
    expect(await audited(answer.body.id)).toEqual(['phone.created']);
  });

  it.each(phoneModels.map((model) => model.number))('takes a %s', async (number) => {
    expect((await add({ model: number })).model).toBe(`Cisco ${number}`);
  });

  it.each(['Cisco 8821', 'Cisco 7970', 'CP-9999', 'SEP001122334455', '88458'])(
    'refuses %s, which cannot be onboarded',
    async (model) => {
      const answer = await bench.call('POST', '/phones', { model });
      expect(answer).toMatchObject({
        status: 422,
        body: { code: 'model_not_supported', field: 'model', remedy: expect.any(String) },
      });
    },
  );

  it('names a phone with a MAC address SEP, however it is written', async () => {
    expect((await add({ mac: '00:1b:54:aa:bb:01' })).name).toBe('SEP001B54AABB01');
    expect((await add({ mac: '001b.54aa.bb02' })).name).toBe('SEP001B54AABB02');
    expect((await add({ mac: '  ' })).name).toMatch(/^BAT/);
  });

  it.each(['00112233445', '0011223344GG', '010011223344', '000000000000', '00:11-22:33:44:55', 'SEP001122334455'])(
    'refuses %s as a MAC address',
    async (mac) => {
      const answer = await bench.call('POST', '/phones', { model: 'Cisco 8845', mac });
      expect(answer).toMatchObject({ status: 422, body: { code: 'mac_invalid', field: 'mac' } });
    },
  );

  it('refuses a MAC address that has a record, and says it must be deleted first', async () => {
    const mac = newMac();
    await add({ mac });
    const answer = await bench.call('POST', '/phones', { model: 'Cisco 7841', mac });
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'device_exists', field: 'mac', remedy: expect.stringContaining('delete') },
    });
  });

  it('refuses what it does not know, naming the field', async () => {
    for (const [body, code, field] of [
      [{ model: 'Cisco 8845', colour: 'red' }, 'unknown_field', 'colour'],
      [{ model: 'Cisco 8845', lines: [{ directoryNumber: '1', css: 'x' }] }, 'unknown_field', 'lines[0].css'],
      [{ model: 8845 }, 'wrong_type', 'model'],
      [{ model: 'Cisco 8845', requiresActivationCode: 'yes' }, 'wrong_type', 'requiresActivationCode'],
      [{}, 'missing_field', 'model'],
      [{ model: 'Cisco 8845', description: 'x'.repeat(129) }, 'invalid_value', 'description'],
    ] as const) {
      const answer = await bench.call('POST', '/phones', body);
      expect(answer, field).toMatchObject({ status: 400, body: { code, field } });
    }
  });

  it('refuses references that do not exist, naming the field, and stores nothing', async () => {
    const before = await bench.database.db
      .selectFrom('device')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    for (const [field, code] of [
      ['ownerUserId', 'user_not_found'],
      ['devicePool', 'device_pool_not_found'],
      ['phoneButtonTemplate', 'phone_button_template_not_found'],
      ['phoneSecurityProfile', 'phone_security_profile_not_found'],
      ['sipProfile', 'sip_profile_not_found'],
      ['commonPhoneProfile', 'common_phone_profile_not_found'],
    ]) {
      const answer = await bench.call('POST', '/phones', {
        model: 'Cisco 8845',
        requiresActivationCode: true,
        [field!]: 'Nowhere',
      });
      expect(answer).toMatchObject({ status: 422, body: { code, field } });
    }
    const after = await bench.database.db
      .selectFrom('device')
      .select((eb) => eb.fn.countAll().as('n'))
      .executeTakeFirstOrThrow();
    expect(after).toEqual(before);
  });

  it('refuses a button template of another model', async () => {
    const answer = await bench.call('POST', '/phones', {
      model: 'Cisco 8845',
      phoneButtonTemplate: 'Standard 7841 SIP',
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'button_template_mismatch', field: 'phoneButtonTemplate' },
    });
  });

  it('makes the code in the same step when one is required', async () => {
    const phone = await add({ requiresActivationCode: true });
    expect(phone.activationCode).toMatchObject({ state: 'active', boundMac: null });
    expect(Date.parse(phone.activationCode.expiresAt) - Date.now()).toBeGreaterThan(167.9 * 3600_000);
    expect(await audited(phone.id)).toEqual(['phone.created']);
    const [code] = await codesOf(phone.id);
    expect(await audited(code!.id)).toEqual(['activation-code.issued']);
  });

  it('lets the service parameter decide how long a code lives', async () => {
    const parameter = { service: 'Device Activation Service', name: 'Activation Time to Live (Hours)' };
    await bench.database.db
      .insertInto('service_parameter')
      .values({ ...parameter, value: '2' })
      .execute();
    const phone = await add({ requiresActivationCode: true });
    await bench.database.db.deleteFrom('service_parameter').where('service', '=', parameter.service).execute();
    const hours = (Date.parse(phone.activationCode.expiresAt) - Date.now()) / 3600_000;
    expect(hours).toBeGreaterThan(1.9);
    expect(hours).toBeLessThanOrEqual(2);
  });

  it('binds the code of a SEP phone to its MAC address', async () => {
    const mac = newMac();
    expect((await add({ mac, requiresActivationCode: true })).activationCode.boundMac).toBe(mac);
  });

  it('allows MRA only together with a required code', async () => {
    const answer = await bench.call('POST', '/phones', { model: 'Cisco 8845', allowActivationCodeViaMra: true });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'mra_needs_activation_code', field: 'allowActivationCodeViaMra' },
    });
    expect(await add({ requiresActivationCode: true, allowActivationCodeViaMra: true })).toMatchObject({
      allowActivationCodeViaMra: true,
    });
  });

  it('lets one of two racing phones with the same MAC address win', async () => {
    const mac = newMac();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        bench.call('POST', '/phones', { model: 'Cisco 8845', mac, requiresActivationCode: true }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('lines of a phone', () => {
  it('are made where they do not exist, and shared where they do', async () => {
    const first = await add({
      lines: [{ directoryNumber: '1001', label: 'Desk', display: 'Ann' }, { directoryNumber: '1002' }],
    });
    expect(first.lines).toEqual([
      { index: 1, directoryNumber: '1001', partition: '', label: 'Desk', display: 'Ann', maxCalls: 4, busyTrigger: 2 },
      { index: 2, directoryNumber: '1002', partition: '', label: '', display: '', maxCalls: 4, busyTrigger: 2 },
    ]);
    const second = await add({ lines: [{ directoryNumber: '1001' }] });
    expect(second.lines[0].directoryNumber).toBe('1001');
    const lines = await bench.database.db
      .selectFrom('line')
      .select('id')
      .where('directory_number', '=', '1001')
      .execute();
    expect(lines).toHaveLength(1);
  });

  it('live in partitions, which must exist', async () => {
    await bench.database.db.insertInto('route_partition').values({ name: 'Internal' }).execute();
    const phone = await add({
      lines: [{ directoryNumber: '1010' }, { directoryNumber: '1010', partition: 'Internal' }],
    });
    expect(phone.lines.map((line: { partition: string }) => line.partition)).toEqual(['', 'Internal']);
    const answer = await bench.call('POST', '/phones', {
      model: 'Cisco 8845',
      lines: [{ directoryNumber: '1011' }, { directoryNumber: '1012', partition: 'Nowhere' }],
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'partition_not_found', field: 'lines[1].partition' } });
    expect(
      await bench.database.db
        .selectFrom('line')
        .select('id')
        .where('directory_number', 'in', ['1011', '1012'])
        .execute(),
    ).toEqual([]);
  });

  it('are refused when malformed, repeated, or more than the button template has', async () => {
    for (const [lines, code, field] of [
      [[{ directoryNumber: 'abc' }], 'directory_number_invalid', 'lines[0].directoryNumber'],
      [[{ directoryNumber: '1'.repeat(25) }], 'directory_number_invalid', 'lines[0].directoryNumber'],
      [[{ directoryNumber: '1020' }, { directoryNumber: ' 1020 ' }], 'line_duplicate', 'lines[1].directoryNumber'],
      [
        [{ directoryNumber: '1021' }, { directoryNumber: '1022' }, { directoryNumber: '1023' }],
        'too_many_lines',
        'lines[2]',
      ],
      [[{ directoryNumber: '1024', maxCalls: 1, busyTrigger: 2 }], 'busy_trigger_too_high', 'lines[0].busyTrigger'],
    ] as const) {
      const answer = await bench.call('POST', '/phones', { model: 'Cisco 8845', lines });
      expect(answer, field).toMatchObject({ status: 422, body: { code, field } });
    }
  });

  it('of many phones with the same new numbers do not deadlock', async () => {
    const numbers = ['1031', '1032'];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        bench.call('POST', '/phones', {
          model: 'Cisco 8845',
          lines: (i % 2 === 0 ? numbers : [...numbers].reverse()).map((directoryNumber) => ({ directoryNumber })),
        }),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(8).fill(201));
  });

  it('keep their contact when the others change', async () => {
    const phone = await add({ lines: [{ directoryNumber: '1041' }, { directoryNumber: '1042' }] });
    const contact = () =>
      bench.database.db
        .selectFrom('device_line')
        .select('contact_uuid')
        .where('device_id', '=', phone.id)
        .where('line_index', '=', 1)
        .executeTakeFirstOrThrow();
    const before = await contact();
    const changed = await bench.call('PATCH', `/phones/${phone.name}`, {
      lines: [{ directoryNumber: '1041' }, { directoryNumber: '1043' }],
    });
    expect(changed.body.lines.map((line: { directoryNumber: string }) => line.directoryNumber)).toEqual([
      '1041',
      '1043',
    ]);
    expect(await contact()).toEqual(before);
    const swapped = await bench.call('PATCH', `/phones/${phone.name}`, {
      lines: [{ directoryNumber: '1043' }, { directoryNumber: '1041' }],
    });
    expect(swapped.body.lines.map((line: { directoryNumber: string }) => line.directoryNumber)).toEqual([
      '1043',
      '1041',
    ]);
  });
});

describe('adding a phone from templates', () => {
  it('fills the tags from owner, model and line', async () => {
    await bench.addUser('wei.li', ['end-user'], { firstName: 'Wei', lastName: 'Li' });
    const answer = await bench.call('POST', '/phones/from-template', {
      model: '8851',
      ownerUserId: 'WEI.LI',
      lines: [{ directoryNumber: '2001' }],
      requiresActivationCode: true,
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      description: 'Wei Li (Cisco 8851)',
      ownerUserId: 'wei.li',
      phoneButtonTemplate: 'Standard 8851 SIP',
      lines: [{ directoryNumber: '2001', display: 'Wei Li', maxCalls: 4, busyTrigger: 2 }],
      activationCode: { state: 'active' },
    });
    const line = await bench.database.db
      .selectFrom('line')
      .selectAll()
      .where('directory_number', '=', '2001')
      .executeTakeFirstOrThrow();
    expect(line).toMatchObject({ description: 'Wei Li', alerting_name: 'Wei Li' });
  });

  it('leaves no gaps where there is no owner, and lets the request win', async () => {
    expect((await bench.call('POST', '/phones/from-template', { model: '8851' })).body.description).toBe(
      '(Cisco 8851)',
    );
    expect(
      (await bench.call('POST', '/phones/from-template', { model: '8851', description: 'Lobby' })).body.description,
    ).toBe('Lobby');
  });

  it('refuses templates that do not exist', async () => {
    expect(await bench.call('POST', '/phones/from-template', { model: '8851', deviceTemplate: 'X' })).toMatchObject({
      status: 422,
      body: { code: 'device_template_not_found', field: 'deviceTemplate' },
    });
    const answer = await bench.call('POST', '/phones/from-template', {
      model: '8851',
      lines: [{ directoryNumber: '2002', lineTemplate: 'X' }],
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'line_template_not_found', field: 'lines[0].lineTemplate' },
    });
  });
});
