import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MicMaker } from '../../src/phone/identity/mic.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addPhone, eventually, labOf, type RealPhone, realPhone } from './support/real-system.ts';

describe('a cluster of two nodes', () => {
  let database: TestDatabase;
  let nodes: readonly RunningProgram[];
  let lab: MicMaker;
  const start = (name: string, kek: string) =>
    startAllInOne({
      arguments: ['--role', 'unified-cm', '--node-name', name, '--node-address', '127.0.0.1', '--listen', '127.0.0.1'],
      environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: kek },
    });
  beforeAll(async () => {
    database = await testDatabase();
    const kek = randomBytes(32).toString('base64');
    const first = await start('node-a', kek);
    nodes = [first, await start('node-b', kek)];
    lab = await labOf(first);
  });
  afterAll(async () => {
    for (const node of nodes ?? []) await node[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  it('tells phones of both, and gives both the same trust list', async () => {
    const files = await Promise.all(
      nodes.map(async ({ endpoints }) => ({
        defaults: await (await fetch(`${endpoints['tftpHttp']}/XMLDefault.cnf.xml`)).text(),
        itl: Buffer.from(await (await fetch(`${endpoints['tftpHttp']}/ITLFile.tlv`)).arrayBuffer()).toString('base64'),
      })),
    );
    for (const node of nodes) expect(files[0]!.defaults).toContain(node.endpoints['das']);
    expect(files[1]).toEqual(files[0]);
  });

  it('brings a phone in that knows the second node only', async () => {
    const { code } = await addPhone(nodes[0]!);
    const phone = realPhone(nodes[1]!, lab, code);
    expect(await phone.boot()).toBe('registered');
    await phone.phone.powerOff();
  });

  it('brings every phone in when the first node is killed with activations in flight, each once', async () => {
    const [doomed, survivor] = nodes as [RunningProgram, RunningProgram];
    const prepared = await Promise.all(Array.from({ length: 12 }, () => addPhone(doomed)));
    const started = Promise.withResolvers<void>();
    const phones: RealPhone[] = prepared.map(({ code }) =>
      realPhone(doomed, lab, code, {
        systems: [doomed, survivor],
        patient: true,
        onStep: ({ step }) => {
          if (step === 'start') started.resolve();
        },
      }),
    );
    const outcomes = Promise.all(phones.map((phone) => phone.boot()));
    // At least one has begun its handshake with the node that is about to die.
    await started.promise;
    await doomed.kill();
    expect(await outcomes).toEqual(phones.map(() => 'registered'));

    const names = phones.map(({ name }) => name);
    const { db } = database;
    const devices = await db.selectFrom('device').select('name').where('name', 'in', names).execute();
    expect(devices).toHaveLength(phones.length);
    const activations = await db
      .selectFrom('activation')
      .select(['device_name', 'previous_name'])
      .where('device_name', 'in', names)
      .execute();
    expect(new Set(activations.map((row) => row.device_name)).size).toBe(phones.length);
    expect(activations.map((row) => row.previous_name).sort()).toEqual(prepared.map(({ name }) => name).sort());
    await eventually(
      () =>
        db
          .selectFrom('registration')
          .innerJoin('node', 'node.id', 'registration.node_id')
          .select('registration.device_name')
          .where('node.name', '=', 'node-b')
          .where('registration.device_name', 'in', names)
          .execute(),
      (rows) => rows.length === phones.length,
    );
    await Promise.all(phones.map(({ phone }) => phone.powerOff()));
  });
});
