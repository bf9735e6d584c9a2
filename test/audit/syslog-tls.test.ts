import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSyslog, readSyslogTarget, type Syslog, type SyslogMessage } from '../../src/infra/audit/syslog.ts';
import { readSyslogFiles } from '../../src/infra/audit/syslog-files.ts';
import type { SyslogTls } from '../../src/infra/audit/syslog-stream.ts';
import { readConfiguration } from '../../src/infra/config/configuration.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../../src/infra/pki/issue.ts';
import { silentLog } from '../../src/kernel/log.ts';

const hour = 3_600_000;
const times = () => ({ notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + hour) });

interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority and what it issues. */
async function makeAuthority(name: string) {
  const pair = await generateKey('p-256');
  const subject = [['CN', name]] as const;
  const certificate = await issueCertificate(
    { subject, publicKey: pair.publicKey, ...times(), authority: { pathLength: 0 } },
    { self: pair },
  );
  return {
    pem: derToPem(certificate),
    async issue(usage: 'server' | 'client', alternativeNames: readonly string[]): Promise<Pair> {
      const own = await generateKey('p-256');
      const issued = await issueCertificate(
        { subject: [['CN', usage]], publicKey: own.publicKey, ...times(), usages: [usage], alternativeNames },
        { certificate, privateKey: pair.privateKey },
      );
      return { cert: derToPem(issued), key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string };
    },
  };
}

let ours: Awaited<ReturnType<typeof makeAuthority>>;
let foreign: Awaited<ReturnType<typeof makeAuthority>>;
let good: Pair;
beforeAll(async () => {
  [ours, foreign] = await Promise.all([makeAuthority('Logs CA'), makeAuthority('Another CA')]);
  good = await ours.issue('server', ['127.0.0.1']);
});

const servers: Server[] = [];
const sockets = new Set<TLSSocket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A receiver of syslog over TLS. `text`: what it got of all connections. */
async function receiver(options: TlsOptions, port = 0) {
  const got = { text: '', connections: 0, refused: 0 };
  const server = createServer(options);
  servers.push(server);
  server.on('tlsClientError', () => got.refused++);
  server.on('secureConnection', (socket) => {
    got.connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (part: string) => {
      got.text += part;
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { got, server, port: (server.address() as AddressInfo).port };
}

/** RFC 5425 §4.3: MSG-LEN SP SYSLOG-MSG, in octets, and nothing else. */
function framesOf(text: string): readonly string[] {
  const found: string[] = [];
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    const space = rest.indexOf(' ');
    const length = Number(rest.subarray(0, space).toString());
    if (!(length > 0) || rest.length < space + 1 + length) throw new Error(`no whole frame: ${rest.toString()}`);
    found.push(rest.subarray(space + 1, space + 1 + length).toString());
    rest = rest.subarray(space + 1 + length);
  }
  return found;
}

const head = (seq: number, text = `sealed ${seq}`): SyslogMessage => ({
  severity: 5,
  id: 'audit-head',
  data: { seq: String(seq) },
  text,
});

function sender(port: number, tls: Partial<SyslogTls> = {}) {
  const states: boolean[] = [];
  const warnings: string[] = [];
  let dropped = 0;
  const syslog: Syslog = openSyslog(readSyslogTarget(`tls://127.0.0.1:${port}`)!, {
    log: {
      ...silentLog,
      warn: (fields: object, text: string) =>
        void warnings.push(`${text} ${String((fields as { err?: unknown }).err)}`),
    },
    tls: { ca: ours.pem, client: undefined, ...tls },
    onConnected: (connected) => void states.push(connected),
    onDropped: () => void dropped++,
  });
  onTestFinished(() => syslog[Symbol.asyncDispose]());
  return { syslog, states, warnings, dropped: () => dropped };
}

const eventually = (look: () => void) => vi.waitFor(look, { timeout: 60_000, interval: 20 });

describe('syslog over TLS', () => {
  it('sends each message with its length in octets, over TLS 1.2 or newer, whatever letters it holds', async () => {
    const { got, port } = await receiver({ ...good, maxVersion: 'TLSv1.2' });
    const { syslog, states } = sender(port);
    syslog.send(head(1, 'versiegelt: äöü 封'));
    syslog.send(head(2));
    await eventually(() => expect(got.text).toContain('sealed 2'));
    const frames = framesOf(got.text);
    expect(frames).toHaveLength(2);
    expect(frames[0]).toMatch(/^<109>1 .* audit-head \[audit@32473 seq="1"\] \uFEFFversiegelt: äöü 封$/);
    expect(states).toEqual([false, true]);
  });

  it.each([
    ['is signed by another authority', async () => foreign.issue('server', ['127.0.0.1'])],
    ['is for another name', async () => ours.issue('server', ['logs.example.org'])],
  ])('tells nothing to a server whose certificate %s', async (_, certificate) => {
    const { got, port } = await receiver(await certificate());
    const { syslog, states, warnings } = sender(port);
    syslog.send(head(1));
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(warnings[0]).toContain('cannot be sent to syslog');
    // A second attempt, so that the first one has had all the time it may have.
    await eventually(() => expect(states.filter((state) => !state).length).toBeGreaterThan(2));
    expect(states).not.toContain(true);
    expect(got.text).toBe('');
  });

  it('trusts what the system trusts where no authority is named, and that is not ours', async () => {
    const { got, port } = await receiver(good);
    const { syslog, warnings } = sender(port, { ca: undefined });
    syslog.send(head(1));
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(got.text).toBe('');
  });

  it('takes no TLS older than 1.2', async () => {
    const { got, port } = await receiver({
      ...good,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL@SECLEVEL=0',
    });
    const { syslog, warnings } = sender(port);
    syslog.send(head(1));
    await eventually(() => expect(warnings).toHaveLength(1));
    expect(got).toMatchObject({ text: '', connections: 0 });
  });

  it('shows its own certificate where one is configured', async () => {
    const { got, port } = await receiver({ ...good, ca: ours.pem, requestCert: true, rejectUnauthorized: true });
    const without = sender(port);
    without.syslog.send(head(1));
    await eventually(() => expect(got.refused).toBeGreaterThan(0));
    const shown = sender(port, { client: await ours.issue('client', ['ucm-a']) });
    shown.syslog.send(head(2));
    await eventually(() => expect(got.text).toContain('sealed 2'));
    expect(got.text).not.toContain('sealed 1');
  });

  it('connects again after a loss, says so once, and sends what waited in its order', async () => {
    const first = await receiver(good);
    const { syslog, states, warnings } = sender(first.port);
    syslog.send(head(1));
    await eventually(() => expect(first.got.text).toContain('sealed 1'));
    first.server.close();
    for (const socket of sockets) socket.end();
    await eventually(() => expect(states.at(-1)).toBe(false));
    syslog.send(head(2));
    syslog.send(head(3));
    const second = await receiver(good, first.port);
    await eventually(() => expect(second.got.text).toContain('sealed 3'));
    expect(framesOf(second.got.text).map((frame) => frame.replace(/^.*\uFEFF/, ''))).toEqual(['sealed 2', 'sealed 3']);
    expect(states.at(-1)).toBe(true);
    expect(warnings).toHaveLength(1);
  });

  it('holds a thousand messages for a receiver that is away, the newest ones, and counts the others', async () => {
    const { port, server } = await receiver(good);
    server.close();
    await once(server, 'close');
    const { syslog, dropped } = sender(port);
    for (let seq = 1; seq <= 1_010; seq++) syslog.send(head(seq));
    expect(dropped()).toBe(10);
    const { got } = await receiver(good, port);
    await eventually(() => expect(got.text).toContain('sealed 1010'));
    expect(framesOf(got.text).map((frame) => Number(/sealed (\d+)$/.exec(frame)?.[1]))).toEqual(
      Array.from({ length: 1_000 }, (_, n) => n + 11),
    );
  });
});

describe('the files of syslog over TLS', () => {
  let folder: string;
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-syslog-'));
    return () => rm(folder, { recursive: true, force: true });
  });

  it('end the start where they cannot be used, by name', async () => {
    const cert = await file('cert.pem', good.cert);
    const other = await file('other.key.pem', (await ours.issue('client', ['ucm-a'])).key);
    const empty = await file('empty.pem', '');
    const named = (field: string, message: RegExp) => ({
      code: 'configuration_invalid',
      problems: [{ field, message: expect.stringMatching(message) }],
    });
    await expect(readSyslogFiles({ ca: join(folder, 'none.pem'), client: undefined })).rejects.toMatchObject(
      named('audit.syslogCa', /does not exist/),
    );
    await expect(readSyslogFiles({ ca: empty, client: undefined })).rejects.toMatchObject(
      named('audit.syslogCa', /holds no certificate/),
    );
    await expect(readSyslogFiles({ ca: undefined, client: { certificate: cert, key: other } })).rejects.toMatchObject(
      named('audit.syslogKey', /not the key of/),
    );
    const key = await file('key.pem', good.key);
    expect(await readSyslogFiles({ ca: cert, client: { certificate: cert, key } })).toEqual({
      ca: good.cert,
      client: good,
    });
  });

  it('are refused where syslog does not go over TLS, for there they protect nothing', async () => {
    const environment = { FIRSTRING_AUDIT_SYSLOG: 'tcp://logs.example.org', FIRSTRING_AUDIT_SYSLOG_CA: 'ca.pem' };
    await expect(readConfiguration({ environment })).rejects.toMatchObject({
      problems: [expect.objectContaining({ field: 'audit.syslogCa' })],
    });
    const { audit } = await readConfiguration({
      environment: { ...environment, FIRSTRING_AUDIT_SYSLOG: 'tls://logs.example.org' },
    });
    expect(readSyslogTarget(audit.syslog!)).toEqual({ transport: 'tls', host: 'logs.example.org', port: 6514 });
  });
});
