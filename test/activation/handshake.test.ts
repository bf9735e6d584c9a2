import { randomBytes, verify, X509Certificate } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sweepCodes } from '../../src/domain/activation/sweep.ts';
import { locatorOf } from '../../src/identifiers/activation-code.ts';
import type { MacAddress } from '../../src/identifiers/mac-address.ts';
import { activationSweepStore } from '../../src/infra/database/activation-sweep-store.ts';
import { micProofInput } from '../../src/protocol/activation/transcript.ts';
import { type CodeBench, codeBench, type TestDevice, testActor } from '../support/activation.ts';
import {
  type DasBench,
  dasBench,
  nextMac,
  outcomeOf,
  suiteCrypto,
  TestPhone,
  type TestPhoneOptions,
} from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testTokens } from '../support/tokens.ts';

let database: TestDatabase;
let bench: CodeBench;
let das: DasBench;

beforeAll(async () => {
  database = await testDatabase();
  bench = codeBench(database);
  das = await dasBench(database, { limits: { perMic: { burst: 1000, perSecond: 100 } } });
});
afterAll(async () => {
  await das[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(() => {
  das.events.length = 0;
  das.counts.clear();
});

async function phone(options: TestPhoneOptions = {}) {
  const made = await TestPhone.make(das, options);
  onTestFinished(() => made.close());
  return made;
}

const codeRow = (id: string) =>
  database.db.selectFrom('activation_code').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const deviceRow = (device: TestDevice) =>
  database.db.selectFrom('device').selectAll().where('id', '=', device.id).executeTakeFirstOrThrow();
const activationRows = (codeId: string) =>
  database.db.selectFrom('activation').selectAll().where('code_id', '=', codeId).execute();
const auditActions = async (objectId: string) =>
  (
    await database.db
      .selectFrom('audit_event')
      .select('action')
      .where('object_id', '=', objectId)
      .orderBy('ordinal')
      .execute()
  ).map(({ action }) => action);

describe('a phone with the right code', () => {
  it('gets in: the BAT record becomes SEP<MAC>, the code is consumed, everything is written once', async () => {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const its = await phone();
    const { result } = await its.activate(code);
    expect(result).toMatchObject({
      kind: 'result',
      result: {
        status: 'activated',
        already: false,
        deviceName: `SEP${its.mac}`,
        dasId: 'cluster-test',
        configUrl: `https://127.0.0.1:6972/SEP${its.mac}.cnf.xml`,
        sip: { transport: 'tls', servers: [{ host: '127.0.0.1', port: 5061 }] },
        trust: { itlSha256: '11'.repeat(32) },
      },
    });
    expect(await deviceRow(device)).toMatchObject({ name: `SEP${its.mac}`, requires_activation_code: false });
    expect(await codeRow(id)).toMatchObject({ state: 'consumed', code_sealed: null, evaluations: 0, mismatches: 0 });
    const [activation, ...more] = await activationRows(id);
    expect(more).toHaveLength(0);
    expect(activation).toMatchObject({
      device_name: `SEP${its.mac}`,
      previous_name: device.name,
      mode: 'onprem',
      mac: its.mac,
    });
    expect(await auditActions(device.id)).toEqual(['activation.accepted']);
    const story = await database.db
      .selectFrom('onboarding_event')
      .select(['step', 'result'])
      .where('device_id', '=', device.id)
      .execute();
    expect(story).toEqual([{ step: 'activated', result: 'ok' }]);
  });

  it('leaves a signature of its MIC that verifies offline from the row alone', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    await (await phone()).activate(code);
    const [row] = await activationRows(id);
    const input = micProofInput(suiteCrypto(), row!.transcript_hash, row!.m1);
    expect(row!.mic_alg).toBe('ecdsa_secp256r1_sha256');
    expect(verify('sha256', input, new X509Certificate(row!.mic_der).publicKey, row!.mic_sig)).toBe(true);
  });

  it('may have an RSA or P-384 MIC', async () => {
    for (const algorithm of ['rsa2048', 'p384'] as const) {
      const { makeMic } = await import('../support/certificates.ts');
      const mac = nextMac();
      const mic = await makeMic({ issuer: das.issuing, algorithm, mac });
      const { code } = await bench.issue(await bench.addDevice());
      expect(outcomeOf(await (await phone({ mac, mic })).activate(code))).toBe('activated');
    }
  });

  it('confirms what it stored, as often as it likes; the code is then confirmed', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { result } = await its.activate(code);
    const confirmBody = result?.kind === 'result' ? result.confirmBody! : '';
    for (let i = 0; i < 3; i++) {
      expect((await its.post('confirm', confirmBody)).status).toBe(204);
      expect((await codeRow(id)).state).toBe('confirmed');
      if (i === 1) its.reconnect();
    }
    const [row] = await activationRows(id);
    expect(row).toMatchObject({ confirm_key_sealed: null });
    expect(row!.confirmed_at).not.toBeNull();
  });

  it('may confirm on another connection, but not with a wrong proof nor for another MIC', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { result } = await its.activate(code);
    const confirmBody = result?.kind === 'result' ? result.confirmBody! : '';
    const wrong = JSON.stringify({
      ...(JSON.parse(confirmBody) as object),
      conf: randomBytes(32).toString('base64url'),
    });
    expect((await its.post('confirm', wrong)).error?.error).toBe('code_not_accepted');
    its.reconnect();
    expect((await its.post('confirm', wrong)).error?.error).toBe('code_not_accepted');
    const stranger = await phone();
    expect((await stranger.post('confirm', confirmBody)).error?.error).toBe('session_expired');
    expect((await codeRow(id)).state).toBe('consumed');
    expect((await its.post('confirm', confirmBody)).status).toBe(204);
    expect((await codeRow(id)).state).toBe('confirmed');
  });

  it('gets the same activation again when its first answer was lost, and only the newest confirmation counts', async () => {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const its = await phone();
    const first = await its.activate(code);
    its.reconnect();
    const second = await its.activate(code);
    const results = [first, second].map(({ result }) => (result?.kind === 'result' ? result : undefined));
    expect(results[1]?.result).toMatchObject({ status: 'activated', already: true });
    expect((results[1]!.result as { activationId: string }).activationId).toBe(
      (results[0]!.result as { activationId: string }).activationId,
    );
    expect(await activationRows(id)).toHaveLength(1);
    expect((await its.post('confirm', results[0]!.confirmBody!)).error?.error).toBe('code_not_accepted');
    expect((await its.post('confirm', results[1]!.confirmBody!)).status).toBe(204);
    // Confirmed: from now on the code is used.
    expect(outcomeOf(await its.activate(code))).toBe('code_already_used');
  });

  it('gets fresh digest credentials sealed when its profile wants them, and they are nowhere else', async () => {
    const device = await bench.addDevice();
    await sql`update device set phone_security_profile_id = (select id from phone_security_profile where digest_authentication)
              where id = ${device.id}`.execute(database.db);
    const { code } = await bench.issue(device);
    const its = await phone();
    const passwords: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { result } = await its.activate(code);
      const sip = result?.kind === 'result' && result.result.status === 'activated' ? result.result.sip : undefined;
      expect(sip).toMatchObject({ transport: 'tcp', servers: [{ port: 5060 }], digest: { username: `SEP${its.mac}` } });
      passwords.push(sip!.digest!.password);
      const row = await deviceRow(device);
      expect(Buffer.from(bench.sealer.open('device-digest-password', row.digest_password_sealed!)).toString()).toBe(
        passwords[i],
      );
    }
    expect(passwords[0]).not.toBe(passwords[1]);
    expect(JSON.stringify(das.events)).not.toContain(passwords[0]);
  });
});

describe('a refusal after proof', () => {
  it('code_already_used: the code was redeemed by another MIC', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    await (await phone()).activate(code);
    expect(outcomeOf(await (await phone()).activate(code))).toBe('code_already_used');
    expect(await activationRows(id)).toHaveLength(1);
  });

  it('code_expired: judged by the time the handshake started', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { challenged, x } = await its.start(code);
    await sql`update activation_code set expires_at = now() where id = ${id}`.execute(database.db);
    const late = await phone();
    expect(outcomeOf(await late.activate(code))).toBe('code_expired');
    const { body } = its.proveBody(challenged!, x!);
    expect((await its.post('prove', body)).status).toBe(200);
    expect((await codeRow(id)).state).toBe('consumed');
  });

  it('code_released: the administrator released it', async () => {
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const its = await phone();
    const { challenged, x } = await its.start(code);
    await database.transactions.run((tx) => bench.codes.release(tx, device.id, testActor));
    const { body } = its.proveBody(challenged!, x!);
    expect((await its.post('prove', body)).status).toBe(200);
    expect(outcomeOf(await its.activate(code))).toBe('code_released');
    expect(await activationRows(id)).toHaveLength(0);
  });

  it('model_mismatch: the code stays active and the attempt is not counted', async () => {
    const device = await bench.addDevice({ model: 'Cisco 8845' });
    const { id, code } = await bench.issue(device);
    for (let i = 0; i < 7; i++) {
      expect(outcomeOf(await (await phone({ product: 'CP-7841' })).activate(code))).toBe('model_mismatch');
    }
    expect(await codeRow(id)).toMatchObject({ state: 'active', evaluations: 0 });
    expect(das.events).toContainEqual(
      expect.objectContaining({ reason: 'model_mismatch', deviceName: device.name, model: 'Cisco 7841' }),
    );
    expect(outcomeOf(await (await phone()).activate(code))).toBe('activated');
  });

  it('mac_mismatch: a code made for a MAC fits no other', async () => {
    const mac = nextMac() as MacAddress;
    const device = await bench.addDevice({ name: `SEP${mac}` as TestDevice['name'], boundMac: mac });
    const { id, code } = await bench.issue(device);
    expect(outcomeOf(await (await phone()).activate(code))).toBe('mac_mismatch');
    expect(await codeRow(id)).toMatchObject({ state: 'active', evaluations: 0 });
    expect(outcomeOf(await (await phone({ mac })).activate(code))).toBe('activated');
  });

  it('device_name_conflict: another record has this MAC; nothing is half-done', async () => {
    const mac = nextMac();
    const holder = await bench.addDevice({ name: `SEP${mac}` as TestDevice['name'] });
    const device = await bench.addDevice();
    const { id, code } = await bench.issue(device);
    const its = await phone({ mac });
    expect(outcomeOf(await its.activate(code))).toBe('device_name_conflict');
    expect(await codeRow(id)).toMatchObject({ state: 'active', evaluations: 0 });
    expect((await deviceRow(device)).name).toBe(device.name);
    expect(await activationRows(id)).toHaveLength(0);
    expect(await auditActions(device.id)).toEqual([]);
    await sql`delete from device where id = ${holder.id}`.execute(database.db);
    expect(outcomeOf(await its.activate(code))).toBe('activated');
  });

  it('device_disabled: until the record is enabled', async () => {
    const device = await bench.addDevice();
    const { code } = await bench.issue(device);
    await sql`update device set enabled = false where id = ${device.id}`.execute(database.db);
    const its = await phone();
    expect(outcomeOf(await its.activate(code))).toBe('device_disabled');
    await sql`update device set enabled = true where id = ${device.id}`.execute(database.db);
    expect(outcomeOf(await its.activate(code))).toBe('activated');
  });

  it('mode_not_allowed: an MRA door lets in only codes that allow it', async () => {
    await using edge = await dasBench(database, {
      mode: 'mra',
      authorities: das,
      tokens: (await testTokens()).tokens,
    });
    const inside = await bench.issue(await bench.addDevice());
    const outside = await bench.issue(await bench.addDevice({ mra: true }), { viaMra: true });
    const try_ = async (code: string) => {
      const its = await TestPhone.make(edge);
      onTestFinished(() => its.close());
      const { state, body } = its.startBody(code, { mode: 'mra' });
      const reply = await its.post('start', body);
      const { readChallenge, readResult } = await import('../../src/protocol/activation/client.ts');
      const { scryptSync } = await import('node:crypto');
      const { state: challenged, kdf } = readChallenge(
        { ...state, request: { ...state.request, mode: 'mra' } },
        reply.text,
      );
      const x = scryptSync(kdf.password, kdf.salt, 32, { N: kdf.cost, r: kdf.blockSize, p: kdf.parallelization });
      const proof = its.proveBody(challenged, x);
      const proved = await its.post('prove', proof.body);
      return outcomeOf({ reply: proved, result: readResult(suiteCrypto(), proof.state, proved.text) });
    };
    expect(await try_(inside.code)).toBe('mode_not_allowed');
    expect(await try_(outside.code)).toBe('activated');
  });

  it('code_released: a consumed, never confirmed activation ends when a new code is made for the device', async () => {
    const device = await bench.addDevice();
    const first = await bench.issue(device);
    const its = await phone();
    expect(outcomeOf(await its.activate(first.code))).toBe('activated');
    const second = await bench.issue(device);
    expect(outcomeOf(await its.activate(first.code))).toBe('code_released');
    expect((await codeRow(first.id)).state).toBe('revoked');
    expect(outcomeOf(await its.activate(second.code))).toBe('activated');
    expect((await deviceRow(device)).name).toBe(`SEP${its.mac}`);
  });
});

describe('attempts', () => {
  const wrongCode = (code: string) =>
    `${locatorOf(code as never)}${String((Number(code.slice(7, 15)) + 1) % 1e8).padStart(8, '0')}0`;

  it('of one MIC are evaluated five times a code; the right code comes too late then', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    for (let i = 0; i < 5; i++) expect(outcomeOf(await its.activate(wrongCode(code)))).toBe('code_not_accepted');
    expect(outcomeOf(await its.activate(code))).toBe('code_not_accepted');
    expect(await codeRow(id)).toMatchObject({ state: 'active', evaluations: 5, mismatches: 5 });
    expect(outcomeOf(await (await phone()).activate(code))).toBe('activated');
  });

  it('lock the code with the twentieth mismatch, and then it answers like one that never was', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const salts = new Set<string>();
    for (let i = 0; i < 5; i++) {
      const its = await phone();
      for (let j = 0; j < 4; j++) expect(outcomeOf(await its.activate(wrongCode(code)))).toBe('code_not_accepted');
      salts.add((JSON.parse((await its.start(code)).reply.text) as { salt: string }).salt);
    }
    expect(await codeRow(id)).toMatchObject({ state: 'locked', evaluations: 20, mismatches: 20, code_sealed: null });
    const its = await phone();
    expect(outcomeOf(await its.activate(code))).toBe('code_not_accepted');
    salts.add((JSON.parse((await its.start(code)).reply.text) as { salt: string }).salt);
    expect(salts.size).toBe(1);
    expect(await codeRow(id)).toMatchObject({ evaluations: 20, mismatches: 20 });
    expect(await auditActions(id)).toContain('activation-code.locked');
  });

  it('in flight do not lock out the right phone', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const gate = Promise.withResolvers<void>();
    let held = 0;
    await using slow = await dasBench(database, {
      limits: { perMic: { burst: 1000, perSecond: 100 } },
      authorities: das,
      store: (real) => ({
        ...real,
        // Charged and evaluated, and nobody has been told yet.
        async settleMismatch(...input) {
          held++;
          await gate.promise;
          return real.settleMismatch(...input);
        },
      }),
    });
    const guesses = await Promise.all(
      Array.from({ length: 19 }, async () => {
        const other = await TestPhone.make(slow);
        onTestFinished(() => other.close());
        const { challenged, x } = await other.start(wrongCode(code));
        return () => other.post('prove', other.proveBody(challenged!, x!).body);
      }),
    );
    const answers = guesses.map((guess) => guess());
    await expect.poll(() => held).toBe(19);
    expect(await codeRow(id)).toMatchObject({ state: 'active', evaluations: 19, mismatches: 0 });
    expect(outcomeOf(await (await phone()).activate(code))).toBe('activated');
    gate.resolve();
    for (const { error } of await Promise.all(answers)) expect(error?.error).toBe('code_not_accepted');
    expect(await codeRow(id)).toMatchObject({ state: 'consumed', evaluations: 19, mismatches: 19 });
  });

  it('in flight are no reason for the clockwork to lock a code', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const gate = Promise.withResolvers<void>();
    let held = 0;
    await using slow = await dasBench(database, {
      authorities: das,
      store: (real) => ({
        ...real,
        async redeem(...input) {
          held++;
          await gate.promise;
          return real.redeem(...input);
        },
      }),
    });
    const its = await TestPhone.make(slow);
    onTestFinished(() => its.close());
    await database.db
      .updateTable('activation_code')
      .set({ evaluations: 19, mismatches: 19 })
      .where('id', '=', id)
      .execute();
    const proof = its.activate(code);
    await expect.poll(() => held).toBe(1);
    await sweepCodes({
      store: activationSweepStore(database.db),
      transactions: database.transactions,
      timeline: { record() {} },
    });
    gate.resolve();
    expect(outcomeOf(await proof)).toBe('activated');
    expect(await codeRow(id)).toMatchObject({ state: 'consumed', evaluations: 19, mismatches: 19 });
  });

  it('against an unknown locator look the same: shape, salt that stays, status, body', async () => {
    const unknown = '0000000123456784';
    const wrong = wrongCode((await bench.issue(await bench.addDevice())).code);
    const seen: Record<string, unknown> = {};
    for (const [name, code] of Object.entries({ unknown, wrong })) {
      const its = await phone();
      const starts = [await its.start(code), await its.start(code)];
      its.reconnect();
      const again = await its.start(code);
      const shapes = [...starts, again].map(({ reply }) => JSON.parse(reply.text) as Record<string, string>);
      expect(new Set(shapes.map(({ salt }) => salt)).size).toBe(1);
      expect(new Set(shapes.map(({ B }) => B)).size).toBe(3);
      const { body } = its.proveBody(again.challenged!, again.x!);
      const proved = await its.post('prove', body);
      seen[name] = {
        members: Object.entries(shapes[0]!).map(([key, value]) => [key, typeof value, String(value).length]),
        status: proved.status,
        error: { ...proved.error, ref: proved.error!.ref.length },
        retryAfter: proved.retryAfter,
      };
    }
    expect(seen['unknown']).toEqual(seen['wrong']);
  });

  it('have a salt for unknown locators that is the same on every node with the same key', async () => {
    await using other = await dasBench(database, { authorities: das });
    const elsewhere = await TestPhone.make(other);
    onTestFinished(() => elsewhere.close());
    const salt = async (its: TestPhone) =>
      (JSON.parse((await its.start('0000001123456789')).reply.text) as { salt: string }).salt;
    expect(await salt(elsewhere)).toBe(await salt(await phone()));
  });
});
