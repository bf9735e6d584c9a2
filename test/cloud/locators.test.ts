import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClusterStatus } from '../../src/protocol/cloud/cluster.ts';
import {
  type Allocation,
  locatorPath,
  readAllocationPage,
  readAllocationStatus,
  writeAllocate,
} from '../../src/protocol/cloud/locators.ts';
import { type CloudBench, cloudBench, type TestCluster } from './cloud-bench.ts';

let bench: CloudBench;
let berlin: TestCluster;
let paris: TestCluster;
beforeAll(async () => {
  bench = await cloudBench();
  [berlin, paris] = [await bench.enrol('Berlin'), await bench.enrol('Paris')];
  await Promise.all([berlin.configure('mra.berlin.example'), paris.configure('mra.paris.example')]);
});
afterAll(() => bench[Symbol.asyncDispose]());

const db = () => bench.database.db;
const statusOf = async (cluster: TestCluster) =>
  readClusterStatus((await cluster.ask('GET', '/v1/cluster')).text).locators;
const release = (cluster: TestCluster, use: Allocation) => cluster.ask('DELETE', locatorPath(use));
/** As if this quarantine were over. */
const endQuarantine = (use: Allocation) =>
  sql`update locator set free_at = now() - interval '1 second' where locator = ${Number(use.locator)} and released_at is not null`.execute(
    db(),
  );
/** Only these can be given out from now on. */
const limitTo = async (first: string, last: string) => {
  const { status } = await bench.rest('PATCH', '/limits', { firstLocator: first, lastLocator: last });
  expect(status).toBe(200);
};

describe('allocating locators', () => {
  it('gives as many as asked for, all different, counted for the cluster', async () => {
    const before = (await statusOf(berlin)).allocated;
    const given = await berlin.allocate(200);
    expect(new Set(given.map(({ locator }) => locator)).size).toBe(200);
    expect(new Set(given.map(({ allocationId }) => allocationId)).size).toBe(200);
    expect((await statusOf(berlin)).allocated).toBe(before + 200);
  });

  it('gives the same answer to the same idempotency key, also when both race', async () => {
    const key = randomBytes(12).toString('hex');
    const before = (await statusOf(berlin)).allocated;
    const answers = await Promise.all(Array.from({ length: 6 }, () => berlin.allocate(3, key)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await berlin.allocate(3, key)).toEqual(answers[0]);
    expect((await statusOf(berlin)).allocated).toBe(before + 3);
  });

  it('refuses the same key for another count, and knows keys of one cluster apart from those of another', async () => {
    const idempotencyKey = randomBytes(12).toString('hex');
    const mine = await berlin.allocate(1, idempotencyKey);
    const { status, problem } = await berlin.ask('POST', '/v1/locators', writeAllocate({ idempotencyKey, count: 2 }));
    expect([status, problem?.error]).toEqual([409, 'idempotency_conflict']);
    expect(await paris.allocate(1, idempotencyKey)).not.toEqual(mine);
  });

  it('never gives one locator to two, whoever races', async () => {
    await limitTo('5000000', '5000199');
    const wishes = await Promise.all(Array.from({ length: 10 }, (_, turn) => (turn % 2 ? berlin : paris).allocate(20)));
    expect(new Set(wishes.flat().map(({ locator }) => locator)).size).toBe(200);
    // The space is full now.
    const { status, problem } = await berlin.ask(
      'POST',
      '/v1/locators',
      writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 1 }),
    );
    expect([status, problem?.error]).toEqual([503, 'locators_exhausted']);
    expect(problem?.retryAfter).toBeGreaterThan(0);
    await limitTo('0000000', '9999999');
  });

  it('finds the last free ones of an almost full space, or takes none at all', async () => {
    await limitTo('6000000', '6000049');
    const before = await statusOf(paris);
    await paris.allocate(48);
    const two = writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 3 });
    expect((await paris.ask('POST', '/v1/locators', two)).problem?.error).toBe('locators_exhausted');
    expect((await statusOf(paris)).allocated).toBe(before.allocated + 48);
    await limitTo('0000000', '9999999');
  });

  it('keeps to the quota, exactly, also in a race', async () => {
    const small = await bench.enrol('small');
    await small.configure();
    expect((await bench.rest('PATCH', `/clusters/${small.id}`, { quota: 10 })).status).toBe(200);
    const wishes = await Promise.all(
      Array.from({ length: 8 }, () =>
        small.ask('POST', '/v1/locators', writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 3 })),
      ),
    );
    expect(wishes.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(wishes.filter(({ problem }) => problem?.error === 'quota_exceeded')).toHaveLength(5);
    expect((await statusOf(small)).allocated).toBe(9);
  });

  it.each([
    ['no count', { idempotency_key: 'a'.repeat(16) }],
    ['a count of none', { idempotency_key: 'a'.repeat(16), count: 0 }],
    ['too many at once', { idempotency_key: 'a'.repeat(16), count: 1001 }],
    ['a key that is too short', { idempotency_key: 'short', count: 1 }],
    ['a member nobody knows', { idempotency_key: 'a'.repeat(16), count: 1, cluster: 'x' }],
  ])('refuses %s', async (_, body) => {
    const { status, problem } = await berlin.ask('POST', '/v1/locators', JSON.stringify(body));
    expect([status, problem?.error]).toEqual([400, 'bad_request']);
  });
});

describe('releasing locators', () => {
  it('puts one into quarantine, once, however often it is asked', async () => {
    const [use] = await berlin.allocate(1);
    const before = await statusOf(berlin);
    const answers = await Promise.all(Array.from({ length: 5 }, () => release(berlin, use!)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(204));
    const after = await statusOf(berlin);
    expect(after).toMatchObject({ allocated: before.allocated - 1, quarantined: before.quarantined + 1 });
  });

  it('does not give a locator out again before its quarantine is over, and then under another id', async () => {
    await limitTo('7000000', '7000000');
    const [first] = await berlin.allocate(1);
    await release(berlin, first!);
    const wish = () =>
      paris.ask('POST', '/v1/locators', writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 1 }));
    expect((await wish()).problem?.error).toBe('locators_exhausted');
    await endQuarantine(first!);
    const [second] = await paris.allocate(1);
    expect(second!.locator).toBe(first!.locator);
    expect(second!.allocationId).not.toBe(first!.allocationId);
    // The late repeat of the first owner's release frees nothing.
    expect((await release(berlin, first!)).status).toBe(204);
    expect(readAllocationStatus((await paris.ask('GET', locatorPath(second!))).text)).toMatchObject(second!);
    await limitTo('0000000', '9999999');
  });

  it('of another cluster’s locator changes nothing and tells nothing', async () => {
    const [use] = await berlin.allocate(1);
    expect((await release(paris, use!)).status).toBe(204);
    expect((await release(paris, { locator: use!.locator, allocationId: randomUUID() })).status).toBe(204);
    expect(readAllocationStatus((await berlin.ask('GET', locatorPath(use!))).text)).toMatchObject(use!);
    const { status, problem } = await paris.ask('GET', locatorPath(use!));
    expect([status, problem?.error]).toEqual([404, 'allocation_unknown']);
  });

  it('is open to a suspended cluster, allocating is not', async () => {
    const third = await bench.enrol('third');
    await third.configure();
    const [use] = await third.allocate(1);
    expect((await bench.rest('PATCH', `/clusters/${third.id}`, { state: 'suspended' })).status).toBe(200);
    const wish = await third.ask(
      'POST',
      '/v1/locators',
      writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 1 }),
    );
    expect([wish.status, wish.problem?.error]).toEqual([403, 'cluster_suspended']);
    expect((await release(third, use!)).status).toBe(204);
    expect((await statusOf(third)).allocated).toBe(0);
  });
});

describe('a cluster’s own list', () => {
  it('shows its live locators only, page by page', async () => {
    const many = await bench.enrol('many');
    await many.configure();
    const given = [...(await many.allocate(1000)), ...(await many.allocate(200))];
    await release(many, given[0]!);
    const seen: string[] = [];
    for (let next: string | undefined = '', turns = 0; next !== undefined && turns < 10; turns++) {
      const page = readAllocationPage(
        (await many.ask('GET', `/v1/locators${next === '' ? '' : `?after=${next}`}`)).text,
      );
      seen.push(...page.items.map(({ locator }) => locator));
      next = page.next;
    }
    expect(seen).toEqual(
      given
        .slice(1)
        .map(({ locator }) => locator)
        .sort(),
    );
  });
});

describe('the counters', () => {
  it('equal what the table says, after everything above', async () => {
    const { rows } = await sql<{ id: string; allocated: number; live: number }>`
      select c.id, c.allocated, (select count(*)::int from locator l where l.cluster_id = c.id and l.released_at is null) as live from cluster c`.execute(
      db(),
    );
    for (const row of rows) expect(row.allocated).toBe(row.live);
  });
});
