import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchProgram, type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** Two cluster nodes over one PostgreSQL, each a process of its own. */
describe('two nodes', () => {
  let folder: string;
  let database: TestDatabase;
  let a: RunningProgram;
  let b: RunningProgram;
  const key = randomBytes(32).toString('hex');

  function node(name: string, lab: boolean): Promise<RunningProgram> {
    return startAllInOne({
      dataDirectory: join(folder, name),
      lab,
      arguments: ['--role', 'unified-cm', '--node-name', name, '--node-address', '127.0.0.1', '--listen', '127.0.0.1'],
      environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: key },
    });
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-two-nodes-'));
    database = await testDatabase();
    a = await node('ucm-a', true);
    // A phone of the laboratory is let in by nodes whose laboratory is open.
    b = await node('ucm-b', true);
  });
  afterAll(async () => {
    await Promise.all([a?.stop(), b?.stop()]);
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const file = async (from: RunningProgram, name: string) => {
    const response = await fetch(`${from.endpoints['tftpHttp']}/${name}`);
    expect(response.status).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };
  const codes = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const { body } = await a.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
        const answer = await a.rest('GET', `/phones/${body.name}/activation-code`);
        return answer.body.code as string;
      }),
    );

  it('are both in XMLDefault and in the ITL, and say the same in the same octets', async () => {
    const [first, second] = await Promise.all([file(a, 'XMLDefault.cnf.xml'), file(b, 'XMLDefault.cnf.xml')]);
    expect(second).toEqual(first);
    const text = first.toString();
    for (const each of [a, b]) expect(text).toContain(each.endpoints['das']);
    for (const name of ['ITLFile.tlv', 'XMLDefault.cnf.xml.sgn'])
      expect(await file(b, name)).toEqual(await file(a, name));
  });

  it('share what an administrator changes on one of them within a second', async () => {
    const before = await file(b, 'XMLDefault.cnf.xml');
    const started = Date.now();
    const { status } = await a.rest('PUT', '/device-defaults/Cisco%208845', {
      onPremiseOnboardingMethod: 'AutoRegistration',
    });
    expect(status).toBe(200);
    while ((await file(b, 'XMLDefault.cnf.xml')).equals(before)) {
      if (Date.now() - started > 20_000) throw new Error('the other node still serves the old file');
      await new Promise((done) => setTimeout(done, 20));
    }
    await a.rest('PUT', '/device-defaults/Cisco%208845', { onPremiseOnboardingMethod: 'ActivationCode' });
  });

  it('refuses a node with another key-encryption key', async () => {
    const attempt = startAllInOne({
      dataDirectory: join(folder, 'ucm-x'),
      arguments: [
        '--role',
        'unified-cm',
        '--node-name',
        'ucm-x',
        '--node-address',
        '127.0.0.1',
        '--listen',
        '127.0.0.1',
      ],
      environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: randomBytes(32).toString('hex') },
    });
    await expect(attempt).rejects.toThrow(/not the one this database was sealed with/);
  });

  it('finish every activation when one is killed in the midst of them, and none twice', async () => {
    const count = 30;
    const list = join(folder, 'codes.csv');
    await writeFile(list, `code\n${(await codes(count)).join('\n')}\n`);
    const tftp = [a, b].flatMap((each) => ['--tftp', new URL(each.endpoints['tftp']!).host]);
    const fleet = launchProgram([
      ...['phone', '--codes', list, '--model', '8845', '--json', '--spread', '1'],
      ...['--lab-ca-cert', a.lab!.manufacturerCaCert, '--lab-ca-key', a.lab!.manufacturerCaKey],
      ...tftp,
    ]);
    const activations = async () =>
      Number((await sql<{ n: string }>`select count(*) as n from activation`.execute(database.db)).rows[0]!.n);
    while ((await activations()) < 5 && fleet.child.exitCode === null) await new Promise((done) => setTimeout(done, 5));
    await a.kill();
    await fleet.ended;
    const summary = fleet
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .find((line) => line.event === 'summary');
    expect(summary, fleet.output().slice(-3000)).toMatchObject({ phones: count, registered: count, failed: 0 });
    const { rows } = await sql<{ devices: string; codes: string; renamed: string; audited: string }>`
      select (select count(distinct device_id) from activation) as devices,
             (select count(*) from activation_code where state in ('consumed', 'confirmed')) as codes,
             (select count(*) from device where name like 'SEP%') as renamed,
             (select count(*) from audit_event where action = 'activation.accepted') as audited`.execute(database.db);
    const all = String(count);
    expect(await activations()).toBe(count);
    expect(rows[0]).toEqual({ devices: all, codes: all, renamed: all, audited: all });
  });
});
