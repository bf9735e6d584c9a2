import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MicMaker } from '../../src/phone/identity/mic.ts';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { addPhone, eventually, labOf, realPhone } from './support/real-system.ts';

/** A node joins and leaves while phones stand between the download of the trust list and their proof. */
describe('a cluster whose trust list changes', () => {
  let database: TestDatabase;
  const nodes: RunningProgram[] = [];
  let lab: MicMaker;
  const kek = randomBytes(32).toString('base64');
  const start = async (name: string) => {
    const node = await startAllInOne({
      arguments: ['--role', 'unified-cm', '--node-name', name, '--node-address', '127.0.0.1', '--listen', '127.0.0.1'],
      environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: kek },
    });
    nodes.push(node);
    return node;
  };
  const lists = async () => (await database.db.selectFrom('trust_list').select('id').execute()).length;
  beforeAll(async () => {
    database = await testDatabase();
    lab = await labOf(await start('node-a'));
  });
  afterAll(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]();
    await database?.[Symbol.asyncDispose]();
  });

  it.each([
    ['a node joins', async () => void (await start('node-b'))],
    [
      'a certificate leaves',
      async () =>
        void (await database.db
          .deleteFrom('node_certificate')
          .where('purpose', '=', 'tvs')
          .where('node_id', '=', database.db.selectFrom('node').select('id').where('name', '=', 'node-b'))
          .execute()),
    ],
  ])(
    'lets a phone in that stands in between when %s, and its story says activated only once it confirmed',
    async (_, change) => {
      const [node] = nodes as [RunningProgram];
      const { code } = await addPhone(node);
      const before = await lists();
      const phone = realPhone(node, lab, code, {
        askCode: async () => {
          await change();
          await eventually(lists, (count) => count > before);
          return code;
        },
      });
      expect(await phone.boot(), phone.steps.map(({ text }) => text).join('\n')).toBe('registered');
      await eventually(
        async () => (await node.rest('GET', `/phones/${phone.name}/timeline`)).body.attempts.at(-1)?.outcome,
        (outcome) => outcome === 'registered',
      );
      await phone.phone.powerOff();
    },
  );
});
