import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkBench, bulkBench } from './bulk-bench.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  await bench.phones.addUser('ann', ['end-user'], { firstName: 'Ann', lastName: 'Berg' });
  await bench.template({
    name: 'Doors',
    requiresActivationCode: true,
    lines: [
      { partition: '', label: 'Left', display: 'Ann', maxCalls: 6, busyTrigger: 3 },
      { partition: '', label: '', display: '', maxCalls: 4, busyTrigger: 2 },
    ],
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

/** What a person asked for, at whatever door. */
const wanted = (numbers: readonly [string, string]) => ({
  model: 'Cisco 8845',
  description: 'One phone, many doors',
  ownerUserId: 'ann',
  devicePool: 'Default',
  phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
  sipProfile: 'Standard SIP Profile',
  commonPhoneProfile: 'Standard Common Phone Profile',
  requiresActivationCode: true,
  allowActivationCodeViaMra: false,
  enabled: true,
  lines: [
    { directoryNumber: numbers[0], label: 'Left', display: 'Ann', maxCalls: 6, busyTrigger: 3 },
    { directoryNumber: numbers[1], maxCalls: 4, busyTrigger: 2 },
  ],
});

type Door = (mac: string | undefined, numbers: readonly [string, string]) => Promise<string>;

/** The page of the console sends the very request of REST. */
const doors: Readonly<Record<string, Door>> = {
  async REST(mac, numbers) {
    const answer = await bench.call('POST', '/phones', { ...wanted(numbers), ...(mac === undefined ? {} : { mac }) });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body.name;
  },
  async AXL(mac, numbers) {
    const from = wanted(numbers);
    // A script chooses the BAT name itself.
    const name = mac === undefined ? `BAT${numbers[0].padStart(12, '0')}` : `SEP${mac}`;
    const line = (index: number, number: string, more: string) =>
      `<line><index>${index}</index>${more}<dirn><pattern>${number}</pattern></dirn></line>`;
    await bench.phones.axl(
      'addPhone',
      `<phone><name>${name}</name><description>${from.description}</description><product>${from.model}</product><class>Phone</class><protocol>SIP</protocol>` +
        `<devicePoolName>${from.devicePool}</devicePoolName><commonPhoneConfigName>${from.commonPhoneProfile}</commonPhoneConfigName>` +
        `<securityProfileName>${from.phoneSecurityProfile}</securityProfileName><sipProfileName>${from.sipProfile}</sipProfileName><lines>` +
        line(
          1,
          numbers[0],
          '<label>Left</label><display>Ann</display><maxNumCalls>6</maxNumCalls><busyTrigger>3</busyTrigger>',
        ) +
        line(2, numbers[1], '') +
        `</lines><ownerUserName>ann</ownerUserName><enableActivationID>true</enableActivationID></phone>`,
    );
    return name;
  },
  async 'bulk, Specific Details'(mac, numbers) {
    await bench.upload(
      'door.csv',
      `MAC ADDRESS,DESCRIPTION,USER ID,DIRECTORY NUMBER 1,DIRECTORY NUMBER 2\n${mac ?? ''},"One phone, many doors",ann,${numbers.join(',')}\n`,
    );
    const job = await bench.job('insert-phones', {
      file: 'door.csv',
      template: 'Doors',
      createDummyMacAddress: mac === undefined,
    });
    return nameOfOnly(job.id);
  },
  async 'bulk, All Details'(mac, numbers) {
    const from = wanted(numbers);
    await bench.upload(
      'door-all.csv',
      `Device Name,Device Type,Description,Device Pool,Owner User ID,Device Security Profile,SIP Profile,Common Phone Profile,Requires Activation Code for Onboarding,Directory Number 1,Line Text Label 1,Display 1,Maximum Number of Calls 1,Busy Trigger 1,Directory Number 2\n` +
        `${mac === undefined ? '' : `SEP${mac}`},${from.model},"${from.description}",${from.devicePool},ann,${from.phoneSecurityProfile},${from.sipProfile},${from.commonPhoneProfile},t,${numbers[0]},Left,Ann,6,3,${numbers[1]}\n`,
      { transaction: 'insert-phones-all-details' },
    );
    const job = await bench.job('insert-phones', { file: 'door-all.csv', createDummyMacAddress: mac === undefined });
    return nameOfOnly(job.id);
  },
};

async function nameOfOnly(job: number): Promise<string> {
  const rows = await bench.rows(job);
  expect(rows).toHaveLength(1);
  expect(rows[0].state, JSON.stringify(rows)).toBe('done');
  return rows[0].name;
}

interface Traces {
  readonly device: Record<string, unknown>;
  readonly lines: readonly unknown[];
  readonly codes: readonly unknown[];
  readonly audit: readonly unknown[];
  readonly timeline: readonly unknown[];
}

/** Every row the phone left, without what is random or names it. */
async function tracesOf(name: string, numbers: readonly [string, string]): Promise<Traces> {
  const { db } = bench.phones.database;
  await bench.phones.timeline.flush();
  const all = async <T>(query: ReturnType<typeof sql<T>>) => (await query.execute(db)).rows;
  const plain = (value: unknown) =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(name, 'NAME')
        .replaceAll(name.slice(3), 'MAC')
        .replaceAll(numbers[0], 'FIRST')
        .replaceAll(numbers[1], 'SECOND'),
    );
  const [device] = await all<Record<string, unknown>>(
    sql`select to_jsonb(d) - '{id,config_epoch,config_uuid,created_at,updated_at,digest_password_sealed}'::text[] as row from device d where name = ${name}`,
  );
  const lines = await all(
    sql`select to_jsonb(dl) - '{device_id,line_id,contact_uuid}'::text[] as device_line, to_jsonb(l) - '{id,created_at}'::text[] as line
      from device_line dl join line l on l.id = dl.line_id join device d on d.id = dl.device_id where d.name = ${name} order by dl.line_index`,
  );
  const codes = await all(
    sql`select to_jsonb(c) - '{id,device_id,locator,code_sealed,salt_sealed,verifier_sealed,created_at,expires_at}'::text[] as code,
      round(extract(epoch from c.expires_at - c.created_at)) as life, octet_length(c.code_sealed) as code_length,
      octet_length(c.salt_sealed) as salt_length, octet_length(c.verifier_sealed) as verifier_length
      from activation_code c where c.device_name = ${name}`,
  );
  const audit = await all(
    sql`select actor, source_address, action, object_kind, object_name, detail - 'expiresAt' as detail, node from audit_event
      where object_name in (${name}, ${numbers[0]}, ${numbers[1]}) order by ordinal`,
  );
  const timeline = await all(
    sql`select model, step, result, reason, detail from onboarding_event where device_name = ${name} order by id`,
  );
  return {
    device: plain(device),
    lines: plain(lines),
    codes: plain(codes),
    audit: plain(audit),
    timeline: plain(timeline),
  };
}

describe('the doors agree', () => {
  for (const [what, mac] of [
    ['a phone whose MAC address is known', '02DD0000000'],
    ['a phone without one', undefined],
  ] as const)
    it(`about ${what}: the same device, lines, code, audit and timeline rows`, async () => {
      const traces: [string, Traces][] = [];
      for (const [index, [door, add]] of Object.entries(doors).entries()) {
        const numbers = [`77${mac === undefined ? 1 : 0}${index}1`, `77${mac === undefined ? 1 : 0}${index}2`] as const;
        const name = await add(mac === undefined ? undefined : `${mac}${index}`, numbers);
        expect(name).toMatch(mac === undefined ? /^BAT/ : /^SEP/);
        traces.push([door, await tracesOf(name, numbers)]);
      }
      const [, first] = traces[0]!;
      expect(first.lines).toHaveLength(2);
      expect(first.codes).toHaveLength(1);
      expect(first.audit.map((row) => (row as { action: string }).action)).toEqual([
        'line.created',
        'line.created',
        'phone.created',
        'activation-code.issued',
      ]);
      for (const [door, each] of traces.slice(1)) expect(each, door).toEqual(first);
    });

  it('about what they refuse', async () => {
    await bench.call('POST', '/phones', { model: 'Cisco 8845', mac: '02DD00000099' });
    const refusals: [object, string][] = [
      [{ mac: '02DD00000099' }, '02DD00000099,,,'],
      [{ mac: '02DD0000009' }, '02DD0000009,,,'],
      [{ mac: '02DD00000098', ownerUserId: 'nobody' }, '02DD00000098,nobody,,'],
      [{ mac: '02DD00000098', lines: [{ directoryNumber: '12x' }] }, '02DD00000098,,12x,'],
      [{ mac: '02DD00000098', lines: [{ directoryNumber: '12', partition: 'Nowhere' }] }, '02DD00000098,,12,Nowhere'],
    ];
    await bench.upload(
      'refused.csv',
      `MAC ADDRESS,USER ID,DIRECTORY NUMBER 1,PARTITION 1\n${refusals.map(([, row]) => row).join('\n')}\n`,
    );
    const job = await bench.job('insert-phones', { file: 'refused.csv', template: 'Doors' });
    const rows = await bench.rows(job.id);
    for (const [index, [body]] of refusals.entries()) {
      const { body: problem } = await bench.call('POST', '/phones', { model: 'Cisco 8845', ...body });
      expect(rows[index].errors.map((each: { code: string }) => each.code)).toContain(problem.code);
    }
  });
});
