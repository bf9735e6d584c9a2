import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { codeBench, testKeyEncryptionKey } from '../support/activation.ts';
import { makeAuthority } from '../support/certificates.ts';
import { type DasBench, dasBench, TestPhone } from '../support/das.ts';
import type { CrashPoint, DasProcessStart } from '../support/das-process.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testTokens } from '../support/tokens.ts';

let database: TestDatabase;
let survivor: DasBench;
beforeAll(async () => {
  database = await testDatabase();
  survivor = await dasBench(database, { tokens: (await testTokens()).tokens });
});
afterAll(async () => {
  await survivor?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const ask = <T>(child: ChildProcess, message: object) =>
  new Promise<T>((resolve, reject) => {
    child.once('exit', () => reject(new Error('ended early')));
    child.once('message', (answer) => resolve(answer as T));
    child.send(message);
  });

async function mortalDas(crash: CrashPoint) {
  const child = fork(fileURLToPath(new URL('../support/das-process.ts', import.meta.url)));
  onTestFinished(() => void child.kill('SIGKILL'));
  const server = await makeAuthority({ name: 'das.test' });
  const { port } = await ask<{ port: number }>(child, {
    url: database.url,
    keyEncryptionKey: testKeyEncryptionKey.toString('hex'),
    root: Buffer.from(survivor.root.der).toString('base64'),
    key: server.keyPem,
    cert: server.pem,
    tokens: true,
  } satisfies DasProcessStart);
  await ask(child, { crash });
  const killed = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  return { listener: { port } as DasBench['listener'], issuing: survivor.issuing, killed };
}

it.each([
  ['before', 0],
  ['after', 1],
] as const)(
  'a node killed %s the redeem of a phone marked for outside (D12): tokens and activation are there both or neither, and the retry leaves one live family',
  async (when, left) => {
    const bench = codeBench(database);
    const device = await bench.addDevice({ mra: true });
    const { code } = await bench.issue(device);
    const dying = await mortalDas({ step: 'redeem', when });
    const phone = await TestPhone.make(dying);
    onTestFinished(() => phone.close());
    await expect(phone.activate(code)).rejects.toThrow();
    expect(await dying.killed).toBe('SIGKILL');
    const counts = async () => {
      const { rows } = await sql<{ activations: number; live: number; ended: number; tokens: number }>`
      select (select count(*)::integer from activation where device_id = ${device.id}) as activations,
             (select count(*)::integer from oauth_family where device_id = ${device.id} and revoked_at is null) as live,
             (select count(*)::integer from oauth_family where device_id = ${device.id} and revoked_at is not null) as ended,
             (select count(*)::integer from oauth_refresh r join oauth_family f on f.id = r.family_id where f.device_id = ${device.id}) as tokens`.execute(
        database.db,
      );
      return rows[0];
    };
    expect(await counts()).toEqual({ activations: left, live: left, ended: 0, tokens: left });

    const again = await TestPhone.make(survivor, { mac: phone.mac, mic: phone.mic! });
    onTestFinished(() => again.close());
    const { result } = await again.activate(code);
    expect(result).toMatchObject({
      kind: 'result',
      result: { status: 'activated', already: left === 1, oauth: { tokenType: 'Bearer' } },
    });
    expect(await counts()).toEqual({ activations: 1, live: 1, ended: left, tokens: 1 + left });
  },
);

it('a phone that is not marked for outside gets no tokens', async () => {
  const bench = codeBench(database);
  const device = await bench.addDevice();
  const { code } = await bench.issue(device);
  const phone = await TestPhone.make(survivor);
  onTestFinished(() => phone.close());
  const { result } = await phone.activate(code);
  expect(result?.kind === 'result' && 'oauth' in result.result).toBe(false);
});
