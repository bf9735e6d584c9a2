import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AutoRegistrar, type Newcomer } from '../../src/domain/auto-registration/auto-registrar.ts';
import { unknownPhoneOf } from '../../src/domain/registration/identify.ts';
import type { DeviceName } from '../../src/identifiers/device-name.ts';
import { autoRegistrationStore } from '../../src/infra/database/auto-registration-store.ts';
import { universalLineTemplateTable } from '../../src/infra/database/settings-tables.ts';
import { type TapsBench, tapsBench } from '../taps/support/taps-bench.ts';

let bench: TapsBench;
let next = 1;
const model = 'Cisco 7841';

beforeAll(async () => {
  bench = await tapsBench();
});
afterAll(() => bench?.[Symbol.asyncDispose]());
beforeEach(async () => {
  const { db } = bench.phones.database;
  await sql`DELETE FROM device`.execute(db);
  await sql`DELETE FROM line`.execute(db);
  await sql`UPDATE node SET last_seen_at = now()`.execute(db);
  await sql`UPDATE call_manager_group SET auto_registration = true`.execute(db);
  await sql`UPDATE device_default SET on_premise_onboarding_method = 'AutoRegistration' WHERE model = ${model}`.execute(
    db,
  );
  await set({
    startingDirectoryNumber: '2000',
    endingDirectoryNumber: '2003',
    disabled: false,
    universalDeviceTemplate: null,
  });
  await sql`UPDATE auto_registration SET last_directory_number = NULL`.execute(db);
});

/** One registrar is one process of the node. */
const registrar = () =>
  new AutoRegistrar({
    phones: bench.phones.administration.parts,
    store: autoRegistrationStore(bench.phones.database.db),
    nodeId: bench.nodeId,
    clock: { now: () => Date.now() },
  });
const newcomer = (more: Partial<Newcomer> = {}): Newcomer => ({
  name: `SEP02AD${(next++).toString(16).toUpperCase().padStart(8, '0')}` as DeviceName,
  model,
  proved: true,
  sourceAddress: '192.0.2.1',
  ...more,
});
const set = async (body: Readonly<Record<string, unknown>>) => {
  const answer = await bench.phones.call('PUT', '/nodes/node-a/auto-registration', body);
  expect(answer.status).toBe(200);
  return answer.body;
};
const come = async (more?: Partial<Newcomer>, at = registrar()) => {
  const outcome = await at.register(newcomer(more));
  return outcome.kind === 'registered'
    ? outcome.directoryNumber
    : outcome.kind === 'refused'
      ? outcome.code
      : outcome.kind;
};
const remove = (number: string) =>
  sql`DELETE FROM device WHERE id IN (SELECT device_id FROM device_line dl JOIN line l ON l.id = dl.line_id WHERE l.directory_number = ${number})`.execute(
    bench.phones.database.db,
  );

describe('the next directory number', () => {
  it('is the next free one after the last, comes round, and is free again when its phone is gone', async () => {
    expect([await come(), await come()]).toEqual(['2000', '2001']);
    await remove('2000');
    // Not the freed one yet: numbers are not given again before the range has come round.
    expect([await come(), await come()]).toEqual(['2002', '2003']);
    expect(await come()).toBe('2000');
    expect(await come()).toBe('auto_registration_numbers_used_up');
    await remove('2002');
    expect(await come()).toBe('2002');
  });

  it('leaves out numbers that phones have by hand, and the number of TAPS', async () => {
    await bench.phones.call('POST', '/phones', { model, lines: [{ directoryNumber: '2000' }] });
    await bench.set({ directoryNumber: '2001' });
    expect(await come()).toBe('2002');
    await bench.set({ directoryNumber: '8277' });
  });

  it('is each phone’s own, however many come at once and through however many processes', async () => {
    await set({ startingDirectoryNumber: '3000', endingDirectoryNumber: '3059' });
    const processes = [registrar(), registrar(), registrar()];
    const numbers = await Promise.all(Array.from({ length: 30 }, (_, i) => come({}, processes[i % 3])));
    expect(new Set(numbers).size).toBe(30);
    expect(numbers.every((number) => number >= '3000' && number <= '3059')).toBe(true);
  });

  it('is given once to a phone that asks twice at the same moment', async () => {
    const phone = newcomer();
    const outcomes = await Promise.all([registrar().register(phone), registrar().register(phone)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['exists', 'registered']);
    const { rows } = await sql`SELECT 1 FROM device`.execute(bench.phones.database.db);
    expect(rows).toHaveLength(1);
  });

  it('keeps its leading zeros', async () => {
    await set({ startingDirectoryNumber: '0099', endingDirectoryNumber: '0101' });
    expect([await come(), await come()]).toEqual(['0099', '0100']);
  });

  it('is found quickly in a large range whose beginning is used', async () => {
    const { db } = bench.phones.database;
    await come();
    await sql`INSERT INTO line (directory_number, route_partition_id)
              SELECT generate_series(100000, 104999)::text, id FROM route_partition WHERE name = ''`.execute(db);
    await sql`INSERT INTO device_line (device_id, line_index, line_id)
              SELECT (SELECT id FROM device LIMIT 1), 1 + row_number() OVER (), l.id FROM line l
              WHERE l.directory_number >= '100000' AND length(l.directory_number) = 6 LIMIT 99`.execute(db);
    await set({ startingDirectoryNumber: '100000', endingDirectoryNumber: '999999' });
    expect(await come()).toBe('100099');
  });
});

describe('a phone does not come in by itself', () => {
  it.each<[string, () => Promise<unknown>, Partial<Newcomer>, string]>([
    ['when its model uses activation codes', async () => {}, { model: 'Cisco 8845' }, 'not-offered'],
    ['when its model is not known', async () => {}, { model: undefined }, 'not-offered'],
    ['when the box is ticked', () => set({ disabled: true }), {}, 'auto_registration_off'],
    ['when both numbers are equal', () => set({ endingDirectoryNumber: '2000' }), {}, 'auto_registration_off'],
    [
      'when no group is ticked',
      () => sql`UPDATE call_manager_group SET auto_registration = false`.execute(bench.phones.database.db),
      {},
      'auto_registration_off',
    ],
    [
      'when the node is not the first active one',
      () =>
        sql`WITH other AS (INSERT INTO node (name, address, last_seen_at) VALUES ('node-0', '192.0.2.7', now()) RETURNING id),
                 later AS (UPDATE call_manager_group_member SET priority = 1 RETURNING group_id)
            INSERT INTO call_manager_group_member (group_id, node_id, priority) SELECT later.group_id, other.id, 0 FROM later, other`.execute(
          bench.phones.database.db,
        ),
      {},
      'auto_registration_elsewhere',
    ],
    ['without its certificate', async () => {}, { proved: false }, 'certificate_required'],
  ])('%s', async (_, prepare, more, expected) => {
    await prepare();
    expect(await come(more)).toBe(expected);
    await sql`DELETE FROM call_manager_group_member WHERE node_id <> ${bench.nodeId}`.execute(bench.phones.database.db);
    await sql`DELETE FROM node WHERE id <> ${bench.nodeId}`.execute(bench.phones.database.db);
  });

  it('but through the second node of the group while the first is down', async () => {
    const { db } = bench.phones.database;
    await sql`INSERT INTO node (name, address, last_seen_at) VALUES ('node-0', '192.0.2.7', now() - interval '1 minute')`.execute(
      db,
    );
    await sql`UPDATE call_manager_group_member SET priority = 1`.execute(db);
    await sql`INSERT INTO call_manager_group_member (group_id, node_id, priority)
              SELECT g.id, n.id, 0 FROM call_manager_group g, node n WHERE n.name = 'node-0'`.execute(db);
    expect(await come()).toBe('2000');
    await sql`DELETE FROM call_manager_group_member WHERE node_id <> ${bench.nodeId}`.execute(db);
    await sql`DELETE FROM node WHERE id <> ${bench.nodeId}`.execute(db);
  });

  it('without a certificate unless an administrator says so twice: the parameter, and a profile it can use', async () => {
    const { db } = bench.phones.database;
    await sql`INSERT INTO service_parameter (service, name, value) VALUES ('CallManager', 'Auto-registration Without Manufacturing Certificate', 'true')`.execute(
      db,
    );
    expect(await come({ proved: false })).toBe('auto_registration_profile');
    await sql`
      INSERT INTO universal_device_template (name, device_pool_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
      SELECT 'Open phones', t.device_pool_id, p.id, t.sip_profile_id, t.common_phone_profile_id
      FROM universal_device_template t, phone_security_profile p WHERE p.name = 'Open' LIMIT 1`.execute(db);
    await set({ universalDeviceTemplate: 'Open phones' });
    expect(await come({ proved: false })).toBe('2000');
    const inUse = await bench.phones.call('GET', '/auto-registration');
    expect(inUse.body).toMatchObject({ certificateRequired: false, group: 'Default', problems: [] });
    await sql`DELETE FROM service_parameter WHERE service = 'CallManager'`.execute(db);
  });

  it('with a template whose profile wants a password nobody could tell the phone', async () => {
    await sql`
      INSERT INTO universal_device_template (name, device_pool_id, phone_security_profile_id, sip_profile_id, common_phone_profile_id)
      SELECT 'Digest phones', t.device_pool_id, p.id, t.sip_profile_id, t.common_phone_profile_id
      FROM universal_device_template t, phone_security_profile p WHERE p.digest_authentication LIMIT 1`.execute(
      bench.phones.database.db,
    );
    await set({ universalDeviceTemplate: 'Digest phones' });
    expect(await come()).toBe('auto_registration_profile');
    const { body } = await bench.phones.call('GET', '/auto-registration');
    expect(body.problems.map(({ code }: { code: string }) => code)).toEqual(['profile']);
  });
});

describe('a flood of phones that do not come in', () => {
  it('does not ask the database about each, and one that may is let in as soon as the settings are told to have changed', async () => {
    const store = autoRegistrationStore(bench.phones.database.db);
    let asked = 0;
    let now = 0;
    const counting = new Proxy(store, {
      get(target, name: keyof typeof store) {
        const method = target[name] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          asked++;
          return method.apply(target, args);
        };
      },
    });
    const at = new AutoRegistrar({
      phones: bench.phones.administration.parts,
      store: counting,
      nodeId: bench.nodeId,
      clock: { now: () => now },
    });
    for (let i = 0; i < 50; i++) {
      expect(await come({ proved: false }, at)).toBe('certificate_required');
      expect(await come({ model: 'Cisco 8845' }, at)).toBe('not-offered');
    }
    expect(asked).toBeLessThan(10);
    await set({ disabled: true });
    now += 3001;
    for (let i = 0; i < 50; i++) expect(await come({}, at)).toBe('auto_registration_off');
    expect(asked).toBeLessThan(20);
    await set({ disabled: false, endingDirectoryNumber: '2001' });
    at.forget(true);
    expect([await come({}, at), await come({}, at)]).toEqual(['2000', '2001']);
    const before = asked;
    for (let i = 0; i < 50; i++) expect(await come({}, at)).toBe('auto_registration_numbers_used_up');
    expect(asked - before).toBeLessThan(20);
    await remove('2000');
    now += 2001;
    expect(await come({}, at)).toBe('2000');
  });
});

describe('the phone behind a REGISTER', () => {
  const flow = { transport: 'tls', address: '192.0.2.1', port: 1, targetPort: 1, localPort: 2, connection: 1 } as const;
  const claim = { aor: 'sep02ad00000001', contactDevice: undefined, username: undefined, flow };
  const certificate = { kind: 'certificate', deviceName: 'SEP02AD00000001', product: 'CP-7841' } as const;

  it('is the one its certificate names; without one it is what it says', () => {
    expect(unknownPhoneOf({ ...claim, identity: certificate, contactModel: '683' })).toEqual({
      name: 'SEP02AD00000001',
      model: 'CP-7841',
      proved: true,
      sourceAddress: '192.0.2.1',
    });
    expect(unknownPhoneOf({ ...claim, identity: { kind: 'none' }, contactModel: '622' })).toMatchObject({
      model: '622',
      proved: false,
    });
  });

  it.each([
    ['a number', { aor: '1001', identity: certificate }],
    ['another phone’s certificate', { identity: { ...certificate, deviceName: 'SEP02AD00000002' } }],
    ['a certificate that was refused', { identity: { kind: 'refused', reason: 'mic_untrusted' } as const }],
    ['a Contact of another phone', { identity: certificate, contactDevice: 'SEP02AD00000002' }],
    ['a REGISTER that only ends', { identity: certificate, binds: false }],
    ['the door for phones outside', { identity: certificate, door: 'token' as const }],
    ['a BAT name', { aor: 'BAT02AD00000001', identity: { kind: 'none' } as const }],
  ])('is none with %s', (_, more) => {
    expect(unknownPhoneOf({ ...claim, ...more })).toBeUndefined();
  });
});

describe('the settings of a node', () => {
  it('are refused with the field at fault, kept with an audit row, and changed by one of two at a time', async () => {
    const { body, headers } = await bench.phones.call('GET', '/nodes/node-a/auto-registration');
    const put = (fields: object, ifMatch?: string) =>
      bench.phones.call('PUT', '/nodes/node-a/auto-registration', fields, ifMatch === undefined ? {} : { ifMatch });
    expect((await put({ startingDirectoryNumber: '3000' })).body).toMatchObject({
      code: 'invalid_value',
      field: 'endingDirectoryNumber',
    });
    expect((await put({ universalLineTemplate: 'None of these' })).body).toMatchObject({
      code: 'unknown_reference',
      field: 'universalLineTemplate',
    });
    expect((await put({ endingDirectoryNumber: 'x' })).status).toBe(400);
    expect((await bench.phones.call('GET', '/nodes/nowhere/auto-registration')).status).toBe(404);
    const etag = headers.get('etag')!;
    expect(etag).toBe(`"${body.version}"`);
    expect((await put({ endingDirectoryNumber: '2009' }, etag)).status).toBe(200);
    expect((await put({ endingDirectoryNumber: '2019' }, etag)).status).toBe(412);
    const { rows } = await sql<{ detail: unknown }>`
      SELECT detail FROM audit_event WHERE action = 'auto-registration.changed' ORDER BY ordinal DESC LIMIT 1`.execute(
      bench.phones.database.db,
    );
    expect(rows[0]!.detail).toEqual({ changed: { endingDirectoryNumber: ['2003', '2009'] } });
  });

  it('keep the templates they name from being deleted', async () => {
    const { db } = bench.phones.database;
    await sql`
      INSERT INTO universal_line_template (name, route_partition_id) SELECT 'Auto lines', id FROM route_partition WHERE name = ''`.execute(
      db,
    );
    await set({ universalLineTemplate: 'Auto lines' });
    const { rows } = await universalLineTemplateTable.dependencies[0]!.rows(
      (await sql<{ id: string }>`SELECT id FROM universal_line_template WHERE name = 'Auto lines'`.execute(db)).rows[0]!
        .id,
    ).execute(db);
    expect(rows).toEqual([{ name: 'node-a' }]);
    await expect(sql`DELETE FROM universal_line_template WHERE name = 'Auto lines'`.execute(db)).rejects.toThrow(
      /foreign key/,
    );
    await set({ universalLineTemplate: null });
  });
});
