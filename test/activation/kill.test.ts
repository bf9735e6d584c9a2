import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type CodeBench, codeBench, testKeyEncryptionKey } from '../support/activation.ts';
import { type Issued, makeAuthority } from '../support/certificates.ts';
import { type DasBench, dasBench, outcomeOf, TestPhone } from '../support/das.ts';
import type { CrashPoint, DasProcessStart } from '../support/das-process.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { expectInvariants } from './invariants.ts';

let database: TestDatabase;
let bench: CodeBench;
/** The node that is still there, or the one that was started again. */
let survivor: DasBench;
let server: Issued;

beforeAll(async () => {
  database = await testDatabase();
  bench = codeBench(database);
  survivor = await dasBench(database);
  server = await makeAuthority({ name: 'das.test' });
});
afterEach(() => expectInvariants(database));
afterAll(async () => {
  await survivor[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
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
  const { port } = await ask<{ port: number }>(child, {
    url: database.url,
    keyEncryptionKey: testKeyEncryptionKey.toString('hex'),
    root: Buffer.from(survivor.root.der).toString('base64'),
    key: server.keyPem,
    cert: server.pem,
  } satisfies DasProcessStart);
  await ask(child, { crash });
  const killed = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  return { listener: { port } as DasBench['listener'], issuing: survivor.issuing, killed };
}

describe('a node killed in the middle of an activation', () => {
  it.each([
    ['lookup', 'before', 'active', false],
    ['lookup', 'after', 'active', false],
    ['debit', 'before', 'active', false],
    ['debit', 'after', 'active', false],
    ['redeem', 'before', 'active', false],
    ['redeem', 'after', 'consumed', true],
    ['confirm', 'before', 'consumed', true],
    ['confirm', 'after', 'confirmed', true],
  ] as const)('%s, %s: leaves the code %s, and the phone gets in elsewhere', async (step, when, left, already) => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const dying = await mortalDas({ step, when });
    const phone = await TestPhone.make(dying);
    onTestFinished(() => phone.close());
    const attempt = async () => {
      const { result } = await phone.activate(code);
      if (result?.kind === 'result' && result.confirmBody) await phone.post('confirm', result.confirmBody);
    };
    await expect(attempt()).rejects.toThrow();
    expect(await dying.killed).toBe('SIGKILL');
    await expectInvariants(database);
    const row = () =>
      database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect((await row()).state).toBe(left);

    const again = await TestPhone.make(survivor, { mac: phone.mac, mic: phone.mic! });
    onTestFinished(() => again.close());
    const second = await again.activate(code);
    if (left === 'confirmed') {
      // The phone had stored everything before it confirmed, so it needs no more than that.
      expect(outcomeOf(second)).toBe('code_already_used');
    } else {
      expect(second.result).toMatchObject({ result: { status: 'activated', already } });
      const confirmBody = second.result?.kind === 'result' ? second.result.confirmBody! : '';
      expect((await again.post('confirm', confirmBody)).status).toBe(204);
    }
    expect((await row()).state).toBe('confirmed');
    const activations = await database.db.selectFrom('activation').select('id').where('code_id', '=', id).execute();
    expect(activations).toHaveLength(1);
  });

  it('between a debit and its settlement costs the attempt and nothing else', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const dying = await mortalDas({ step: 'settleMismatch', when: 'before' });
    const wrong = await TestPhone.make(dying);
    onTestFinished(() => wrong.close());
    await expect(wrong.activate(`${code.slice(0, 7)}987654321`)).rejects.toThrow();
    expect(await dying.killed).toBe('SIGKILL');
    const row = await database.db
      .selectFrom('activation_code')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'active', evaluations: 1, mismatches: 0 });
    const right = await TestPhone.make(survivor);
    onTestFinished(() => right.close());
    expect(outcomeOf(await right.activate(code))).toBe('activated');
  });
});
