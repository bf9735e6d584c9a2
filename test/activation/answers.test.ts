import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as netConnect } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Fault } from '../../src/kernel/errors.ts';
import { rfc5054Group3072 } from '../../src/protocol/srp/group.ts';
import { octetsOf } from '../../src/protocol/srp/integer.ts';
import { type CodeBench, codeBench } from '../support/activation.ts';
import { extension, keyFingerprint, makeAuthority, makeMic } from '../support/certificates.ts';
import {
  type DasBench,
  dasBench,
  nextMac,
  outcomeOf,
  type Reply,
  TestPhone,
  type TestPhoneOptions,
  trusting,
} from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { sendThenRead, tooLarge } from '../support/send-then-read.ts';

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

async function phone(options: TestPhoneOptions = {}, at: DasBench = das) {
  const made = await TestPhone.make(at, options);
  onTestFinished(() => made.close());
  return made;
}

const unknownCode = '1234567123456789';
/** The right locator, another secret. */
const wrongCode = (code: string) =>
  `${code.slice(0, 7)}${String((Number(code.slice(7, 15)) + 1) % 1e8).padStart(8, '0')}0`;
const day = 86_400_000;
const past = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
const future = { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() + 9 * day) };

/** Exactly the documented form: status, three members, nothing else. */
function expectError(reply: Reply, status: number, error: string) {
  expect({ status: reply.status, error: reply.error?.error, text: reply.text }).toMatchObject({ status, error });
  const body = JSON.parse(reply.text) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['error', 'message', 'ref']);
  expect(body['message']).toMatch(/^\S.*\.$/s);
  expect(body['ref']).toMatch(/^[0-9a-f]{12}$/);
}

describe('bad_request 400', () => {
  it.each([
    ['no JSON', 'locator=1'],
    ['a list', '[]'],
    ['nothing', ''],
    ['a member twice', '{"v":1,"v":1}'],
    ['another type', '{"v":"1","suite":"AC-SRP-1"}'],
    ['deep nesting', `{"suite":"AC-SRP-1","v":${'['.repeat(5000)}`],
  ])('for %s', async (_, body) => {
    const its = await phone();
    expectError(await its.post('start', body), 400, 'bad_request');
    expectError(await its.post('prove', body), 400, 'bad_request');
    expectError(await its.post('confirm', body), 400, 'bad_request');
  });

  it('as 413 for a body larger than 16 KiB, and as 400 for another content type or another address', async () => {
    const its = await phone();
    expectError(await its.post('start', JSON.stringify({ pad: 'x'.repeat(17_000) })), 413, 'bad_request');
    expectError(await its.post('start', '{}', { 'Content-Type': 'text/plain' }), 400, 'bad_request');
    expectError(await its.post('/das/v1/activation/other', '{}'), 400, 'bad_request');
    expectError(await its.post('/', '{}'), 400, 'bad_request');
  });

  it.each(tooLarge)('as 413 for %i octets, to a client that sends first and reads then', async (octets) => {
    const headers = { 'Content-Type': 'application/json' };
    const answer = await sendThenRead({ port: das.listener.port }, '/das/v1/activation/start', headers, octets);
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('larger than 16 KiB');
  });

  it('for octets that are not UTF-8', async () => {
    const reply = await raw(
      das,
      `POST /das/v1/activation/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n`,
      Buffer.from([0xff, 0xfe]),
    );
    expect(reply).toMatch(/^HTTP\/1\.1 400 /);
    expect(reply).toContain('"error":"bad_request"');
  });

  it('for a model, MAC or mode that is not the certificate’s or the door’s', async () => {
    const its = await phone();
    for (const change of [{ model: 'CP-8865' }, { mac: nextMac() }, { mode: 'mra' }]) {
      expectError(await its.post('start', its.startBody(unknownCode, change).body), 400, 'bad_request');
    }
  });

  it.each([
    ['0', 0n],
    ['1', 1n],
    ['N-1', rfc5054Group3072.prime - 1n],
    ['N', rfc5054Group3072.prime],
  ])('for A = %s, and the sid is used up by it', async (_, value) => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { challenged, x } = await its.start(code);
    const { body } = its.proveBody(challenged!, x!);
    const bad = { ...(JSON.parse(body) as object), A: Buffer.from(octetsOf(value, 384)).toString('base64url') };
    expectError(await its.post('prove', JSON.stringify(bad)), 400, 'bad_request');
    expectError(await its.post('prove', body), 410, 'session_expired');
    const row = await database.db
      .selectFrom('activation_code')
      .select('evaluations')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row.evaluations).toBe(0);
  });

  it('for A, M1, sid or signature of another length', async () => {
    const { code } = await bench.issue(await bench.addDevice());
    for (const [member, length] of [
      ['A', 383],
      ['A', 385],
      ['M1', 31],
      ['sid', 15],
      ['mic_sig', 2000],
    ] as const) {
      const its = await phone();
      const { challenged, x } = await its.start(code);
      const { body } = its.proveBody(challenged!, x!);
      const bad = { ...(JSON.parse(body) as object), [member]: randomBytes(length).toString('base64url') };
      expectError(await its.post('prove', JSON.stringify(bad)), 400, 'bad_request');
      expectError(await its.post('prove', body), 410, 'session_expired');
    }
  });
});

it('unsupported_suite 400: another suite, whatever else it says', async () => {
  const its = await phone();
  expectError(await its.post('start', '{"suite":"AC-SRP-2","v":9,"surprise":1}'), 400, 'unsupported_suite');
});

describe('certificates', () => {
  const start = async (options: TestPhoneOptions) => {
    const its = await phone(options);
    return its.post('start', its.startBody(unknownCode).body);
  };

  it('mic_required 401: none', async () => expectError(await start({ certificate: false }), 401, 'mic_required'));

  it('mic_untrusted 403: another manufacturer, or a self-signed one', async () => {
    const rogue = await makeAuthority({ name: 'Test Manufacturing CA', issuer: await makeAuthority() });
    const mac = nextMac();
    expectError(await start({ mac, mic: await makeMic({ issuer: rogue, mac }), chain: [rogue] }), 403, 'mic_untrusted');
    expectError(await start({ mic: rogue, chain: [] }), 403, 'mic_untrusted');
  });

  it.each([
    ['mic_expired', past],
    ['mic_not_yet_valid', future],
  ])('%s 403', async (error, times) => {
    const mac = nextMac();
    expectError(await start({ mac, mic: await makeMic({ issuer: das.issuing, mac, ...times }) }), 403, error);
  });

  it('mic_revoked 403: by serial number, key or MAC', async () => {
    const mac = nextMac();
    const mic = await makeMic({ issuer: das.issuing, mac, serialNumber: '77aa' });
    onTestFinished(() => das.trust({}));
    for (const denied of [{ serials: ['77aa'] }, { keys: [keyFingerprint(mic)] }, { macs: [mac] }]) {
      das.trust(denied);
      expectError(await start({ mac, mic }), 403, 'mic_revoked');
    }
    das.trust({});
    expect((await start({ mac, mic })).status).toBe(200);
  });

  it.each([
    ['of another form', (mac: string) => `CN=8845-SEP${mac}`],
    ['twice', (mac: string) => `CN=CP-8845-SEP${mac},CN=CP-8845-SEP${mac}`],
    ['together with another attribute in one RDN', (mac: string) => `CN=CP-8845-SEP${mac}+OU=Phones,O=Test`],
    ['after another attribute in one RDN', (mac: string) => `O=Test,OU=Phones+CN=CP-8845-SEP${mac}`],
    [
      'together with the serial number',
      (mac: string) => `CN=CP-8845-SEP${mac}+2.5.4.5=PID:CP-8845 SN:FCH12345678,O=Test`,
    ],
    ['and another CN in one RDN', (mac: string) => `CN=CP-8845-SEP${mac}+CN=CP-8845-SEP001122334455`],
  ])('mic_subject_invalid 403: the CN stands there %s', async (_where, subject) => {
    const mac = nextMac();
    const mic = await makeMic({ issuer: das.issuing, subject: subject(mac) });
    expectError(await start({ mac, mic }), 403, 'mic_subject_invalid');
  });

  it('mic_purpose 403', async () => {
    const mac = nextMac();
    const mic = await makeMic({
      issuer: das.issuing,
      mac,
      clientAuth: false,
      extensions: [extension.extendedKeyUsage('1.3.6.1.5.5.7.3.1')],
    });
    expectError(await start({ mac, mic }), 403, 'mic_purpose');
  });

  it('mic_weak 403: a short key, or SHA-1 where the root is not marked legacy', async () => {
    const mac = nextMac();
    const short = await makeMic({ issuer: das.issuing, mac, algorithm: 'rsa1024' });
    expectError(await start({ mac, mic: short }), 403, 'mic_weak');
    const sha1 = await makeMic({ issuer: das.issuing, mac, hash: 'SHA-1' });
    expectError(await start({ mac, mic: sha1 }), 403, 'mic_weak');
    onTestFinished(() => das.trust({}));
    das.trust({ trusted: [trusting(das.root, { legacySha1: true })] });
    expect((await start({ mac, mic: sha1 })).status).toBe(200);
  });

  it('mic_proof_invalid 403: the signature is another key’s; the code stays and the attempt counts', async () => {
    const { id, code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { challenged, x } = await its.start(code);
    const { body } = its.proveBody(challenged!, x!);
    const bad = { ...(JSON.parse(body) as object), mic_sig: randomBytes(70).toString('base64url') };
    expectError(await its.post('prove', JSON.stringify(bad)), 403, 'mic_proof_invalid');
    const row = await database.db
      .selectFrom('activation_code')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'active', evaluations: 1, mismatches: 1 });
  });

  it('are told to the timeline by what they claim, with the reason', async () => {
    das.events.length = 0;
    const mac = nextMac();
    await start({ mac, mic: await makeMic({ issuer: das.issuing, mac, ...past }) });
    expect(das.events).toContainEqual(
      expect.objectContaining({ mac, step: 'start', result: 'failed', reason: 'mic_expired' }),
    );
  });
});

describe('a proof that is not accepted', () => {
  it('stands in the timeline of the phone the code was made for, with what the cluster knows of it', async () => {
    const device = await bench.addDevice();
    const { code } = await bench.issue(device);
    const its = await phone();
    das.events.length = 0;
    expect(outcomeOf(await its.activate(wrongCode(code)))).toBe('code_not_accepted');
    const [started, refused] = das.events;
    expect(started).toMatchObject({ step: 'start', result: 'ok', deviceId: device.id, attempt: expect.any(String) });
    expect(refused).toMatchObject({
      step: 'prove',
      result: 'failed',
      reason: 'code_wrong',
      mac: its.mac,
      deviceId: device.id,
      attempt: started!.attempt,
    });
  });

  it('of a code that does not exist stands with the MAC of the phone alone', async () => {
    const its = await phone();
    das.events.length = 0;
    expect(outcomeOf(await its.activate(unknownCode))).toBe('code_not_accepted');
    expect(das.events.at(-1)).toMatchObject({ step: 'prove', reason: 'code_unknown', mac: its.mac });
    expect(das.events.at(-1)).not.toHaveProperty('deviceId');
  });
});

describe('sessions', () => {
  it('session_expired 410: a sid serves one proof only', async () => {
    const its = await phone();
    const { challenged, x } = await its.start(unknownCode);
    const { body } = its.proveBody(challenged!, x!);
    expectError(await its.post('prove', body), 403, 'code_not_accepted');
    expectError(await its.post('prove', body), 410, 'session_expired');
  });

  it('session_expired 410: a new start ends the one before, and an invented sid never was', async () => {
    const its = await phone();
    const first = await its.start(unknownCode);
    const { body } = its.proveBody(first.challenged!, first.x!);
    await its.start(unknownCode);
    expectError(await its.post('prove', body), 410, 'session_expired');
    const invented = { ...(JSON.parse(body) as object), sid: randomBytes(16).toString('base64url') };
    expectError(await its.post('prove', JSON.stringify(invented)), 410, 'session_expired');
  });

  it('session_expired 410: after its time', async () => {
    await using brief = await dasBench(database, { authorities: das, ttl: 0 });
    const its = await phone({}, brief);
    const { state, body: startBody } = its.startBody(unknownCode);
    const reply = await its.post('start', startBody);
    const { sid } = JSON.parse(reply.text) as { sid: string };
    expect(state).toBeDefined();
    const body = JSON.stringify({
      sid,
      A: Buffer.from(octetsOf(5n, 384)).toString('base64url'),
      M1: randomBytes(32).toString('base64url'),
      mic_alg: 'ecdsa_secp256r1_sha256',
      mic_sig: randomBytes(70).toString('base64url'),
    });
    expectError(await its.post('prove', body), 410, 'session_expired');
  });

  it('session_channel_mismatch 403: the sid belongs to another connection, also of the same phone; it stays usable there', async () => {
    const { code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { challenged, x } = await its.start(code);
    const { body } = its.proveBody(challenged!, x!);
    const same = await phone({ mac: its.mac, mic: its.mic! });
    await same.start(code);
    expectError(await same.post('prove', body), 403, 'session_channel_mismatch');
    const stranger = await phone();
    await stranger.start(unknownCode);
    expectError(await stranger.post('prove', body), 403, 'session_channel_mismatch');
    expect((await its.post('prove', body)).status).toBe(200);
  });

  it('code_not_accepted 403: a proof made over another channel does not verify', async () => {
    const { code } = await bench.issue(await bench.addDevice());
    const its = await phone();
    const { challenged, x } = await its.start(code);
    Object.defineProperty(its, 'channelBinding', { value: randomBytes(32) });
    const { body } = its.proveBody(challenged!, x!);
    expectError(await its.post('prove', body), 403, 'code_not_accepted');
  });
});

describe('load', () => {
  it('rate_limited 429 with Retry-After: one MIC, one source', async () => {
    await using strict = await dasBench(database, {
      authorities: das,
      limits: { perMic: { burst: 2, perSecond: 0.1 }, perSource: { burst: 6, perSecond: 0.1 } },
    });
    const its = await phone({}, strict);
    const start = (who: TestPhone) => who.post('start', who.startBody(unknownCode).body);
    expect((await start(its)).status).toBe(200);
    expect((await start(its)).status).toBe(200);
    const third = await start(its);
    expectError(third, 429, 'rate_limited');
    expect(Number(third.retryAfter)).toBeGreaterThan(0);
    for (let i = 0; i < 3; i++) expect((await start(await phone({}, strict))).status).toBe(200);
    expectError(await start(await phone({}, strict)), 429, 'rate_limited');
    expect(strict.counts.get('ThrottleCount')).toBe(2);
  });

  it('busy 503 with Retry-After: the service is switched off, and says so', async () => {
    das.serviceActivated = false;
    onTestFinished(() => {
      das.serviceActivated = true;
    });
    const its = await phone();
    das.events.length = 0;
    const reply = await its.post('start', its.startBody(unknownCode).body);
    expectError(reply, 503, 'busy');
    expect(reply.error?.message).toMatch(/switched off/);
    expect(Number(reply.retryAfter)).toBeGreaterThan(0);
    // The administrator who forgot the switch finds the phone, and why.
    expect(das.events).toEqual([
      expect.objectContaining({ mac: its.mac, step: 'start', result: 'failed', reason: 'service_off' }),
    ]);
  });

  it('busy 503: the database is away; internal 500: something unforeseen; nothing of it shows', async () => {
    let problem: Error = new Fault('ours', 'database_unavailable', 'connection refused to 10.1.2.3');
    await using broken = await dasBench(database, {
      authorities: das,
      store: (real) => ({ ...real, lookup: () => Promise.reject(problem) }),
    });
    const its = await phone({}, broken);
    const away = await its.post('start', its.startBody(unknownCode).body);
    expectError(away, 503, 'busy');
    expect(away.text).not.toContain('10.1.2.3');
    problem = new Error('password=hunter2');
    its.reconnect();
    const unforeseen = await its.post('start', its.startBody(unknownCode).body);
    expectError(unforeseen, 500, 'internal');
    expect(unforeseen.text).not.toContain('hunter2');
  });

  it('busy 503: more starts than can be worked on at once', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let waiting = 0;
    let full = () => {};
    const filled = new Promise<void>((resolve) => {
      full = resolve;
    });
    await using small = await dasBench(database, {
      authorities: das,
      limits: { inFlight: 2 },
      store: (real) => ({
        ...real,
        async lookup(...input) {
          if (++waiting === 2) full();
          await held;
          return real.lookup(...input);
        },
      }),
    });
    const start = async () => {
      const its = await phone({}, small);
      return its.post('start', its.startBody(unknownCode).body);
    };
    const first = [start(), start()];
    await filled;
    expectError(await start(), 503, 'busy');
    release();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('is counted as the field counts it', async () => {
    das.counts.clear();
    const { code } = await bench.issue(await bench.addDevice());
    await (await phone()).activate(code);
    await (await phone()).activate(unknownCode);
    expect(Object.fromEntries(das.counts)).toEqual({
      InvokeAttempts: 2,
      InvokeFails: 1,
      RegisterAttempts: 2,
      RegisterFails: 1,
    });
  });
});

describe('the channel', () => {
  it('is TLS 1.3 only', async () => {
    await expect(tls(das, { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|alert/i);
    const socket = await tls(das, {});
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  it('is not kept open by who never begins a handshake', async () => {
    await using quick = await dasBench(database, { handshakeTime: 200 });
    const silent = netConnect(quick.listener.port, '127.0.0.1');
    await once(silent, 'connect');
    silent.resume();
    await once(silent, 'close');
  });

  it('is never resumed, whatever session a phone offers', async () => {
    const ask = async (socket: TLSSocket) => {
      socket.write('POST /das/v1/activation/start HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
      await new Promise((resolve) => socket.once('data', resolve));
    };
    const first = await tls(das, {});
    const sessions: Buffer[] = [];
    first.on('session', (session) => sessions.push(session));
    await ask(first);
    first.destroy();
    for (const session of sessions) {
      const again = await tls(das, { session });
      await ask(again);
      expect(again.isSessionReused()).toBe(false);
      again.destroy();
    }
  });

  it('survives junk: plain text, half a handshake, no HTTP, endless headers, pipelining', async () => {
    await new Promise<void>((resolve) => {
      const socket = netConnect(das.listener.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => {});
      socket.resume();
    });
    netConnect(das.listener.port, '127.0.0.1', function (this: ReturnType<typeof netConnect>) {
      this.write(Buffer.from('16030100', 'hex'));
      this.destroy();
    });
    expect(await raw(das, 'this is not HTTP\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*bad_request/);
    expect(await raw(das, `POST / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 [\s\S]*bad_request/,
    );
    const one =
      'POST /das/v1/activation/start HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';
    const many = await raw(
      das,
      `${one.repeat(20)}POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
    );
    expect(many).toContain('"error"');
    const { code } = await bench.issue(await bench.addDevice());
    expect(outcomeOf(await (await phone()).activate(code))).toBe('activated');
  });
});

function tls(at: DasBench, options: object): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect(
      { port: at.listener.port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
      () => resolve(socket),
    );
    socket.once('error', reject);
  });
}

/** Sends octets, returns all that comes until the server closes or answers the last request. */
async function raw(at: DasBench, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = await tls(at, {});
  let got = '';
  socket.on('data', (bytes: Buffer) => {
    got += bytes.toString('latin1');
    if (parts.length > 1 && /\r\n\r\n\{.*\}/s.test(got)) socket.destroy();
  });
  socket.on('error', () => {});
  for (const part of parts) socket.write(part);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return got;
}
