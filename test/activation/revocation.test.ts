import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RunningProgram, startAllInOne } from '../support/all-in-one.ts';
import { type Issued, issuedFromFiles, makeAuthority, makeMic } from '../support/certificates.ts';
import { nextMac, outcomeOf, TestPhone } from '../support/das.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { revocationList } from '../support/revocation-lists.ts';

/** Two nodes of one cluster, each a process of its own: lists come to one, phones to the other. */
describe('a list that the manufacturer signed', () => {
  let folder: string;
  let database: TestDatabase;
  let a: RunningProgram;
  let b: RunningProgram;
  let issuing: Issued;
  const key = randomBytes(32).toString('hex');
  const url = '/certificate-revocation-lists';
  const patience = { timeout: 20_000, interval: 20 };

  const node = (name: string) =>
    startAllInOne({
      dataDirectory: join(folder, name),
      arguments: ['--role', 'unified-cm', '--node-name', name, '--node-address', '127.0.0.1', '--listen', '127.0.0.1'],
      environment: { FIRSTRING_DATABASE_URL: database.url, FIRSTRING_KEK: key },
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-revocation-'));
    database = await testDatabase();
    a = await node('ucm-a');
    b = await node('ucm-b');
    issuing = await issuedFromFiles(a.lab!.manufacturerCaCert, a.lab!.manufacturerCaKey);
  });
  afterAll(async () => {
    await Promise.all([a?.stop(), b?.stop()]);
    await database?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const phone = async (issuer = issuing, chain?: readonly Issued[]) => {
    const mac = nextMac();
    const port = Number(new URL(b.endpoints['das']!).port);
    const mic = await makeMic({ issuer, mac });
    const made = await TestPhone.make(
      { listener: { port } as never, issuing: issuer },
      { mac, mic, ...(chain && { chain }) },
    );
    onTestFinished(() => made.close());
    return made;
  };
  const code = async () => {
    const { body } = await a.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
    return (await a.rest('GET', `/phones/${body.name}/activation-code`)).body.code.replaceAll('-', '') as string;
  };
  /** On a new connection: a certificate is judged once for each. */
  const again = async (its: TestPhone, digits: string) => {
    its.reconnect();
    return outcomeOf(await its.activate(digits));
  };
  /** How SIP over TLS answers this MIC: 401 asks for a password, as it asks a stranger; 403 names the certificate. */
  const register = (mic: Issued, mac: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(b.endpoints['sipTls']!);
      const socket = connect({
        host: hostname,
        port: Number(port),
        key: mic.keyPem,
        cert: [mic.pem, issuing.pem].join('\n'),
        rejectUnauthorized: false,
      });
      onTestFinished(() => void socket.destroy());
      socket.on('error', reject);
      socket.once('data', (octets) => resolve(octets.toString().split('\r\n')[0]!));
      socket.write(
        `REGISTER sip:${hostname} SIP/2.0\r\nVia: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK${randomBytes(6).toString('hex')}\r\n` +
          `Max-Forwards: 70\r\nFrom: <sip:SEP${mac}@${hostname}>;tag=1\r\nTo: <sip:SEP${mac}@${hostname}>\r\nCall-ID: ${randomBytes(6).toString('hex')}\r\n` +
          `CSeq: 1 REGISTER\r\nContact: <sip:SEP${mac}@127.0.0.1:5061;transport=tls>\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n`,
      );
    });

  it('keeps out a phone that worked before, at activation and at SIP, and on the node it was not given to', async () => {
    const its = await phone();
    expect(outcomeOf(await its.activate(await code()))).toBe('activated');
    const inService = await register(its.mic!, its.mac);
    const other = await phone();

    const list = revocationList({ issuer: issuing, entries: [its.mic!.certificate.serialNumber], number: 5 });
    expect((await a.rest('POST', url, list)).status).toBe(201);
    const next = await code();
    await vi.waitFor(async () => expect(await again(its, next)).toBe('mic_revoked'), patience);
    await vi.waitFor(async () => expect(await register(its.mic!, its.mac)).not.toBe(inService), patience);
    const timeline = async () => JSON.stringify((await a.rest('GET', `/timeline?mac=${its.mac}`)).body);
    await vi.waitFor(async () => expect(await timeline()).toContain('mic_revoked'), patience);
    // Nobody else is concerned, and the code is as it was.
    expect(outcomeOf(await other.activate(next))).toBe('activated');

    // Older ones and forged ones change nothing.
    const impostor = await makeAuthority({ name: 'Impostor', algorithm: 'rsa2048' });
    const emptied = { issuer: issuing, entries: [] };
    expect((await a.rest('POST', url, revocationList({ ...emptied, number: 4 }))).body.code).toBe('crl_not_newer');
    const forged = revocationList({ ...emptied, number: 6, signer: impostor });
    expect((await a.rest('POST', url, forged)).body.code).toBe('crl_forged');
    expect(await again(its, next)).toBe('mic_revoked');

    // What the next list no longer names comes in again.
    expect((await a.rest('POST', url, revocationList({ ...emptied, number: 6 }))).status).toBe(201);
    const last = await code();
    await vi.waitFor(async () => expect(await again(its, last)).not.toBe('mic_revoked'), patience);
  });

  it('of a root keeps out every phone of an authority that it revoked', async () => {
    const maker = await makeAuthority({ name: 'Revoking Root' });
    const factory = await makeAuthority({ name: 'Revoked Factory', issuer: maker });
    const added = await a.rest('POST', '/trust-certificates', { certificate: maker.pem });
    expect(added.status).toBe(201);
    const its = await phone(factory, [factory]);
    const digits = await code();
    await vi.waitFor(async () => expect(await again(its, digits)).toBe('activated'), patience);
    const list = revocationList({ issuer: maker, entries: [factory.certificate.serialNumber] });
    expect((await a.rest('POST', url, list)).status).toBe(201);
    const sibling = await phone(factory, [factory]);
    const next = await code();
    await vi.waitFor(async () => expect(await again(sibling, next)).toBe('mic_revoked'), patience);
  });
});
