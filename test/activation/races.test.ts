import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { handshakeService, type Proof } from '../../src/domain/activation/handshake.ts';
import { locatorOf } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { readResult } from '../../src/protocol/activation/client.ts';
import { type CodeBench, codeBench, testActor, testKeyEncryptionKey } from '../support/activation.ts';
import { type DasBench, dasBench, nextMac, outcomeOf, suiteCrypto, TestPhone } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { noTokens } from '../support/no-tokens.ts';
import { testTokens } from '../support/tokens.ts';
import { expectInvariants } from './invariants.ts';

let database: TestDatabase;
let bench: CodeBench;

beforeAll(async () => {
  database = await testDatabase({ max: 20 });
  bench = codeBench(database);
});
afterEach(() => expectInvariants(database));
afterAll(() => database[Symbol.asyncDispose]());

const service = () =>
  handshakeService({
    store: handshakeStore(database.pool),
    sealer: bench.sealer,
    decoys: decoys(testKeyEncryptionKey),
    random: systemRandom,
    tokens: noTokens,
    node: 'test-node',
  });

const proofOf = (mac: string): Proof => ({
  mac: mac as MacAddress,
  product: 'CP-8845',
  mode: 'onprem',
  micSha256: randomBytes(32),
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

const provingOf = ({ micSha256, mac }: Proof) => ({ sha256: micSha256, mac });

it('eight phones race for each of a hundred codes: every code is consumed once', async () => {
  const handshakes = service();
  for (let round = 0; round < 100; round++) {
    const { code } = await bench.issue(await bench.addDevice());
    const proofs = Array.from({ length: 8 }, () => proofOf(nextMac()));
    const outcomes = await Promise.all(
      proofs.map(async (proof) => {
        const record = await handshakes.open(locatorOf(code), proof.micSha256);
        expect(await handshakes.debit(record, provingOf(proof))).toBe(true);
        return handshakes.redeem(record, proof);
      }),
    );
    const reasons = outcomes.map((outcome) => (outcome.kind === 'activated' ? 'activated' : outcome.reason)).sort();
    expect(reasons).toEqual(['activated', ...Array(7).fill('code_already_used')]);
  }
});

it('eight phones race for one code over eight connections: one gets in, the others learn why not', async () => {
  await using das = await dasBench(database);
  for (let round = 0; round < 5; round++) {
    const { code } = await bench.issue(await bench.addDevice());
    const phones = await Promise.all(Array.from({ length: 8 }, () => TestPhone.make(das)));
    onTestFinished(() => {
      for (const phone of phones) phone.close();
    });
    const outcomes = (await Promise.all(phones.map((phone) => phone.activate(code)))).map(outcomeOf).sort();
    expect(outcomes).toEqual(['activated', ...Array(7).fill('code_already_used')]);
  }
});

/** The same phone on as many connections. */
async function twinsOf(das: DasBench, count: number, first?: TestPhone): Promise<TestPhone[]> {
  const one = first ?? (await TestPhone.make(das));
  const twins = [
    one,
    ...(await Promise.all(
      Array.from({ length: count - 1 }, () => TestPhone.make(das, { mac: one.mac, mic: one.mic! })),
    )),
  ];
  onTestFinished(() => {
    for (const phone of twins) phone.close();
  });
  return twins;
}

/** Everybody starts, then everybody proves at once. */
async function proveAtOnce(
  twins: readonly TestPhone[],
  code: string,
): Promise<Awaited<ReturnType<TestPhone['activate']>>[]> {
  const ready = await Promise.all(twins.map((phone) => phone.start(code)));
  return Promise.all(
    ready.map(async ({ challenged, x }, i) => {
      const { state, body } = twins[i]!.proveBody(challenged!, x!);
      const reply = await twins[i]!.post('prove', body);
      return reply.status === 200 ? { reply, result: readResult(suiteCrypto(), state, reply.text) } : { reply };
    }),
  );
}

const activated = ({ result }: Awaited<ReturnType<TestPhone['activate']>>) =>
  result?.kind === 'result' && result.result.status === 'activated' ? result.result : undefined;

describe('one phone races with itself: one activation, whoever asks again gets the same one', () => {
  const limits = { perMic: { burst: 10_000, perSecond: 1000 }, perSource: { burst: 100_000, perSecond: 1000 } };

  it('inside the network', async () => {
    await using das = await dasBench(database, { limits });
    const { id, code } = await bench.issue(await bench.addDevice());
    const results = await proveAtOnce(await twinsOf(das, 4), code);
    expect(results.map(outcomeOf)).toEqual(Array(4).fill('activated'));
    expect(new Set(results.map((each) => activated(each)?.activationId)).size).toBe(1);
    const rows = await database.db.selectFrom('activation').select('id').where('code_id', '=', id).execute();
    expect(rows).toHaveLength(1);
  });

  it.each([2, 3, 4])(
    'with tokens, %i at once on two nodes, new and activated before: one live family',
    async (count) => {
      const { tokens } = await testTokens();
      const failures: object[] = [];
      const log = { ...silentLog, error: (fields: object) => void failures.push(fields) };
      // Two services, so that nothing in one process puts the proofs in a row.
      await using first = await dasBench(database, { limits, tokens, log });
      await using second = await dasBench(database, { limits, tokens, log, authorities: first });
      const one = await TestPhone.make(first);
      const here = await twinsOf(first, Math.ceil(count / 2), one);
      const there = await Promise.all(
        Array.from({ length: Math.floor(count / 2) }, () => TestPhone.make(second, { mac: one.mac, mic: one.mic! })),
      );
      onTestFinished(() => {
        for (const phone of there) phone.close();
      });
      const device = await bench.addDevice({ mra: true });
      for (let round = 0; round < 12; round++) {
        const { id, code } = await bench.issue(device, { viaMra: true });
        const results = await proveAtOnce([...here, ...there], code);
        expect(results.map(outcomeOf)).toEqual(Array(count).fill('activated'));
        expect(new Set(results.map((each) => activated(each)?.activationId)).size).toBe(1);
        const refreshTokens = results.map((each) => activated(each)?.oauth?.refreshToken);
        expect(new Set(refreshTokens).size).toBe(count);
        const live = await database.db
          .selectFrom('oauth_family')
          .select('activation_id')
          .where('device_id', '=', device.id)
          .where('revoked_at', 'is', null)
          .execute();
        expect(live).toEqual([{ activation_id: activated(results[0]!)!.activationId }]);
        const row = await database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirst();
        expect(row).toMatchObject({ state: 'consumed', evaluations: 0, mismatches: 0 });
      }
      expect(failures).toEqual([]);
    },
  );

  it('more often than it has evaluations: its own proofs do not use them up', async () => {
    await using das = await dasBench(database, { limits });
    const { id, code } = await bench.issue(await bench.addDevice());
    const results = await proveAtOnce(await twinsOf(das, 12), code);
    expect(results.map(outcomeOf)).toEqual(Array(12).fill('activated'));
    const row = await database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirst();
    expect(row).toMatchObject({ state: 'consumed', evaluations: 0, mismatches: 0 });
  });
});

it('wrong guesses race: never more evaluations than allowed, whoever loses gets the fake answer', async () => {
  const handshakes = service();
  const { id, code } = await bench.issue(await bench.addDevice());
  const mics = Array.from({ length: 8 }, () => randomBytes(32));
  const outcomes = await Promise.all(
    mics.flatMap((mic) =>
      Array.from({ length: 8 }, async () => {
        const record = await handshakes.open(locatorOf(code), mic);
        const debited = await handshakes.debit(record, { sha256: mic, mac: nextMac() as MacAddress });
        await handshakes.mismatch(record, debited);
        return debited;
      }),
    ),
  );
  expect(outcomes.filter(Boolean)).toHaveLength(20);
  const row = await database.db
    .selectFrom('activation_code')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: 'locked', evaluations: 20, mismatches: 20 });
});

it('an administrator releases while phones redeem: either the phone is in or the code is gone, never both', async () => {
  const handshakes = service();
  for (let round = 0; round < 40; round++) {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const proof = proofOf(nextMac());
    const record = await handshakes.open(locatorOf(code), proof.micSha256);
    await handshakes.debit(record, provingOf(proof));
    const [redemption, released] = await Promise.all([
      handshakes.redeem(record, proof),
      database.transactions.run((tx) => bench.codes.releaseIfLive(tx, device.id, testActor)),
    ]);
    const row = await database.db
      .selectFrom('activation_code')
      .select('state')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (redemption.kind === 'activated') {
      // Released after it was consumed: the unconfirmed activation ends, which a new code needs.
      expect(released === undefined ? row.state : 'revoked').toBe(row.state);
    } else {
      expect(redemption.reason).toBe('code_released');
      expect(row.state).toBe('revoked');
    }
  }
});

it('two phones of one MAC with two codes: the second is told of the conflict', async () => {
  const handshakes = service();
  const mac = nextMac();
  const codes = await Promise.all([1, 2].map(async () => bench.issue(await bench.addDevice())));
  const outcomes = await Promise.all(
    codes.map(async ({ code }) => {
      const proof = proofOf(mac);
      const record = await handshakes.open(locatorOf(code), proof.micSha256);
      await handshakes.debit(record, provingOf(proof));
      return handshakes.redeem(record, proof);
    }),
  );
  expect(outcomes.map((outcome) => (outcome.kind === 'activated' ? 'activated' : outcome.reason)).sort()).toEqual([
    'activated',
    'device_name_conflict',
  ]);
});
