import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeviceName } from '../../src/identifiers/device-name.ts';
import { Fault } from '../../src/kernel/errors.ts';
import { type PhoneBench, phoneBench } from './phone-bench.ts';

let bench: PhoneBench;
beforeAll(async () => {
  bench = await phoneBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const actor = { name: 'tester', sourceAddress: '' };

/** What must be true of one device, as far as people can tell. */
interface Expected {
  readonly id: string;
  mac: string | undefined;
  requires: boolean;
  live: boolean;
}

/** The same story told beside the system, in its simplest form. */
class Story {
  readonly devices: Expected[] = [];
  created = 0;
  deleted = 0;
  renamed = 0;
  locked = 0;
  unlocked = 0;
  activated = 0;

  taken(mac: string, but?: Expected): boolean {
    return this.devices.some((device) => device !== but && device.mac === mac);
  }
}

type Step =
  | { readonly kind: 'add'; readonly mac: string | undefined; readonly requires: boolean }
  | { readonly kind: 'mac'; readonly which: number; readonly mac: string | null }
  | { readonly kind: 'tick'; readonly which: number; readonly ticked: boolean }
  | { readonly kind: 'replace' | 'generate' | 'release' | 'expire' | 'remove'; readonly which: number }
  | { readonly kind: 'redeem'; readonly which: number; readonly mac: string };

// Few, so that they meet.
const macs = ['00A1B6000001', '00A1B6000002', '00A1B6000003'];
const mac = fc.constantFrom(...macs);
const which = fc.nat(3);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), mac: fc.option(mac, { nil: undefined }), requires: fc.boolean() }),
  fc.record({ kind: fc.constant('mac' as const), which, mac: fc.option(mac, { nil: null }) }),
  fc.record({ kind: fc.constant('tick' as const), which, ticked: fc.boolean() }),
  fc.record({
    kind: fc.constantFrom(
      'replace' as const,
      'generate' as const,
      'release' as const,
      'expire' as const,
      'remove' as const,
    ),
    which,
  }),
  fc.record({ kind: fc.constant('redeem' as const), which, mac }),
);

/** The code of the fault, or `done`. */
async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return 'done';
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

const nameOf = async (id: string) =>
  (await bench.database.db.selectFrom('device').select('name').where('id', '=', id).executeTakeFirstOrThrow())
    .name as DeviceName;

function rename(story: Story, device: Expected, to: string | undefined): void {
  if (device.mac === to) return;
  device.mac = to;
  story.renamed++;
  if (device.requires) device.live = true;
}

async function take(story: Story, step: Step): Promise<void> {
  const { phones, phoneCodes } = bench.administration;
  if (step.kind === 'add') {
    let id: string | undefined;
    const result = await outcome(async () => {
      id = (await phones.add({ model: 'Cisco 8845', mac: step.mac, requiresActivationCode: step.requires }, actor)).id;
    });
    const taken = step.mac !== undefined && story.taken(step.mac);
    expect(result).toBe(taken ? 'device_exists' : 'done');
    if (taken) return;
    story.devices.push({ id: id!, mac: step.mac, requires: step.requires, live: step.requires });
    story.created++;
    return;
  }
  const device = story.devices[step.which];
  if (device === undefined) return;
  const name = await nameOf(device.id);
  switch (step.kind) {
    case 'mac': {
      const result = await outcome(() => phones.change(name, { mac: step.mac }, actor));
      const taken = step.mac !== null && story.taken(step.mac, device);
      expect(result).toBe(taken ? 'device_exists' : 'done');
      if (!taken) rename(story, device, step.mac ?? undefined);
      return;
    }
    case 'tick': {
      expect(await outcome(() => phones.change(name, { requiresActivationCode: step.ticked }, actor))).toBe('done');
      if (step.ticked && !device.requires) {
        story.locked++;
        device.live = true;
      }
      if (!step.ticked) {
        if (device.requires) story.unlocked++;
        device.live = false;
      }
      device.requires = step.ticked;
      return;
    }
    case 'replace': {
      expect(await outcome(() => phones.replace(name, actor))).toBe('done');
      if (!device.requires) {
        story.locked++;
        device.live = true;
      }
      device.requires = true;
      rename(story, device, undefined);
      return;
    }
    case 'generate': {
      expect(await outcome(() => phoneCodes.generate(name, actor, { reveal: false }))).toBe(
        device.live ? 'code_already_active' : 'done',
      );
      if (device.live) return;
      if (!device.requires) story.locked++;
      device.requires = true;
      device.live = true;
      return;
    }
    case 'release': {
      const { rows } = await sql<{ state: string }>`
        SELECT state FROM activation_code WHERE device_id = ${device.id} ORDER BY state = 'active' DESC, created_at DESC LIMIT 1`.execute(
        bench.database.db,
      );
      const something = device.live || rows[0]?.state === 'active' || rows[0]?.state === 'expired';
      expect(await outcome(() => phoneCodes.release(name, actor))).toBe(something ? 'done' : 'no_active_code');
      device.live = false;
      return;
    }
    case 'expire': {
      await sql`UPDATE activation_code SET expires_at = now() WHERE device_id = ${device.id} AND state = 'active'`.execute(
        bench.database.db,
      );
      device.live = false;
      return;
    }
    case 'redeem': {
      const fits =
        device.live && (device.mac === undefined || device.mac === step.mac) && !story.taken(step.mac, device);
      const done = await bench.redeem(name, step.mac).catch(() => false);
      expect(done).toBe(fits);
      if (!fits) return;
      Object.assign(device, { mac: step.mac, requires: false, live: false });
      story.activated++;
      return;
    }
    case 'remove': {
      expect(await outcome(() => phones.remove(name, actor))).toBe('done');
      story.devices.splice(step.which, 1);
      story.deleted++;
    }
  }
}

async function checkInvariants(story: Story): Promise<void> {
  const { db } = bench.database;
  const devices = await db.selectFrom('device').select(['id', 'name', 'requires_activation_code']).execute();
  const codes = await db.selectFrom('activation_code').selectAll().execute();
  expect(new Map(devices.map((row) => [row.id, row.name.startsWith('SEP') ? row.name.slice(3) : undefined]))).toEqual(
    new Map(story.devices.map((each) => [each.id, each.mac])),
  );
  for (const each of story.devices) {
    const row = devices.find((device) => device.id === each.id)!;
    expect(row.requires_activation_code).toBe(each.requires);
    const active = codes.filter((code) => code.device_id === each.id && code.state === 'active');
    expect(active.length).toBeLessThanOrEqual(1);
    expect(active.some((code) => code.expires_at.getTime() > Date.now())).toBe(each.live);
    if (!each.requires) expect(active).toEqual([]);
    for (const code of active) expect(code.bound_mac ?? undefined).toBe(each.mac);
  }
  for (const code of codes) {
    expect(code.code_sealed === null).toBe(code.state !== 'active');
    if (code.device_id === null) expect(code.state).not.toBe('active');
  }
  // The audit log tells exactly the transitions there were.
  const rows = await db
    .selectFrom('audit_event')
    .select(['action', (eb) => eb.fn.countAll<string>().as('count')])
    .groupBy('action')
    .execute();
  const audited = (action: string) => Number(rows.find((row) => row.action === action)?.count ?? 0);
  const count = (...states: string[]) => codes.filter((code) => states.includes(code.state)).length;
  expect({
    created: audited('phone.created'),
    deleted: audited('phone.deleted'),
    renamed: audited('phone.renamed'),
    locked: audited('phone.locked'),
    unlocked: audited('phone.unlocked'),
    activated: audited('activation.accepted'),
    issued: audited('activation-code.issued'),
    released: audited('activation-code.released'),
    expired: audited('activation-code.expired'),
  }).toEqual({
    created: story.created,
    deleted: story.deleted,
    renamed: story.renamed,
    locked: story.locked,
    unlocked: story.unlocked,
    activated: story.activated,
    issued: codes.length,
    released: count('revoked', 'released'),
    expired: count('expired'),
  });
}

it('whatever is done to phones and codes in whatever order, names, codes, locks and audit rows agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      await bench.database.asOwner(
        'set session_replication_role = replica',
        'truncate device, activation_code, audit_event cascade',
      );
      const story = new Story();
      for (const each of steps) {
        await take(story, each);
        await checkInvariants(story);
      }
    }),
    { numRuns: 25, endOnFailure: false },
  );
});
