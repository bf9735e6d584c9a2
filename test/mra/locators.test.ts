import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepCodes } from '../../src/domain/activation/sweep.ts';
import { activationSweepStore } from '../../src/infra/database/activation-sweep-store.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { type CloudBench, cloudBench } from '../cloud/cloud-bench.ts';
import { type TestCluster, testCluster, tester } from './support/cluster.ts';
import { type TroubledRoad, troubledRoad } from './support/troubled-road.ts';

let cloud: CloudBench;
let road: TroubledRoad;
let cluster: TestCluster;

beforeAll(async () => {
  cloud = await cloudBench();
  road = await troubledRoad(cloud.cloud.endpoints.cloud);
  cluster = await testCluster();
  await cluster.enrol({
    url: road.url,
    authorityPem: derToPem(cloud.cloud.authority),
    voucher: await cloud.cloud.makeVoucher('test'),
  });
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await road[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

const addPhone = (more: object = {}) =>
  cluster.phones.phones.add(
    { model: 'Cisco 8845', requiresActivationCode: true, allowActivationCodeViaMra: true, ...more },
    tester,
  );
const codeOf = async (name: string) =>
  (await cluster.phones.phoneCodes.view(name as never, tester, { reveal: true })).code!;
const heldBy = async (id: string) => {
  const { rows } = await sql<{ state: string; via_mra: boolean; locator: string | null; held: string | null }>`
    select c.state, c.via_mra, c.locator, m.state as held from activation_code c
    left join mra_locator m on m.allocation_id = c.allocation_id where c.device_id = ${id}::uuid
    order by c.created_at desc limit 1`.execute(cluster.database.db);
  return rows[0]!;
};
const inState = async (state: string) => (await cluster.locators()).filter((each) => each.state === state).length;

describe('a code that is allowed via MRA', () => {
  it('is made at once with a locator that the cloud knows, and leads phones to the activation domain', async () => {
    const phone = await addPhone();
    expect(phone.activationCode).toMatchObject({ state: 'active', viaMra: true, cloud: 'known' });
    const code = await codeOf(phone.name);
    const answer = await cloud.resolve(await cloud.phone(), code.slice(0, 7));
    expect(answer.claims).toMatchObject({ locator: code.slice(0, 7), activationDomain: 'mra.example.org' });
  });

  it('has a locator of the cluster where the box is not ticked, and the cloud knows nothing of it', async () => {
    const phone = await addPhone({ allowActivationCodeViaMra: false });
    expect(phone.activationCode).toMatchObject({ state: 'active', viaMra: false, cloud: 'none' });
    const code = await codeOf(phone.name);
    expect((await cloud.resolve(await cloud.phone(), code.slice(0, 7))).status).toBe(404);
  });

  it('is replaced when the box is ticked on a phone whose code waits: the old one is for inside only', async () => {
    const phone = await addPhone({ allowActivationCodeViaMra: false });
    const before = await codeOf(phone.name);
    const after = await cluster.phones.phones.change(phone.name, { allowActivationCodeViaMra: true }, tester);
    expect(after.activationCode).toMatchObject({ state: 'active', viaMra: true });
    expect(await codeOf(phone.name)).not.toBe(before);
  });

  it('comes in hundreds: one question to the cloud serves many codes, and no locator is used twice', async () => {
    const before = road.connections;
    const made = await Promise.all(Array.from({ length: 80 }, () => addPhone()));
    expect(made.every(({ activationCode }) => activationCode?.state === 'active' && activationCode.viaMra)).toBe(true);
    expect(road.connections - before).toBeLessThan(10);
    const { rows } = await sql<{ twice: number }>`
      select count(*)::integer as twice from (select locator from activation_code where state <> 'free' group by locator having count(*) > 1) d`.execute(
      cluster.database.db,
    );
    expect(rows[0]!.twice).toBe(0);
  });
});

describe('a locator', () => {
  it.each([
    ['released by an administrator', (name: string) => cluster.phones.phoneCodes.release(name as never, tester)],
    ['of a phone that is deleted', (name: string) => cluster.phones.phones.remove(name as never, tester)],
    [
      'of a phone whose box "Requires Activation Code" is unticked',
      (name: string) => cluster.phones.phones.change(name as never, { requiresActivationCode: false }, tester),
    ],
  ])('goes back to the cloud when its code is %s', async (_, end) => {
    const phone = await addPhone();
    const locator = (await codeOf(phone.name)).slice(0, 7);
    await end(phone.name);
    await cluster.mra.sync.run();
    expect((await cluster.locators()).find((each) => each.locator === locator)?.state).toBe('released');
    expect((await cloud.resolve(await cloud.phone(), locator)).status).toBe(404);
  });

  it('goes back when its code ran out', async () => {
    const phone = await addPhone();
    const { locator } = await heldBy(phone.id);
    await sql`update activation_code set expires_at = now() - interval '1 hour' where device_id = ${phone.id}::uuid`.execute(
      cluster.database.db,
    );
    await sweepCodes({
      store: activationSweepStore(cluster.database.db),
      transactions: cluster.database.transactions,
      timeline: { record() {} },
    });
    expect(await heldBy(phone.id)).toMatchObject({ state: 'expired', held: 'releasing' });
    await cluster.mra.sync.run();
    expect((await cluster.locators()).find((each) => each.locator === locator)?.state).toBe('released');
  });

  it('waits for the confirmation when its code was used, and for ten minutes at most', async () => {
    const phone = await addPhone();
    const use = (state: string) =>
      sql`update activation_code set state = ${state}, consumed_at = coalesce(consumed_at, now()), code_sealed = null where device_id = ${phone.id}::uuid`.execute(
        cluster.database.db,
      );
    await use('consumed');
    await cluster.mra.sync.run();
    expect(await heldBy(phone.id)).toMatchObject({ held: 'releasing' });
    await use('confirmed');
    await cluster.mra.sync.run();
    expect(await heldBy(phone.id)).toMatchObject({ held: 'released' });
  });

  it('is released once: late repetitions do nothing, and cannot free what was given to somebody else', async () => {
    const phone = await addPhone();
    const { locator } = await heldBy(phone.id);
    await cluster.phones.phoneCodes.release(phone.name, tester);
    await cluster.mra.sync.run();
    const [allocation] = (await cluster.locators()).filter((each) => each.locator === locator);
    // The cloud's answer was lost in the view of a node that died: it would ask again.
    await cluster.database.asOwner('alter table mra_locator disable trigger mra_locator_transition');
    await sql`update mra_locator set state = 'releasing', released_at = null, due_at = now()
      where allocation_id = ${allocation!.allocation_id}::uuid`.execute(cluster.database.db);
    await cluster.database.asOwner('alter table mra_locator enable trigger mra_locator_transition');
    expect(await cluster.mra.sync.run()).toBe('done');
    expect((await cluster.locators()).find((each) => each.allocation_id === allocation!.allocation_id)?.state).toBe(
      'released',
    );
  });

  it('of the cluster never meets one of the cloud: the tables refuse it in both directions, also at the same time', async () => {
    const { db } = cluster.database;
    const [stock] = (await cluster.locators()).filter((each) => each.state === 'stock');
    const phone = await addPhone({ allowActivationCodeViaMra: false });
    const own = (await heldBy(phone.id)).locator!;
    const insert = (locator: string) =>
      sql`insert into activation_code (device_name, model, locator, state, code_sealed, salt_sealed, verifier_sealed, expires_at)
        values ('BAT000000000001', 'Cisco 8845', ${locator}, 'active', '\\x00', '\\x00', '\\x00', now() + interval '1 hour') returning id`.execute(
        db,
      );
    expect((await insert(stock!.locator)).rows).toEqual([]);
    await sql`insert into mra_locator (allocation_id, cluster_id, locator, state)
      values (gen_random_uuid(), gen_random_uuid(), ${own}, 'stock')`.execute(db);
    expect((await cluster.locators()).find((each) => each.locator === own)?.state).toBe('releasing');
    // Fifty pairs of strangers that want the same locator at once: one of each pair has it, never both.
    const race = Array.from({ length: 50 }, (_, n) => String(9_000_000 + n));
    await Promise.all(
      race.flatMap((locator) => [
        insert(locator),
        sql`insert into mra_locator (allocation_id, cluster_id, locator, state)
          values (gen_random_uuid(), gen_random_uuid(), ${locator}, 'stock')`.execute(db),
      ]),
    );
    const { rows } = await sql<{ both: number }>`
      select count(*)::integer as both from activation_code c join mra_locator m using (locator)
      where c.state = 'active' and m.state = 'stock' and locator like '90000%'`.execute(db);
    expect(rows[0]!.both).toBe(0);
    await sql`delete from activation_code where locator like '90000%'`.execute(db);
    await sql`delete from mra_locator where locator like '90000%' or locator = ${own}`.execute(db);
  });

  it('that was taken for a code that was never stored is taken again after two minutes', async () => {
    const prepared = await cluster.codes.prepare({ viaMra: true });
    expect(prepared).toHaveProperty('allocationId');
    const { allocationId } = prepared as { allocationId: string };
    const { db } = cluster.database;
    await sql`update mra_locator set state = 'releasing', due_at = 'infinity' where state = 'stock'`.execute(db);
    await sql`update mra_locator set due_at = now() where allocation_id = ${allocationId}::uuid`.execute(db);
    expect(await cluster.codes.prepare({ viaMra: true })).toMatchObject({ allocationId });
    await sql`update mra_locator set due_at = now() where state = 'releasing'`.execute(db);
    await cluster.mra.sync.run();
    expect(await inState('releasing')).toBe(0);
  });
});
