/**
 * Requests per second through the tunnel of the edge against a direct HTTP/2 connection over TLS 1.3, both ends in this process, the same request and
 * answer, taken in turns in one run; then a whole request of a phone (E, tunnel, C, node) for orientation; and what a registered remote phone costs E in
 * memory while it is idle. `node bench/tunnel.ts [--requests N] [--rounds N] [--phones N]`
 */
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { connect, createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createServer, connect as tlsConnect } from 'node:tls';
import { parseArgs } from 'node:util';
import { initialAccessControl } from '../src/domain/edge/access-control.ts';
import { OrderHub } from '../src/endpoints/edge/order-hub.ts';
import type { PhoneConnection } from '../src/endpoints/edge/phone-connection.ts';
import { TunnelLink } from '../src/endpoints/edge/tunnel-link.ts';
import { TunnelServer } from '../src/endpoints/edge/tunnel-server.ts';
import { derToPem } from '../src/infra/pki/identity.ts';
import { generateKey, issueCertificate } from '../src/infra/pki/issue.ts';
import { silentLog } from '../src/kernel/log.ts';
import { measurePhones } from './tunnel/phones.ts';
import { measureWhole } from './tunnel/whole.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    phones: { type: 'string', default: '1000' },
  },
});
const requests = Number(values.requests);
const rounds = Number(values.rounds);
const inFlight = 64;
const limit = 0.5;

const body = JSON.stringify({
  v: 1,
  suite: 'AC-SRP-1',
  locator: '1234567',
  model: 'CP-8845',
  mac: '001122334455',
  fw: 'sip8845_65.14-2-1',
  mode: 'mra',
  cnonce: Buffer.alloc(32, 7).toString('base64url'),
});
const answer = Buffer.from(JSON.stringify({ v: 1, suite: 'AC-SRP-1', B: 'x'.repeat(290) }));

const key = await generateKey('p-256');
const certificate = await issueCertificate(
  {
    subject: [['CN', 'bench']],
    publicKey: key.publicKey,
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 86_400_000),
    alternativeNames: ['127.0.0.1'],
  },
  { self: key },
);
const tls = {
  key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  cert: derToPem(certificate),
  minVersion: 'TLSv1.3' as const,
};

/** Calls `ask` so often, so many at once; per second. */
async function rate(ask: () => Promise<unknown>): Promise<number> {
  let left = requests;
  const since = performance.now();
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await ask();
    }),
  );
  return requests / ((performance.now() - since) / 1000);
}

async function direct() {
  const server = createSecureServer(tls);
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('end', () => {
      JSON.parse(Buffer.concat(chunks).toString('utf8'));
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { ca: tls.cert });
  await once(session, 'connect');
  const ask = () =>
    new Promise<Buffer>((resolve, reject) => {
      const stream = session.request({ ':method': 'POST', ':path': '/start' }, { endStream: false });
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('error', reject);
      stream.once('end', () => resolve(Buffer.concat(chunks)));
      stream.end(body);
    });
  return {
    ask,
    close() {
      session.destroy();
      server.close();
    },
  };
}

async function tunnelled() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const clock = { now: () => Date.now() };
  let link: TunnelLink | undefined;
  const orders = new OrderHub({
    ...initialAccessControl,
    authorizeByOauthTokenWithRefresh: true,
    allowActivationCodeOnboarding: true,
    domains: [],
    clusters: [],
  });
  const server = new TunnelServer({
    clusters: {
      ask: async () => ({
        status: 200,
        contentType: 'application/json',
        retryAfter: undefined,
        wwwAuthenticate: undefined,
        body: answer,
      }),
      openSip: async () => undefined,
    },
    orders,
    onReport() {},
    onTunnels() {},
    clock,
    log: silentLog,
  });
  const listener = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (socket) => {
    link = new TunnelLink('c', socket, {
      name: 'e1',
      sign: (input) => sign(null, Buffer.from(input, 'latin1'), privateKey),
      hello: () => ({
        type: 'hello',
        name: 'e1',
        version: '',
        host: 'e1.test',
        httpsPort: 1,
        sipPort: 1,
        turnServers: [],
        warnings: [],
      }),
      onOrder() {},
      onClosed() {},
      clock,
      log: silentLog,
      patience: 15_000,
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const socket = tlsConnect({
    ...tls,
    host: '127.0.0.1',
    port: (listener.address() as AddressInfo).port,
    ca: tls.cert,
  });
  await once(socket, 'secureConnect');
  server.serve({ name: 'e1', verifies: (input, mark) => verify(null, input, publicKey, mark) }, socket);
  while (link === undefined) await new Promise((done) => setTimeout(done, 5));
  const up = link;
  // As many phones as are in flight, each with a chain of two certificates.
  const phones = Array.from({ length: inFlight }, (_, at) => phone(`connection-of-phone-${at}`));
  let next = 0;
  return {
    ask: async () => {
      const { status } = await up.ask('start', phones[next++ % phones.length]!, body);
      if (status !== 200) throw new Error(`status ${status}`);
    },
    close() {
      server.close();
      socket.destroy();
      listener.close();
    },
  };
}

function phone(id: string): PhoneConnection {
  const channelBinding = createHash('sha256').update(id).digest();
  const chain = [certificate, certificate];
  return { id, chain, channelBinding, source: '192.0.2.1', serverName: undefined } as unknown as PhoneConnection;
}

const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
const whole = (value: number) => Math.round(value).toLocaleString('en');

const [a, b] = [await direct(), await tunnelled()];
await rate(a.ask);
await rate(b.ask);
const rates: { direct: number; tunnel: number }[] = [];
for (let round = 0; round < rounds; round++) rates.push({ direct: await rate(a.ask), tunnel: await rate(b.ask) });
a.close();
b.close();
const ratio = median(rates.map((each) => each.tunnel / each.direct));
process.stdout.write(
  `through the tunnel ${whole(median(rates.map(({ tunnel }) => tunnel)))}/s, direct HTTP/2 ${whole(median(rates.map((each) => each.direct)))}/s, ${inFlight} in flight: ratio ${ratio.toFixed(2)} (at least ${limit})\n`,
);
if (ratio < limit) process.exitCode = 1;
process.stdout.write(`${await measureWhole(Math.min(requests, 5_000))}\n`);
process.stdout.write(`${await measurePhones(Number(values.phones))}\n`);
