import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HandshakeService, handshakeService, type Proof } from '../../src/domain/activation/handshake.ts';
import { sweepCodes } from '../../src/domain/activation/sweep.ts';
import { locatorOf } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import { activationSweepStore } from '../../src/infra/database/activation-sweep-store.ts';
import { type CodeBench, codeBench, type TestDevice, testActor, testKeyEncryptionKey } from '../support/activation.ts';
import { nextMac } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { noTokens } from '../support/no-tokens.ts';
import { expectInvariants } from './invariants.ts';

let database: TestDatabase;
let bench: CodeBench;
let handshakes: HandshakeService;

beforeAll(async () => {
  database = await testDatabase();
  bench = codeBench(database);
  handshakes = handshakeService({
    store: handshakeStore(database.pool),
    sealer: bench.sealer,
    decoys: decoys(testKeyEncryptionKey),
    random: systemRandom,
    tokens: noTokens,
    node: 'test-node',
  });
});
afterAll(() => database[Symbol.asyncDispose]());

/** One device and the phones around it, as the specification tells it: written from spec §5 to §7, not from the code. */
interface Model {
  code: 'none' | 'active' | 'consumed' | 'confirmed' | 'expired' | 'locked' | 'revoked';
  overdue: boolean;
  owner: number | undefined;
  evaluations: number;
  mismatches: number;
  byPhone: number[];
  enabled: boolean;
}

interface Phone {
  readonly mac: string;
  readonly micSha256: Uint8Array;
  readonly product: string;
}

interface Real {
  readonly device: TestDevice;
  readonly phones: readonly Phone[];
  codeId: string;
  code: string;
  activationId: string | undefined;
}

const fresh = (model: Model): void => {
  Object.assign(model, {
    code: 'active',
    overdue: false,
    owner: undefined,
    evaluations: 0,
    mismatches: 0,
    byPhone: [0, 0, 0],
  });
};

type Step = fc.AsyncCommand<Model, Real>;

class Issue implements Step {
  check = () => true;
  async run(model: Model, real: Real) {
    const attempt = bench.issue(real.device);
    if (model.code === 'active' && !model.overdue) {
      await expect(attempt).rejects.toMatchObject({ code: 'code_already_active' });
      return;
    }
    const { id, code } = await attempt;
    // What the phone service does in the same breath.
    await sql`update device set requires_activation_code = true where id = ${real.device.id}`.execute(database.db);
    Object.assign(real, { codeId: id, code });
    fresh(model);
  }
  toString = () => 'issue';
}

class Release implements Step {
  check = () => true;
  async run(model: Model, real: Real) {
    const ended = await database.transactions.run((tx) => bench.codes.releaseIfLive(tx, real.device.id, testActor));
    const live = ['active', 'expired', 'locked', 'consumed'].includes(model.code);
    expect(ended !== undefined).toBe(live);
    if (live) model.code = 'revoked';
  }
  toString = () => 'release';
}

class Overdue implements Step {
  check = (model: Readonly<Model>) => model.code === 'active';
  async run(model: Model, real: Real) {
    await sql`update activation_code set expires_at = now() - interval '5 minutes' where id = ${real.codeId}`.execute(
      database.db,
    );
    model.overdue = true;
  }
  toString = () => 'time passes';
}

class Sweep implements Step {
  check = () => true;
  async run(model: Model) {
    await sweepCodes({
      store: activationSweepStore(database.db),
      transactions: database.transactions,
      timeline: { record() {} },
    });
    if (model.code === 'active' && model.overdue) model.code = 'expired';
  }
  toString = () => 'sweep';
}

class Enable implements Step {
  readonly #enabled: boolean;
  constructor(enabled: boolean) {
    this.#enabled = enabled;
  }
  check = () => true;
  async run(model: Model, real: Real) {
    await sql`update device set enabled = ${this.#enabled} where id = ${real.device.id}`.execute(database.db);
    model.enabled = this.#enabled;
  }
  toString = () => (this.#enabled ? 'enable' : 'disable');
}

class Confirm implements Step {
  readonly #who: number;
  constructor(who: number) {
    this.#who = who;
  }
  check = (model: Readonly<Model>) => model.code === 'consumed' || model.code === 'confirmed';
  async run(model: Model, real: Real) {
    const outcome = await handshakes.confirm(real.activationId!, real.phones[this.#who]!.micSha256, () => true);
    const owns = this.#who === model.owner;
    expect(outcome.kind).toBe(owns ? 'confirmed' : 'unknown');
    if (owns) model.code = 'confirmed';
  }
  toString = () => `phone ${this.#who} confirms`;
}

class Attempt implements Step {
  readonly #who: number;
  readonly #right: boolean;
  constructor(who: number, right: boolean) {
    this.#who = who;
    this.#right = right;
  }
  check = (model: Readonly<Model>) => model.code !== 'none';
  async run(model: Model, real: Real) {
    const phone = real.phones[this.#who]!;
    const record = await handshakes.open(locatorOf(real.code as never), phone.micSha256);
    const debited = await handshakes.debit(record, { sha256: phone.micSha256, mac: phone.mac as MacAddress });
    const allowed = model.code !== 'locked' && model.evaluations < 20 && model.byPhone[this.#who]! < 5;
    expect(debited).toBe(allowed);
    if (allowed) {
      model.evaluations++;
      model.byPhone[this.#who]!++;
    }
    if (!debited || !this.#right) {
      const locked = await handshakes.mismatch(record, debited);
      if (allowed) model.mismatches++;
      const locks = allowed && model.code === 'active' && model.mismatches === 20;
      expect(locked).toBe(locks);
      if (locks) model.code = 'locked';
      return;
    }
    const proof: Proof = {
      mac: phone.mac as MacAddress,
      product: phone.product,
      mode: 'onprem',
      micSha256: phone.micSha256,
      micDer: randomBytes(8),
      micRootSha256: randomBytes(32),
      transcriptHash: randomBytes(32),
      m1: randomBytes(32),
      micAlg: 'ecdsa_secp256r1_sha256',
      micSig: randomBytes(8),
      confirmKey: randomBytes(32),
      attempt: 'model',
      firmware: '',
      sourceAddress: '',
    };
    const outcome = await handshakes.redeem(record, proof);
    const said = outcome.kind === 'activated' ? (outcome.already ? 'again' : 'activated') : outcome.reason;
    expect(said).toBe(this.#expected(model, phone));
    if (outcome.kind === 'activated') {
      real.activationId = outcome.device.activationId;
      model.code = 'consumed';
      model.owner = this.#who;
    }
    // Whatever was said: the proof was right.
    model.evaluations--;
    model.byPhone[this.#who]!--;
  }

  #expected(model: Model, phone: Phone): string {
    switch (model.code) {
      case 'consumed':
        return this.#who === model.owner && model.enabled ? 'again' : 'code_already_used';
      case 'confirmed':
        return 'code_already_used';
      case 'revoked':
        return 'code_released';
      case 'expired':
        return 'code_expired';
      default:
        if (model.overdue) return 'code_expired';
        if (!model.enabled) return 'device_disabled';
        return phone.product === 'CP-8845' ? 'activated' : 'model_mismatch';
    }
  }

  toString = () => `phone ${this.#who} ${this.#right ? 'proves the code' : 'guesses'}`;
}

it('a code lives as the specification says, whatever happens in whatever order', async () => {
  const who = fc.nat({ max: 2 });
  const steps = [
    fc.constant(new Issue()),
    fc.constant(new Release()),
    fc.constant(new Overdue()),
    fc.constant(new Sweep()),
    fc.boolean().map((enabled) => new Enable(enabled)),
    who.map((each) => new Confirm(each)),
    fc.tuple(who, fc.boolean()).map(([each, right]) => new Attempt(each, right)),
    fc.tuple(who, fc.constant(false)).map(([each, right]) => new Attempt(each, right)),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(steps, { maxCommands: 40, size: 'max' }), async (commands) => {
      await fc.asyncModelRun(async () => {
        const device = await bench.addDevice();
        const phones = ['CP-8845', 'CP-8845', 'CP-7841'].map((product) => ({
          mac: nextMac(),
          micSha256: randomBytes(32),
          product,
        }));
        const model: Model = {
          code: 'none',
          overdue: false,
          owner: undefined,
          evaluations: 0,
          mismatches: 0,
          byPhone: [0, 0, 0],
          enabled: true,
        };
        return { model, real: { device, phones, codeId: '', code: '', activationId: undefined } };
      }, commands);
    }),
    { numRuns: 40 },
  );
  await expectInvariants(database);
});
