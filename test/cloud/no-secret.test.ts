import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/infra/log/log.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { type TestCluster, testCluster, tester } from '../mra/support/cluster.ts';
import { type CloudBench, cloudBench } from './cloud-bench.ts';

/** Everything that crosses the cloud's listeners in this process, in clear: addresses, headers, bodies, both ways. */
const traffic: string[] = [];
const logged: string[] = [];
const tap = (message: unknown) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  traffic.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`);
  request.on('data', (chunk: Buffer) => traffic.push(chunk.toString('latin1')));
  const end = response.end.bind(response) as (...input: unknown[]) => ServerResponse;
  response.end = ((...input: unknown[]) => {
    if (typeof input[0] === 'string' || input[0] instanceof Uint8Array)
      traffic.push(Buffer.from(input[0] as string).toString('latin1'));
    return end(...input);
  }) as ServerResponse['end'];
};

let cloud: CloudBench;
let cluster: TestCluster;
beforeAll(async () => {
  subscribe('http.server.request.start', tap);
  cloud = await cloudBench({
    log: createLog({ level: 'trace', json: true, node: 'cloud', write: (line) => void logged.push(line) }),
  });
  cluster = await testCluster();
  await cluster.enrol({
    url: cloud.cloud.endpoints.cloud,
    authorityPem: derToPem(cloud.cloud.authority),
    voucher: await cloud.cloud.makeVoucher('secrets'),
  });
});
afterAll(async () => {
  unsubscribe('http.server.request.start', tap);
  await cluster[Symbol.asyncDispose]();
  await cloud[Symbol.asyncDispose]();
});

/** Every row of every table, binary columns in hex. */
async function dump(): Promise<string> {
  const { db } = cloud.database;
  const { rows: tables } = await sql<{ name: string }>`
    select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`.execute(db);
  const parts = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(db);
      return rows.map(({ row }) => row).join('\n');
    }),
  );
  return parts.join('\n');
}

it('never sees a secret, a device name, a number or a person: not in its database, its logs or its traffic', async () => {
  const { phones, phoneCodes } = cluster.phones;
  const names: string[] = [];
  const codes: string[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const phone = await phones.add(
      {
        model: 'Cisco 8845',
        description: `Desk of Rosalind ${turn}`,
        requiresActivationCode: true,
        allowActivationCodeViaMra: true,
        lines: [{ directoryNumber: `77${turn}4419`, label: 'Rosalind' }],
      },
      tester,
    );
    names.push(phone.name);
    const { code } = await phoneCodes.view(phone.name as never, tester, { reveal: true });
    codes.push(code!.replace(/\D/g, ''));
  }
  const phone = await cloud.phone();
  for (const code of codes) expect((await cloud.resolve(phone, code.slice(0, 7))).status).toBe(200);
  // One is released, and all the traffic that comes of it.
  await phoneCodes.release(names[0] as never, tester);
  await cluster.mra.sync.run();
  await cloud.rest('GET', '/clusters');
  await cloud.rest('GET', '/audit-events');
  await expect
    .poll(
      async () =>
        (await sql<{ n: number }>`select coalesce(sum(resolves), 0)::int as n from locator`.execute(cloud.database.db))
          .rows[0]!.n,
      { timeout: 10_000 },
    )
    .toBeGreaterThan(3);

  const { db } = cluster.database;
  const { das_id } = await db.selectFrom('cluster').select('das_id').executeTakeFirstOrThrow();
  const secrets: Record<string, readonly string[]> = {
    // Locator and time are known there; the digits behind the locator are not.
    'the secret digits of a code': codes.map((code) => code.slice(7)),
    'a name of a phone': names,
    'a person': ['Rosalind'],
    'a directory number': codes.map((_, turn) => `77${turn}4419`),
    'the das_id': [das_id],
  };
  const database = await dump();
  const seen = { database, logs: logged.join('\n'), traffic: traffic.join('\n') };
  // The net is not empty, or it would catch nothing.
  for (const [where, text] of Object.entries(seen)) expect(text.length, where).toBeGreaterThan(500);
  expect(seen.traffic).toContain('idempotency_key');
  expect(seen.database).toContain('mra.example.org');
  for (const [what, needles] of Object.entries(secrets))
    for (const [where, text] of Object.entries(seen))
      for (const needle of needles) {
        expect(text.includes(needle), `${what} in ${where}`).toBe(false);
        const hex = Buffer.from(needle).toString('hex');
        expect(text.includes(hex), `${what} in hex in ${where}`).toBe(false);
        expect(text.includes(Buffer.from(needle).toString('base64url')), `${what} in base64 in ${where}`).toBe(false);
      }
});

it('keeps its own secrets out of the database in clear, and out of the logs', async () => {
  const database = await dump();
  const voucher = await cloud.cloud.makeVoucher('another');
  const { readFile } = await import('node:fs/promises');
  const kek = (await readFile(`${cloud.directory}/kek`, 'utf8')).trim();
  const password = (await readFile(cloud.cloud.passwordFile, 'utf8')).trim();
  for (const text of [database, logged.join('\n')]) {
    expect(text).not.toContain(kek);
    expect(text).not.toContain(password);
    expect(text).not.toContain(voucher.split('.')[1]);
    // PKCS#8 of a P-256 key begins so; sealed it does not show.
    expect(text).not.toContain('308187020100301306072a8648ce3d0201');
  }
});
