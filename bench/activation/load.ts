import { constants, createPrivateKey, scryptSync, sign, X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import { openSslSuiteCrypto } from '../../src/infra/crypto/suite-crypto.ts';
import { beginActivation, proveActivation, readChallenge, readResult } from '../../src/protocol/activation/client.ts';
import { suiteSrp } from '../../src/protocol/activation/suite.ts';
import type { BenchPhone } from './fixture.ts';

/** Child process: phones that do nothing but activate. */

export interface Load {
  readonly mode: 'das' | 'bare';
  readonly port: number;
  readonly phones: readonly BenchPhone[];
  readonly key: string;
  readonly inFlight: number;
  /** Send the confirmation too. */
  readonly confirm: boolean;
}

export interface LoadResult {
  readonly seconds: number;
  readonly activated: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Milliseconds from connect to the confirmed end, sorted. */
  readonly latencies: readonly number[];
  /** Of prove alone, in the order of the phones. */
  readonly proves: readonly number[];
  readonly starts: readonly number[];
}

const crypto = openSslSuiteCrypto();
const srp = suiteSrp(crypto);

/** Just enough HTTP/1.1: the load side must cost less than the server. */
function exchange(socket: TLSSocket, path: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let got = '';
    const onData = (bytes: Buffer) => {
      got += bytes.toString('latin1');
      const end = got.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(got)?.[1] ?? 0);
      if (got.length < end + 4 + length) return;
      socket.off('data', onData);
      socket.off('error', reject);
      resolve({ status: Number(got.slice(9, 12)), body: got.slice(end + 4) });
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.write(
      `POST /das/v1/activation/${path} HTTP/1.1\r\nHost: das\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
}

const dial = (load: Load, phone: BenchPhone, key: string) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: load.port, key, cert: phone.mic, rejectUnauthorized: false, ecdhCurve: 'X25519' },
      () => resolve(socket),
    );
    socket.setNoDelay();
    socket.once('error', reject);
  });

async function activate(load: Load, phone: BenchPhone, key: ReturnType<typeof createPrivateKey>) {
  const socket = await dial(load, phone, load.key);
  const { state, body } = beginActivation(crypto, {
    code: phone.code,
    model: 'CP-8845',
    mac: phone.mac,
    fw: 'sip8845_65.14-2-1',
    mode: 'onprem',
  });
  const beforeStart = performance.now();
  const started = await exchange(socket, 'start', body);
  const start = performance.now() - beforeStart;
  if (started.status !== 200) throw new Error(`start: ${started.status} ${started.body}`);
  const { state: challenged } = readChallenge(state, started.body);
  const proof = proveActivation(crypto, challenged, {
    kdfOutput: Buffer.from(phone.x, 'base64url'),
    channelBinding: socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)),
    micDer: new X509Certificate(phone.mic).raw,
    micAlg: 'rsa_pss_rsae_sha256',
    signMic: (input) => sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  });
  const beforeProve = performance.now();
  const proved = await exchange(socket, 'prove', proof.body);
  const prove = performance.now() - beforeProve;
  let outcome: string;
  if (proved.status === 200) {
    const reply = readResult(crypto, proof.state, proved.body);
    outcome =
      reply.kind !== 'result' ? reply.kind : reply.result.status === 'activated' ? 'activated' : reply.result.reason;
    if (load.confirm && reply.kind === 'result' && reply.confirmBody) {
      const confirmed = await exchange(socket, 'confirm', reply.confirmBody);
      if (confirmed.status !== 204) outcome = `confirm: ${confirmed.status}`;
    }
  } else {
    outcome = (JSON.parse(proved.body) as { error: string }).error;
  }
  socket.destroy();
  return { outcome, start, prove };
}

/** The same exponentiations and round trips as the real one, for a fair load. */
async function bareHandshake(load: Load, phone: BenchPhone, key: ReturnType<typeof createPrivateKey>) {
  const socket = await dial(load, phone, load.key);
  const read = (length: number) =>
    new Promise<Buffer>((resolve, reject) => {
      let got = Buffer.alloc(0);
      const onData = (bytes: Buffer) => {
        got = Buffer.concat([got, bytes]);
        if (got.length < length) return;
        socket.off('data', onData);
        resolve(got);
      };
      socket.on('data', onData);
      socket.once('error', reject);
    });
  const first = read(700);
  socket.write(crypto.randomBytes(200));
  const B = (await first).subarray(0, 384);
  const a = crypto.randomBytes(32);
  const A = srp.power(a);
  srp.clientSecret({ A, B, x: Buffer.from(phone.x, 'base64url'), a });
  const signature = sign('sha256', A, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  const second = read(932);
  socket.write(Buffer.concat([A, signature, crypto.randomBytes(460)]));
  await second;
  socket.destroy();
  return { outcome: 'activated', start: 0, prove: 0 };
}

process.on('message', async (load: Load) => {
  const key = createPrivateKey(load.key);
  const refused: Record<string, number> = {};
  const latencies: number[] = [];
  const proves: number[] = [];
  const starts: number[] = [];
  let activated = 0;
  let next = 0;
  const before = performance.now();
  await Promise.all(
    Array.from({ length: load.inFlight }, async () => {
      for (;;) {
        const at = next++;
        const phone = load.phones[at];
        if (phone === undefined) return;
        const began = performance.now();
        let outcome: string;
        try {
          const result = load.mode === 'das' ? await activate(load, phone, key) : await bareHandshake(load, phone, key);
          outcome = result.outcome;
          proves[at] = result.prove;
          starts[at] = result.start;
        } catch (error) {
          outcome = String(error);
        }
        latencies.push(performance.now() - began);
        if (outcome === 'activated') activated++;
        else refused[outcome] = (refused[outcome] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - before) / 1000;
  process.send?.({
    seconds,
    activated,
    refused,
    latencies: latencies.sort((a, b) => a - b),
    proves,
    starts,
  } satisfies LoadResult);
});

/** What scrypt costs the phone here, for the report. Milliseconds. */
export function scryptMilliseconds(): number {
  const before = performance.now();
  for (let i = 0; i < 5; i++) scryptSync('4273819502648313', 'salt', 32, { N: 4096, r: 8, p: 1 });
  return (performance.now() - before) / 5;
}
