import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { handshakeService, type Proof } from '../../src/domain/activation/handshake.ts';
import type { HandshakeStore } from '../../src/domain/activation/ports.ts';
import { locatorOf } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { Fault } from '../../src/kernel/errors.ts';
import { type CodeBench, codeBench, testKeyEncryptionKey } from '../support/activation.ts';
import { type DasBench, dasBench, nextMac, outcomeOf, TestPhone } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { noTokens } from '../support/no-tokens.ts';
import { expectInvariants } from './invariants.ts';

type Step = keyof HandshakeStore;
/** What happens to a step: it is not done, or it is done and nobody hears of it. */
type Trouble = Partial<Record<Step, 'fails' | 'is lost'>>;

let database: TestDatabase;
let bench: CodeBench;
let das: DasBench;
let trouble: Trouble = {};

const away = () => new Fault('ours', 'database_unavailable', 'The database cannot be used at the moment.');
function troubled(real: HandshakeStore): HandshakeStore {
  return new Proxy(real, {
    get(target, step: Step) {
      const call = target[step] as (...input: unknown[]) => Promise<unknown>;
      return async (...input: unknown[]) => {
        if (trouble[step] === 'fails') throw away();
        const result = await call(...input);
        if (trouble[step] === 'is lost') throw away();
        return result;
      };
    },
  });
}

beforeAll(async () => {
  database = await testDatabase({ max: 20 });
  bench = codeBench(database);
  das = await dasBench(database, {
    limits: { perMic: { burst: 10_000, perSecond: 1000 }, perSource: { burst: 10_000, perSecond: 1000 } },
    store: troubled,
  });
});
beforeEach(() => {
  trouble = {};
});
afterEach(() => expectInvariants(database));
afterAll(async () => {
  await das[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function phone() {
  const made = await TestPhone.make(das);
  onTestFinished(() => made.close());
  return made;
}
const codeRow = (id: string) =>
  database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** `busy` closes the connection. */
async function attempt(its: TestPhone, code: string): Promise<string> {
  its.reconnect();
  return outcomeOf(await its.activate(code));
}

describe('a right proof costs no attempt', () => {
  it.each<[string, Trouble]>([
    ['its redeeming fails', { redeem: 'fails' }],
    ['its redeeming fails and the database takes nothing back either', { redeem: 'fails', refund: 'fails' }],
    ['it is redeemed and the answer of the database gets lost', { redeem: 'is lost', repeat: 'is lost' }],
    [
      'it is redeemed, and nothing more is heard of the database',
      { redeem: 'is lost', repeat: 'is lost', refund: 'fails' },
    ],
    ['the reason of its refusal cannot be found', { redeem: 'fails', explain: 'fails', refund: 'is lost' }],
    ['the answer of its debit gets lost', { debit: 'is lost' }],
    ['the answer of its debit gets lost, and nothing can be given back', { debit: 'is lost', refund: 'fails' }],
  ])('when %s: the right phone gets in afterwards, however often', async (_what, happens) => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    for (let i = 0; i < 7; i++) {
      trouble = happens;
      expect(await attempt(its, code)).toBe('busy');
      // Between two attempts the database is back for a while in which nobody proves anything, or it is not.
      if (i % 3 !== 0) continue;
      trouble = {};
      await its.start(code);
    }
    trouble = {};
    expect(await attempt(its, code)).toBe('activated');
    expect(await codeRow(id)).toMatchObject({ state: 'consumed', evaluations: 0, mismatches: 0 });
  });

  it('when the phone never hears that it was activated: the same activation, as often as it asks', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const ids = new Set<string>();
    for (let i = 0; i < 8; i++) {
      const { result } = await its.activate(code);
      expect(result).toMatchObject({ kind: 'result', result: { status: 'activated', already: i > 0 } });
      if (result?.kind === 'result' && result.result.status === 'activated') ids.add(result.result.activationId);
    }
    expect(ids.size).toBe(1);
    expect(await codeRow(id)).toMatchObject({ state: 'consumed', evaluations: 0, mismatches: 0 });
  });

  it.each([
    ['code_expired', sql`update activation_code set expires_at = now() - interval '1 hour' where id = `],
    [
      'device_disabled',
      sql`update device d set enabled = false from activation_code c where c.device_id = d.id and c.id = `,
    ],
    ['model_mismatch', sql`update activation_code set model = 'Cisco 7841' where id = `],
  ] as const)('when it is refused with %s: the reason is told each time', async (reason, change) => {
    const { id, code } = await bench.issue(await bench.addDevice());
    await sql`${change}${id}`.execute(database.db);
    const its = await phone();
    for (let i = 0; i < 7; i++) expect(await attempt(its, code)).toBe(reason);
    expect(await codeRow(id)).toMatchObject({ evaluations: 0, mismatches: 0 });
  });

  it('when another phone was quicker: it is told so each time', async () => {
    const { code } = await bench.issue(await bench.addDevice());
    expect(await attempt(await phone(), code)).toBe('activated');
    const late = await phone();
    for (let i = 0; i < 7; i++) expect(await attempt(late, code)).toBe('code_already_used');
  });
});

describe('a guess is charged', () => {
  const wrong = (code: string) =>
    `${code.slice(0, 7)}${String((Number(code.slice(7, 15)) + 1) % 1e8).padStart(8, '0')}0`;

  it('also when nobody can write down that it was wrong: a phone has five, whatever fails', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    for (let i = 0; i < 5; i++) {
      trouble = { settleMismatch: 'fails' };
      expect(await attempt(its, wrong(code))).toBe('busy');
    }
    trouble = {};
    for (let i = 0; i < 3; i++) expect(await attempt(its, wrong(code))).toBe('code_not_accepted');
    expect(await attempt(its, code)).toBe('code_not_accepted');
    expect(await codeRow(id)).toMatchObject({ evaluations: 5, mismatches: 0 });
  });

  it('and no right proof beside it gives it back: at most 20 for a code, 5 for a phone, under everything at once', async () => {
    const real = handshakeStore(database.pool);
    for (let round = 0; round < 6; round++) {
      const { id, code } = await bench.issue(await bench.addDevice());
      let evaluated = 0;
      const byMic = new Map<string, number>();
      // The owner's redeeming fails half of the time, before or after it is done, and so does what gives back.
      let calls = 0;
      const flaky: HandshakeStore = {
        ...real,
        async redeem(input) {
          if (++calls % 3 === 0) throw away();
          const outcome = await real.redeem(input);
          if (calls % 3 === 1) throw away();
          return outcome;
        },
        async refund(...input) {
          if (++calls % 2 === 0) throw away();
          await real.refund(...input);
          if (calls % 5 === 0) throw away();
        },
      };
      const service = handshakeService({
        store: flaky,
        sealer: bench.sealer,
        decoys: decoys(testKeyEncryptionKey),
        random: systemRandom,
        tokens: noTokens,
        node: 'test-node',
      });
      const guess = async (mic: Uint8Array) => {
        const record = await service.open(locatorOf(code), mic).catch(() => undefined);
        if (record === undefined) return;
        const debited = await service.debit(record, { sha256: mic, mac: nextMac() as MacAddress });
        if (debited && record.target.kind === 'code') {
          evaluated++;
          const key = Buffer.from(mic).toString('hex');
          byMic.set(key, (byMic.get(key) ?? 0) + 1);
        }
        await service.mismatch(record, debited);
      };
      const owner = nextMac();
      const ownerMic = randomBytes(32);
      const prove = async () => {
        const record = await service.open(locatorOf(code), ownerMic).catch(() => undefined);
        if (
          record?.target.kind !== 'code' ||
          !(await service.debit(record, { sha256: ownerMic, mac: owner as MacAddress }))
        )
          return;
        await service.redeem(record, proofOf(owner, ownerMic)).catch(() => undefined);
      };
      const guessers = Array.from({ length: 6 }, () => randomBytes(32));
      await Promise.all([
        ...guessers.flatMap((mic) => Array.from({ length: 8 }, () => guess(mic))),
        ...Array.from({ length: 12 }, prove),
        ...Array.from({ length: 6 }, () => service.settleCharges()),
      ]);
      while ((await openCharges(id)) > 0 && calls < 10_000) await service.settleCharges();
      const row = await codeRow(id);
      expect(evaluated).toBeLessThanOrEqual(20);
      for (const count of byMic.values()) expect(count).toBeLessThanOrEqual(5);
      expect(row).toMatchObject({ evaluations: evaluated, mismatches: evaluated });
    }
  });

  const openCharges = async (codeId: string): Promise<number> => {
    const { evaluations, mismatches } = await codeRow(codeId);
    return evaluations - mismatches;
  };
});

const proofOf = (mac: string, micSha256: Uint8Array): Proof => ({
  mac: mac as MacAddress,
  product: 'CP-8845',
  mode: 'onprem',
  micSha256,
  micDer: randomBytes(40),
  micRootSha256: randomBytes(32),
  transcriptHash: randomBytes(32),
  m1: randomBytes(32),
  micAlg: 'ecdsa_secp256r1_sha256',
  micSig: randomBytes(70),
  confirmKey: randomBytes(32),
  attempt: 'race',
  firmware: '',
  sourceAddress: '',
});
