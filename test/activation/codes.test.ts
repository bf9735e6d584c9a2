import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepCodes } from '../../src/domain/activation/sweep.ts';
import type { OnboardingEvent } from '../../src/domain/ports.ts';
import { isActivationCode, isTrivialSecret, locatorOf } from '../../src/identifiers/activation-code.ts';
import { activationSweepStore } from '../../src/infra/database/activation-sweep-store.ts';
import { type CodeBench, codeBench, testActor } from '../support/activation.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let bench: CodeBench;

beforeAll(async () => {
  database = await testDatabase();
  bench = codeBench(database);
});
afterAll(() => database[Symbol.asyncDispose]());

const stateOf = async (id: string) =>
  database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const age = (id: string, column: 'expires_at' | 'ended_at', interval: string) =>
  sql`update activation_code set ${sql.ref(column)} = now() - ${interval}::interval where id = ${id}`.execute(
    database.db,
  );
const sweep = (events: OnboardingEvent[] = []) =>
  sweepCodes({
    store: activationSweepStore(database.db),
    transactions: database.transactions,
    timeline: { record: (event) => void events.push(event) },
  });

describe('an issued code', () => {
  it('has 16 digits, a free locator, no trivial secret, and lives as long as it was told', async () => {
    const before = Date.now();
    const device = await bench.addDevice();
    const issued = await bench.issue(device, { hours: 12 });
    expect(isActivationCode(issued.code)).toBe(true);
    expect(isTrivialSecret(issued.code.slice(7, 15))).toBe(false);
    expect(Math.abs(issued.expiresAt.getTime() - before - 12 * 3_600_000)).toBeLessThan(60_000);
    expect(await bench.codes.liveOf(device.id)).toMatchObject({ id: issued.id, state: 'active' });
  });

  it('is stored sealed: neither digits nor secret appear in any column', async () => {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const row = await stateOf(id);
    for (const value of Object.values(row)) {
      const text = Buffer.isBuffer(value) ? value.toString('latin1') : String(value);
      expect(text).not.toContain(code);
      expect(text).not.toContain(code.slice(7));
    }
  });

  it('is the only one of its device', async () => {
    const device = await bench.addDevice();
    await bench.issue(device);
    await expect(bench.issue(device)).rejects.toMatchObject({ code: 'code_already_active' });
    const prepared = await bench.codes.prepareMany(8);
    const other = await bench.addDevice();
    const racing = prepared.map((one) =>
      database.transactions.run((tx) =>
        bench.codes.issue(tx, one, {
          deviceId: other.id,
          deviceName: other.name,
          model: other.model,
          viaMra: false,
          timeToLiveHours: 1,
          actor: testActor,
        }),
      ),
    );
    const outcomes = await Promise.allSettled(racing);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'code_already_active' });
    }
  });

  it('is never issued a second time, nor is its locator while it is in use', async () => {
    const device = await bench.addDevice();
    const prepared = await bench.codes.prepare();
    const request = { viaMra: false, timeToLiveHours: 1, actor: testActor, model: device.model };
    const issue = (to: { id: string; name: typeof device.name }, one = prepared) =>
      database.transactions.run((tx) =>
        bench.codes.issue(tx, one, { ...request, deviceId: to.id, deviceName: to.name }),
      );
    await issue(device);
    const other = await bench.addDevice();
    await expect(issue(other)).rejects.toMatchObject({ code: 'code_collision' });
    const sameLocator = { ...(await bench.codes.prepare()), locator: prepared.locator };
    await expect(issue(other, sameLocator)).rejects.toMatchObject({ code: 'code_collision' });
    await database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor));
    await expect(issue(device)).rejects.toMatchObject({ code: 'code_collision' });
  });

  it('can be shown to who may see it, and every look is audited', async () => {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const reveal = () => database.transactions.run((tx) => bench.codes.reveal(tx, device.id, testActor));
    expect(await reveal()).toMatchObject({ code, state: 'active' });
    await reveal();
    const seen = await database.db
      .selectFrom('audit_event')
      .select(['action', 'actor'])
      .where('object_id', '=', id)
      .where('action', '=', 'activation-code.revealed')
      .execute();
    expect(seen).toHaveLength(2);
    const exported = await database.transactions.run((tx) =>
      bench.codes.exportOutstanding(tx, { limit: 1000 }, testActor),
    );
    expect(exported.find(({ deviceName }) => deviceName === device.name)?.code).toBe(code);
  });

  it('is gone once released: wiped, not shown, and another may be made', async () => {
    const device = await bench.addDevice();
    const { id } = await bench.issue(device);
    await database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor));
    expect(await stateOf(id)).toMatchObject({ state: 'revoked', code_sealed: null });
    await expect(database.transactions.run((tx) => bench.codes.reveal(tx, device.id, testActor))).rejects.toMatchObject(
      { code: 'no_live_code' },
    );
    await expect(
      database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor)),
    ).rejects.toMatchObject({ code: 'no_live_code' });
    await expect(bench.issue(device)).resolves.toMatchObject({ code: expect.any(String) });
  });
});

describe('the sweep', () => {
  it('expires what is overdue, but not while a handshake that began in time may still finish', async () => {
    const device = await bench.addDevice();
    const { id } = await bench.issue(device);
    await age(id, 'expires_at', '60 seconds');
    await sweep();
    expect((await stateOf(id)).state).toBe('active');
    expect((await bench.codes.liveOf(device.id))?.state).toBe('expired');
    await age(id, 'expires_at', '2 minutes');
    const events: OnboardingEvent[] = [];
    await sweep(events);
    expect(await stateOf(id)).toMatchObject({ state: 'expired', code_sealed: null });
    expect(events).toContainEqual(expect.objectContaining({ deviceName: device.name, step: 'code-expired' }));
  });

  it('locks a code whose evaluations are used up without ever being settled', async () => {
    const device = await bench.addDevice();
    const { id } = await bench.issue(device);
    await sql`update activation_code set evaluations = 20, mismatches = 18 where id = ${id}`.execute(database.db);
    await sweep();
    expect((await stateOf(id)).state).toBe('locked');
  });

  it('frees a locator only after its quarantine', async () => {
    const device = await bench.addDevice();
    const { id } = await bench.issue(device);
    await database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor));
    await age(id, 'ended_at', '29 days');
    await sweep();
    expect((await stateOf(id)).state).toBe('revoked');
    await age(id, 'ended_at', '31 days');
    await sweep();
    expect(await stateOf(id)).toMatchObject({ state: 'free', salt_sealed: null, verifier_sealed: null });
  });

  it('lets an expired code be released and a new one be made', async () => {
    const device = await bench.addDevice();
    const first = await bench.issue(device);
    await age(first.id, 'expires_at', '1 second');
    const second = await bench.issue(device);
    expect((await stateOf(first.id)).state).toBe('expired');
    expect(locatorOf(second.code)).not.toBe(locatorOf(first.code));
    await age(second.id, 'expires_at', '2 minutes');
    await sweep();
    await expect(
      database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor)),
    ).resolves.toMatchObject({ was: 'expired' });
  });
});

describe('the schema', () => {
  it.each([
    ['consumed', 'active'],
    ['revoked', 'active'],
    ['free', 'active'],
    ['active', 'confirmed'],
    ['active', 'free'],
    ['locked', 'active'],
    ['expired', 'consumed'],
    ['confirmed', 'consumed'],
  ])('refuses the step from %s to %s', async (from, to) => {
    const device = await bench.addDevice();
    const { id } = await bench.issue(device);
    const path: Record<string, readonly string[]> = {
      consumed: ['consumed'],
      confirmed: ['consumed', 'confirmed'],
      revoked: ['revoked'],
      expired: ['expired'],
      locked: ['locked'],
      free: ['revoked', 'released', 'free'],
      active: [],
    };
    const step = (state: string) =>
      sql`update activation_code set state = ${state}, code_sealed = null, consumed_at = now(),
            salt_sealed = case when ${state} = 'free' then null else salt_sealed end,
            verifier_sealed = case when ${state} = 'free' then null else verifier_sealed end
          where id = ${id}`.execute(database.db);
    for (const state of path[from]!) await step(state);
    await expect(step(to)).rejects.toMatchObject({ code: '23514' });
  });
});
