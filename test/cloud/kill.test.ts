import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readEnrolled, writeEnrol } from '../../src/protocol/cloud/enrol.ts';
import { locatorPath, readAllocations, writeAllocate } from '../../src/protocol/cloud/locators.ts';
import { type CloudBench, certificateRequest, cloudBench, type TestCluster } from './cloud-bench.ts';
import type { CloudCrash, CloudProcessStart } from './cloud-process.ts';

let bench: CloudBench;
let cluster: TestCluster;
beforeAll(async () => {
  bench = await cloudBench();
  cluster = await bench.enrol('survivor');
  await cluster.configure();
});
afterEach(async () => {
  const { rows } = await sql<{ allocated: number; live: number; answered: number }>`
    select c.allocated, (select count(*)::int from locator l where l.cluster_id = c.id and l.released_at is null) as live,
      (select coalesce(sum(cardinality(r.locators)), 0)::int from allocation_request r where r.cluster_id = c.id) as answered
    from cluster c where c.id = ${cluster.id}::uuid`.execute(bench.database.db);
  expect(rows[0]!.allocated).toBe(rows[0]!.live);
  // What was given is written down whole, or not at all.
  const { rows: half } = await sql`select 1 from allocation_request where cardinality(locators) <> count`.execute(
    bench.database.db,
  );
  expect(half).toHaveLength(0);
});
afterAll(() => bench[Symbol.asyncDispose]());

const tell = <T>(child: ChildProcess, message: CloudProcessStart | CloudCrash) =>
  new Promise<T>((resolve, reject) => {
    child.once('exit', () => reject(new Error('ended early')));
    child.once('message', (answer) => resolve(answer as T));
    child.send(message);
  });

async function mortal() {
  const child = fork(fileURLToPath(new URL('./cloud-process.ts', import.meta.url)));
  onTestFinished(() => void child.kill('SIGKILL'));
  const killed = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  const { url } = await tell<{ url: string }>(child, { url: bench.database.url, dataDirectory: bench.directory });
  return { url, killed, arm: (crash: CloudCrash['crash']) => tell(child, { crash }) };
}

describe('a node of the cloud killed (SIGKILL)', () => {
  it('between allocating and answering: the repeat gets what was allocated, once', async () => {
    const node = await mortal();
    await node.arm('before-answer');
    const before = await liveOnes();
    const wish = writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 5 });
    await expect(bench.askAt(node.url, 'POST', '/v1/locators', wish, cluster.identity)).rejects.toThrow();
    expect(await node.killed).toBe('SIGKILL');
    expect(await liveOnes()).toBe(before + 5);
    const repeat = readAllocations((await cluster.ask('POST', '/v1/locators', wish)).text);
    expect(repeat).toHaveLength(5);
    expect(await liveOnes()).toBe(before + 5);
    for (const use of repeat) expect((await cluster.ask('GET', locatorPath(use))).status).toBe(200);
  });

  it('between enrolling and answering: the repeat gets the same cluster', async () => {
    const node = await mortal();
    await node.arm('before-answer');
    const [voucher, { csr }] = [await bench.cloud.makeVoucher('killed'), await certificateRequest()];
    const request = writeEnrol({ voucher, csr, name: 'killed' });
    await expect(bench.askAt(node.url, 'POST', '/v1/enrol', request)).rejects.toThrow();
    expect(await node.killed).toBe('SIGKILL');
    const { clusterId } = readEnrolled((await bench.ask('POST', '/v1/enrol', request)).text);
    const { rows } = await sql<{ id: string }>`select id from cluster where name = 'killed'`.execute(bench.database.db);
    expect(rows.map(({ id }) => id)).toEqual([clusterId]);
  });

  it('between releasing and answering: the repeat changes nothing more', async () => {
    const [use] = await cluster.allocate(1);
    const before = await liveOnes();
    const node = await mortal();
    await node.arm('before-answer');
    await expect(bench.askAt(node.url, 'DELETE', locatorPath(use!), undefined, cluster.identity)).rejects.toThrow();
    await node.killed;
    expect((await cluster.ask('DELETE', locatorPath(use!))).status).toBe(204);
    expect(await liveOnes()).toBe(before - 1);
  });

  it.each([3, 10, 25])(
    'at any moment of many wishes (%i ms in): each is answered the same at last, none twice',
    async (delay) => {
      const node = await mortal();
      const before = await liveOnes();
      const wishes = Array.from({ length: 30 }, () =>
        writeAllocate({ idempotencyKey: randomBytes(12).toString('hex'), count: 2 }),
      );
      await node.arm(delay);
      const first = await Promise.all(
        wishes.map((wish) =>
          bench.askAt(node.url, 'POST', '/v1/locators', wish, cluster.identity).then(
            ({ status, text }) => (status === 200 ? readAllocations(text) : undefined),
            () => undefined,
          ),
        ),
      );
      await node.killed;
      const second = await Promise.all(
        wishes.map(async (wish) => readAllocations((await cluster.ask('POST', '/v1/locators', wish)).text)),
      );
      first.forEach((answer, turn) => {
        if (answer !== undefined) expect(second[turn]).toEqual(answer);
      });
      expect(new Set(second.flat().map(({ locator }) => locator)).size).toBe(60);
      expect(await liveOnes()).toBe(before + 60);
    },
  );
});

async function liveOnes(): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from locator where cluster_id = ${cluster.id}::uuid and released_at is null`.execute(
    bench.database.db,
  );
  return rows[0]!.n;
}
