import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { handshakeService, limits, ProofsUsedUp } from '../../src/domain/activation/handshake.ts';
import { sweepCodes } from '../../src/domain/activation/sweep.ts';
import { FailedProofsService } from '../../src/domain/settings/failed-proofs.ts';
import { type Locator, locatorOf } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { verhoeffDigit } from '../../src/identifiers/verhoeff.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { activationSweepStore } from '../../src/infra/database/activation-sweep-store.ts';
import { failedProofsStore } from '../../src/infra/database/failed-proofs-store.ts';
import { type CodeBench, codeBench, plainAuditLog, testActor, testKeyEncryptionKey } from '../support/activation.ts';
import { type DasBench, dasBench, nextMac, outcomeOf, TestPhone } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { noTokens } from '../support/no-tokens.ts';
import { expectInvariants } from './invariants.ts';

const most = limits.perMicAndDay;
let database: TestDatabase;
let bench: CodeBench;
let das: DasBench;
beforeAll(async () => {
  database = await testDatabase({ max: 20 });
  bench = codeBench(database);
  das = await dasBench(database, {
    limits: { perMic: { burst: 10_000, perSecond: 1000 }, perSource: { burst: 10_000, perSecond: 1000 } },
  });
});
afterEach(() => expectInvariants(database));
afterAll(async () => {
  await das[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** As a node of its own has it: nothing is shared but the database. */
const service = () =>
  handshakeService({
    store: handshakeStore(database.pool),
    sealer: bench.sealer,
    decoys: decoys(testKeyEncryptionKey),
    random: systemRandom,
    tokens: noTokens,
    node: 'test-node',
  });
const newCode = async () => (await bench.issue(await bench.addDevice())).code;
const mic = () => ({ sha256: randomBytes(32), mac: nextMac() as MacAddress });
type Mic = ReturnType<typeof mic>;
const row = (sha256: Uint8Array) =>
  database.db
    .selectFrom('mic_failed_proof')
    .selectAll()
    .where('mic_sha256', '=', Buffer.from(sha256))
    .executeTakeFirst();
const audited = async (mac: string) =>
  (
    await database.db
      .selectFrom('audit_event')
      .select('action')
      .where('object_kind', '=', 'mic')
      .where('object_name', '=', mac)
      .orderBy('ordinal')
      .execute()
  ).map(({ action }) => action);

/** Opens and fails; what became of it. */
async function fail(handshakes: ReturnType<typeof service>, who: Mic, locator: Locator): Promise<'failed' | 'refused'> {
  try {
    const record = await handshakes.open(locator, who.sha256);
    await handshakes.mismatch(record, await handshakes.debit(record, who));
    return 'failed';
  } catch (error) {
    if (error instanceof ProofsUsedUp) return 'refused';
    throw error;
  }
}
const unknown = () => String(randomBytes(4).readUInt32BE() % 10_000_000).padStart(7, '0') as Locator;

describe('the proofs that one certificate may fail in a day', () => {
  it('are counted exactly when fifty fail at once on two nodes, for known, locked and unknown codes', async () => {
    const nodes = [service(), service()];
    const codes = await Promise.all(Array.from({ length: 10 }, newCode));
    const who = mic();
    // All are opened before any is charged: no look beforehand could have refused them.
    const opened = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const handshakes = nodes[i % 2]!;
        // Six for each of some codes, where five are allowed; the rest for locators that nobody has.
        const locator = i < 42 ? locatorOf(codes[i % 7]!) : unknown();
        return { handshakes, record: await handshakes.open(locator, who.sha256) };
      }),
    );
    const outcomes = await Promise.all(
      opened.map(async ({ handshakes, record }) => {
        try {
          await handshakes.mismatch(record, await handshakes.debit(record, who));
          return 'failed';
        } catch (error) {
          if (error instanceof ProofsUsedUp) return 'refused';
          throw error;
        }
      }),
    );
    expect(outcomes.filter((each) => each === 'failed')).toHaveLength(most);
    expect(outcomes.filter((each) => each === 'refused')).toHaveLength(50 - most);
    expect((await row(who.sha256))?.charges).toHaveLength(most);
    // Told once, however many were refused.
    expect(await audited(who.mac)).toEqual(['mic.proofs-used-up']);
    // Also a node that was not there yet refuses it; and nobody else is refused.
    expect(await fail(service(), who, locatorOf(codes[9]!))).toBe('refused');
    expect(await fail(service(), mic(), locatorOf(codes[9]!))).toBe('failed');
    const { rows } = await sql<{ evaluations: number }>`
      select sum(evaluations)::integer as evaluations from activation_evaluation where mic_sha256 = ${who.sha256}`.execute(
      database.db,
    );
    expect(rows[0]!.evaluations).toBeLessThanOrEqual(most);
  });

  it('come back one by one as each is a day old, by the clock of the database', async () => {
    const handshakes = service();
    const who = mic();
    for (let i = 0; i < most; i++) expect(await fail(handshakes, who, unknown())).toBe('failed');
    expect(await fail(handshakes, who, unknown())).toBe('refused');
    await sql`update mic_failed_proof set charged_at =
      array(select case when n <= 3 then t - interval '24 hours' else t end from unnest(charged_at) with ordinality as u(t, n) order by n)
      where mic_sha256 = ${who.sha256}`.execute(database.db);
    for (let i = 0; i < 3; i++) expect(await fail(handshakes, who, unknown())).toBe('failed');
    expect(await fail(handshakes, who, unknown())).toBe('refused');
    // The log has heard of this day already.
    expect(await audited(who.mac)).toEqual(['mic.proofs-used-up']);
    await sql`update mic_failed_proof set charged_at = array(select t - interval '2 days' from unnest(charged_at) as t),
      told_at = told_at - interval '2 days' where mic_sha256 = ${who.sha256}`.execute(database.db);
    await sweepCodes({
      store: activationSweepStore(database.db),
      transactions: database.transactions,
      timeline: { record() {} },
    });
    expect(await row(who.sha256)).toBeUndefined();
  });

  it('are told to a phone as rate_limited with the time to wait, the same for every code, the right one too', async () => {
    const right = await newCode();
    const others = await Promise.all(Array.from({ length: 6 }, newCode));
    const phone = await TestPhone.make(das);
    onTestFinished(() => phone.close());
    for (let i = 0; i < most; i++) {
      const code = others[i % others.length]!;
      expect(outcomeOf(await phone.activate(wrong(code)))).toBe('code_not_accepted');
    }
    const answers = [];
    for (const code of [right, wrong(right), others[0]!, '9999999000000017']) {
      const { reply } = await phone.start(code);
      answers.push({ ...reply, text: reply.text.replace(/"ref":"[0-9a-f]+"/, '') });
    }
    expect(answers[0]).toMatchObject({ status: 429, error: { error: 'rate_limited' } });
    for (const { status, text } of answers) expect({ status, text }).toEqual({ status: 429, text: answers[0]!.text });
    for (const { retryAfter } of answers) {
      expect(Number(retryAfter)).toBeGreaterThan(86_000);
      expect(Number(retryAfter)).toBeLessThanOrEqual(86_400);
    }
    expect(das.counts.get('ProofsUsedUp')).toBeGreaterThanOrEqual(4);
    expect(das.events.filter(({ reason }) => reason === 'mic_proofs_used_up')).toMatchObject(
      Array(4).fill({ mac: phone.mac, step: 'start', result: 'failed' }),
    );
    expect(await audited(phone.mac)).toEqual(['mic.proofs-used-up']);

    // An administrator sees it, and lets it try again.
    const failed = new FailedProofsService(
      failedProofsStore(database.db),
      database.transactions,
      plainAuditLog(database),
    );
    const { items } = await failed.list({ search: phone.mac, filters: { refused: true } });
    expect(items).toMatchObject([{ mac: phone.mac, failed: most, refusedUntil: expect.any(Date) }]);
    await failed.forget(testActor, items[0]!.micSha256);
    expect(await audited(phone.mac)).toEqual(['mic.proofs-used-up', 'mic.failed-proofs-forgotten']);
    expect(outcomeOf(await phone.activate(right))).toBe('activated');
    expect((await failed.list({ search: phone.mac })).items).toEqual([]);
    await expect(failed.forget(testActor, items[0]!.micSha256)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are refused at prove as well, before anything is looked at', async () => {
    const code = await newCode();
    const phone = await TestPhone.make(das);
    onTestFinished(() => phone.close());
    const { challenged, x } = await phone.start(code);
    const sha256 = hash('sha256', phone.mic!.der, 'buffer');
    const handshakes = service();
    const opened = await Promise.all(Array.from({ length: most }, () => handshakes.open(unknown(), sha256)));
    for (const record of opened) await handshakes.debit(record, { sha256, mac: phone.mac as MacAddress });
    const proved = await phone.post('prove', phone.proveBody(challenged!, x!).body);
    expect(proved).toMatchObject({ status: 429, error: { error: 'rate_limited' } });
    // Nothing was charged to the code either.
    const { rows } = await sql`select 1 from activation_evaluation where mic_sha256 = ${sha256}`.execute(database.db);
    expect(rows).toEqual([]);
  });

  it('do not count right ones, however many, nor what a database that was away never took back', async () => {
    const phone = await TestPhone.make(das);
    onTestFinished(() => phone.close());
    for (let i = 0; i < most - 1; i++) await phone.activate(wrong(await newCode()));
    const code = await newCode();
    // The same activation again and again: each is a proof that is right.
    for (let i = 0; i < 5; i++) expect(outcomeOf(await phone.activate(code))).toBe('activated');
    // And those that are right and refused for another reason.
    await sql`update activation_code set expires_at = now() - interval '1 hour' where device_id is not null and state = 'active'`.execute(
      database.db,
    );
    const expired = await newCode();
    await sql`update activation_code set expires_at = now() - interval '1 hour' where locator = ${locatorOf(expired)}`.execute(
      database.db,
    );
    for (let i = 0; i < 5; i++) expect(outcomeOf(await phone.activate(expired))).toBe('code_expired');
    const sha256 = hash('sha256', phone.mic!.der, 'buffer');
    expect((await row(sha256))?.charges).toHaveLength(most - 1);
  });
});

/** The same locator, another secret, its check digit. */
function wrong(code: string): string {
  const digits = code.slice(0, 14) + ((Number(code[14]) + 1) % 10);
  return digits + verhoeffDigit(digits);
}
