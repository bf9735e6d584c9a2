/**
 * What a phone's question costs the cloud with few and with many live locators.
 * `node bench/cloud.ts [--few N] [--many N] [--rounds N] [--phones N]`. Two clouds, each with its own database and process, take turns; every phone
 * shows its own MIC on its own TLS connection and asks as often as an hour allows. The ratio of processor time (the cloud's and its database's) is
 * the claim: rates depend on what else the machine does.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { writeResolve } from '../src/protocol/cloud/resolve.ts';
import { issueMicFor, makeAuthority } from '../test/support/certificates.ts';
import { type TestDatabase, testDatabase } from '../test/support/database.ts';
import type { CloudServerStart } from './cloud-server.ts';

const { values } = parseArgs({
  options: {
    few: { type: 'string', default: '1000' },
    many: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    phones: { type: 'string', default: '200' },
  },
});
const rounds = Number(values.rounds);
const questions = 20;

const manufacturer = await makeAuthority({ algorithm: 'rsa2048' });
const phones = await Promise.all(
  Array.from({ length: Number(values.phones) }, (_, n) =>
    issueMicFor(manufacturer, `00AA${n.toString(16).toUpperCase().padStart(8, '0')}`),
  ),
);

interface Cloud {
  readonly live: number;
  readonly database: TestDatabase;
  readonly child: ChildProcess;
  readonly directory: string;
  readonly url: string;
}

async function startOne(live: number): Promise<Cloud> {
  const database = await testDatabase({ empty: true });
  const directory = await mkdtemp(join(tmpdir(), 'firstring-bench-cloud-'));
  const child = fork(fileURLToPath(new URL('cloud-server.ts', import.meta.url)));
  const url = await new Promise<string>((done, failed) => {
    child.once('exit', () => failed(new Error('the cloud ended early')));
    child.once('message', (message) => done((message as { url: string }).url));
    child.send({
      url: database.url,
      dataDirectory: directory,
      manufacturer: Buffer.from(manufacturer.der).toString('base64'),
    } satisfies CloudServerStart);
  });
  const { db } = database;
  await sql`
    insert into cluster (name, activation_domain, enabled, cluster_hint, quota, allocated)
    select 'cluster ' || n, 'mra' || n || '.example.org', true, decode(repeat('07', 32), 'hex'), 10000000, ${live / 20}::int
    from generate_series(1, 20) n`.execute(db);
  // 7919 and the size of the space have no factor in common: every locator once, spread over all of it.
  await sql`
    insert into locator (locator, allocation_id, cluster_id)
    select (n::bigint * 7919 % 10000000)::int, gen_random_uuid(), c.id
    from generate_series(1, ${live}::int) n
    join (select id, row_number() over (order by id) as place from cluster) c on c.place = n % 20 + 1`.execute(db);
  await sql`vacuum analyze`.execute(db);
  return { live, database, child, directory, url };
}

/** One phone: a connection, and its questions one after the other; how many were answered. */
async function ask({ url, live }: Cloud, phone: (typeof phones)[number], times: number[]): Promise<void> {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 1,
    rejectUnauthorized: false,
    cert: phone.pem,
    key: phone.keyPem,
  });
  for (let turn = 0; turn < questions; turn++) {
    const number = ((1 + Math.floor(Math.random() * live)) * 7919) % 10_000_000;
    const body = writeResolve({ locator: String(number).padStart(7, '0'), cnonce: randomBytes(32) });
    const began = performance.now();
    const status = await new Promise<number>((done, failed) => {
      const call = request(`${url}/v1/resolve`, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      });
      call.once('error', failed);
      call.once('response', (response) => {
        response.resume();
        response.once('end', () => done(response.statusCode ?? 0));
      });
      call.end(body);
    });
    if (status !== 200) throw new Error(`a phone was answered with ${status}`);
    // The first one pays for the connection.
    if (turn > 0) times.push(performance.now() - began);
  }
  agent.destroy();
}

const ticksPerSecond = 100;

/** Seconds of processor time that the cloud and the backends of its database have had; undefined where /proc is missing. */
async function processorTime({ child, database }: Cloud): Promise<number | undefined> {
  const own = await new Promise<number>((done) => {
    child.once('message', (message) => done((message as { seconds: number }).seconds));
    child.send('processor-time');
  });
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
    database.db,
  );
  try {
    const ticks = rows.map(({ pid }) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
      return Number(fields[11]) + Number(fields[12]);
    });
    return own + ticks.reduce((sum, each) => sum + each, 0) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

async function round(cloud: Cloud): Promise<{ rate: number; median: number; cost: number | undefined }> {
  await sql`truncate mic_use`.execute(cloud.database.db);
  const waiting = [...phones];
  const times: number[] = [];
  const before = await processorTime(cloud);
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let phone = waiting.pop(); phone !== undefined; phone = waiting.pop()) await ask(cloud, phone, times);
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  const after = await processorTime(cloud);
  const asked = phones.length * questions;
  return {
    rate: asked / seconds,
    median: times[Math.floor(times.length / 2)]!,
    cost: before === undefined || after === undefined ? undefined : ((after - before) * 1000) / asked,
  };
}

const clouds = [await startOne(Number(values.few)), await startOne(Number(values.many))] as const;
try {
  for (const cloud of clouds) await round(cloud);
  const costs = new Map<Cloud, number[]>(clouds.map((cloud) => [cloud, []]));
  for (let turn = 0; turn < rounds; turn++) {
    for (const cloud of turn % 2 ? [...clouds].reverse() : clouds) {
      const { rate, median, cost } = await round(cloud);
      // Without /proc the time between question and answer has to do.
      costs.get(cloud)!.push(cost ?? median);
      const shown = cost === undefined ? '' : `   ${cost.toFixed(2)} ms of a processor each`;
      console.log(
        `${String(cloud.live).padStart(8)} live locators  ${rate.toFixed(0).padStart(6)} resolves/s   median ${median.toFixed(1)} ms${shown}`,
      );
    }
  }
  const middle = (cloud: Cloud) => costs.get(cloud)!.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
  const [few, many] = clouds;
  console.log(
    `\na resolve with ${many.live} live locators costs ${(middle(many) / middle(few)).toFixed(2)} × what it costs with ${few.live} (target: at most 1.2)`,
  );
} finally {
  for (const { child, directory, database } of clouds) {
    child.kill('SIGKILL');
    await database[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }
}
