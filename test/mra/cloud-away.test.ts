import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
const inState = async (state: string) => (await cluster.locators()).filter((each) => each.state === state).length;

describe('while the cloud does not answer', () => {
  it('codes come from the stock, then wait as drafts, and become codes when the cloud is back', async () => {
    await cluster.mra.sync.run();
    road.be('refuse');
    const phones = [];
    while (phones.at(-1)?.activationCode?.state !== 'draft') {
      phones.push(await addPhone());
      expect(phones.length).toBeLessThan(200);
    }
    const waiting = phones.at(-1)!;
    expect(waiting.activationCode).toMatchObject({ state: 'draft', cloud: 'waiting' });
    expect(cluster.events.at(-1)).toMatchObject({ step: 'code-waits', deviceId: waiting.id });
    const shown = await cluster.phones.phoneCodes.view(waiting.name, tester, { reveal: true });
    expect(shown).toMatchObject({ code: undefined, summary: { state: 'draft' } });
    expect(await cluster.mra.sync.run()).toBe('failed');
    expect(await cluster.mra.onboarding.show()).toMatchObject({
      state: 'failing',
      locators: { drafts: 1 },
      connection: { lastErrorCode: 'cloud_unreachable' },
    });
    road.be('pass');
    expect(await cluster.mra.sync.run()).toBe('done');
    const now = await cluster.phones.phones.find(waiting.name);
    expect(now.activationCode).toMatchObject({ state: 'active', viaMra: true, cloud: 'known' });
    expect((await cloud.resolve(await cloud.phone(), (await codeOf(waiting.name)).slice(0, 7))).status).toBe(200);
    expect(cluster.events.filter(({ deviceId }) => deviceId === waiting.id).map(({ step }) => step)).toEqual([
      'phone-added',
      'code-waits',
      'code-made',
      'code-revealed',
    ]);
  });

  it('a draft can be released, and one whose phone is gone is forgotten', async () => {
    road.be('refuse');
    await sql`update mra_locator set state = 'releasing', due_at = now() where state = 'stock'`.execute(
      cluster.database.db,
    );
    const released = await addPhone();
    const deleted = await addPhone();
    expect([released, deleted].map(({ activationCode }) => activationCode?.state)).toEqual(['draft', 'draft']);
    await cluster.phones.phoneCodes.release(released.name, tester);
    await cluster.phones.phones.remove(deleted.name, tester);
    road.be('pass');
    expect(await cluster.mra.sync.run()).toBe('done');
    expect((await cluster.mra.onboarding.show()).locators.drafts).toBe(0);
    expect((await cluster.phones.phones.find(released.name)).activationCode?.state).toBe('revoked');
  });

  it('an answer that was lost is asked for again with the same key: no locator is lost, none is taken twice', async () => {
    await cluster.mra.sync.run();
    await sql`update mra_locator set state = 'releasing', due_at = 'infinity' where state = 'stock'`.execute(
      cluster.database.db,
    );
    await cluster.mra.onboarding.check();
    await sql`update mra_locator set state = 'releasing', due_at = 'infinity' where state = 'stock'`.execute(
      cluster.database.db,
    );
    const known = (await cluster.locators()).length;
    road.be('lose');
    const phone = await addPhone();
    expect(phone.activationCode?.state).toBe('draft');
    const open = await cluster.database.db
      .selectFrom('mra_locator_order')
      .select(['idempotency_key', 'count'])
      .where('done_at', 'is', null)
      .execute();
    expect(open).toHaveLength(1);
    road.be('pass');
    expect(await cluster.mra.sync.run()).toBe('done');
    expect((await cluster.phones.phones.find(phone.name)).activationCode?.state).toBe('active');
    // What the cloud counts as ours is what we know of.
    await sql`update mra_locator set due_at = now() where state = 'releasing'`.execute(cluster.database.db);
    await cluster.mra.sync.run();
    await cluster.mra.sync.run();
    const { connection } = await cluster.mra.onboarding.show();
    const held = (await cluster.locators()).filter(({ state }) => state !== 'released').length;
    expect(connection.locatorsAllocated).toBe(held);
    expect((await cluster.locators()).length).toBeGreaterThan(known);
  });

  it('a silent cloud makes nobody wait for long', async () => {
    await sql`update mra_locator set state = 'releasing', due_at = 'infinity' where state = 'stock'`.execute(
      cluster.database.db,
    );
    const other = cluster.node('node-b', 300);
    road.be('silence');
    const first = await other.codes.prepare({ viaMra: true });
    const second = await other.codes.prepare({ viaMra: true });
    road.be('pass');
    await other[Symbol.asyncDispose]();
    expect([first, second]).toEqual([{ waitsForCloud: true }, { waitsForCloud: true }]);
    await sql`update mra_locator set due_at = now() where state = 'releasing'`.execute(cluster.database.db);
    await cluster.mra.sync.run();
  });
});

describe('several nodes', () => {
  it('take from one stock and fill it together: no locator twice, none lost', async () => {
    await sql`update mra_locator set state = 'releasing', due_at = 'infinity' where state = 'stock'`.execute(
      cluster.database.db,
    );
    const other = cluster.node('node-b');
    const prepared = await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? cluster : other).codes.prepare({ viaMra: true })),
    );
    await other[Symbol.asyncDispose]();
    const taken = prepared.map((each) => ('allocationId' in each ? each.allocationId : undefined));
    expect(taken).not.toContain(undefined);
    expect(new Set(taken).size).toBe(30);
    await sql`update mra_locator set state = 'stock', due_at = null where state = 'reserved'`.execute(
      cluster.database.db,
    );
    await sql`update mra_locator set due_at = now() where state = 'releasing'`.execute(cluster.database.db);
    await cluster.mra.sync.run();
  });

  it('leave the cloud to one of them at a time; one that died with the lease is given up', async () => {
    const { db } = cluster.database;
    await sql`update cloud_connection set lease_holder = 'node-z', lease_until = now() + interval '1 minute'`.execute(
      db,
    );
    expect(await cluster.mra.sync.run()).toBe('busy-elsewhere');
    await sql`update cloud_connection set lease_until = now()`.execute(db);
    expect(await cluster.mra.sync.run()).toBe('done');
  });
});

describe('MRA switched off', () => {
  it('makes codes for inside only, turns drafts into such, and gives the stock back', async () => {
    road.be('refuse');
    await sql`update mra_locator set state = 'releasing', due_at = now() where state = 'stock'`.execute(
      cluster.database.db,
    );
    const draft = await addPhone();
    expect(draft.activationCode?.state).toBe('draft');
    road.be('pass');
    await cluster.mra.onboarding.change(tester, { enableActivationCodeOnboarding: false });
    await cluster.mra.sync.run();
    await cluster.mra.sync.run();
    expect((await cluster.phones.phones.find(draft.name)).activationCode).toMatchObject({
      state: 'active',
      viaMra: false,
      cloud: 'none',
    });
    expect(await inState('stock')).toBe(0);
    expect((await addPhone()).activationCode).toMatchObject({ state: 'active', viaMra: false });
  });
});
