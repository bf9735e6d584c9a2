import { createPrivateKey, hash, randomBytes, scryptSync, sign, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type IncomingHttpHeaders } from 'node:http2';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { issueMic } from '../../../src/infra/pki/lab-manufacturer.ts';
import {
  beginActivation,
  type ProofReply,
  proveActivation,
  readChallenge,
  readResult,
} from '../../../src/protocol/activation/client.ts';
import type { ActivatedResult } from '../../../src/protocol/activation/result.ts';
import { type EdgeChange, readChange } from '../../../src/protocol/edge-access/changes.ts';
import type { PhoneVouch } from '../../../src/protocol/edge-access/phone-vouch.ts';
import { edgePaths, writeConfigRequest, writeVouchedRequest } from '../../../src/protocol/edge-access/requests.ts';
import { readTokenAnswer, writeTokenRequest } from '../../../src/protocol/oauth/token-messages.ts';
import type { LabFiles, RunningProgram } from '../../support/all-in-one.ts';
import { type Issued, makeAuthority } from '../../support/certificates.ts';
import { nextMac, suiteCrypto } from '../../support/das.ts';

export interface EdgeReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** `error` of the JSON body; empty when there is none. */
  readonly error: string;
}

/** An Expressway-C as a node sees it: mutual TLS, HTTP/2, and whatever it chooses to say of a phone. */
export class TestExpressway {
  readonly certificate: Issued;
  readonly #url: string;
  #session: ClientHttp2Session | undefined;

  private constructor(url: string, certificate: Issued) {
    this.#url = url;
    this.certificate = certificate;
  }

  static async make(program: Pick<RunningProgram, 'endpoints'>, certificate?: Issued): Promise<TestExpressway> {
    return new TestExpressway(
      program.endpoints['edgeAccess']!,
      certificate ?? (await makeAuthority({ name: `expressway-c-${randomBytes(4).toString('hex')}` })),
    );
  }

  /** The same, added by the administrator. */
  static async enrolled(program: RunningProgram, certificate?: Issued): Promise<TestExpressway> {
    const made = await TestExpressway.make(program, certificate);
    const { status, body } = await program.rest('POST', '/expressways', {
      name: `c-${randomBytes(4).toString('hex')}`,
      certificate: made.certificate.pem,
    });
    if (status !== 201) throw new Error(`not enrolled: ${JSON.stringify(body)}`);
    await made.#known();
    return made;
  }

  /** Every node hears of it by a notice; this one has when it answers. */
  async #known(): Promise<void> {
    while ((await this.request('GET', edgePaths.cluster)).status === 403)
      await new Promise((done) => setTimeout(done, 5));
  }

  /** At another node of the cluster. */
  async at(program: Pick<RunningProgram, 'endpoints'>): Promise<TestExpressway> {
    const other = new TestExpressway(program.endpoints['edgeAccess']!, this.certificate);
    await other.#known();
    return other;
  }

  get session(): ClientHttp2Session {
    if (this.#session === undefined || this.#session.destroyed || this.#session.closed) {
      this.#session = connect(this.#url, this.tls());
      this.#session.on('error', () => {});
    }
    return this.#session;
  }

  tls(): ConnectionOptions {
    return { cert: this.certificate.pem, key: this.certificate.keyPem, rejectUnauthorized: false };
  }

  request(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<EdgeReply> {
    return new Promise((resolve, reject) => {
      const stream = this.session.request({ ':method': method, ':path': path, ...headers });
      let answer: IncomingHttpHeaders = {};
      const chunks: Buffer[] = [];
      stream.on('response', (received) => {
        answer = received;
      });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('error', reject);
      stream.on('close', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({
          status: Number(answer[':status'] ?? 0),
          headers: answer,
          body: bytes,
          text,
          error: /^\{"error":"([a-z_]+)"/.exec(text)?.[1] ?? '',
        });
      });
      stream.end(body);
    });
  }

  /** Follows the changes until the stream is closed. */
  changes(): {
    readonly seen: EdgeChange[];
    readonly stream: ClientHttp2Stream;
    until(type: string): Promise<EdgeChange>;
  } {
    const stream = this.session.request({ ':method': 'GET', ':path': edgePaths.changes });
    const seen: EdgeChange[] = [];
    const waiting = new Set<() => void>();
    let held = '';
    stream.on('error', () => {});
    stream.on('data', (chunk: Buffer) => {
      held += chunk.toString();
      for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
        const change = readChange(held.slice(0, end));
        held = held.slice(end + 1);
        if (change !== undefined) seen.push(change);
      }
      for (const look of waiting) look();
    });
    let read = 0;
    return {
      seen,
      stream,
      until: (type) =>
        new Promise((resolve) => {
          const look = () => {
            const at = seen.findIndex((each, index) => index >= read && each.type === type);
            if (at < 0) return;
            read = at + 1;
            waiting.delete(look);
            resolve(seen[at]!);
          };
          waiting.add(look);
          look();
        }),
    };
  }

  close(): void {
    this.#session?.destroy();
  }
}

/** A phone outside with its connection to some Expressway-E, as an honest edge would tell of it. */
export class RemotePhone {
  readonly mac: string;
  readonly chain: readonly Uint8Array[];
  readonly micKeyPem: string;
  connection = `conn-${randomBytes(6).toString('hex')}`;
  channelBinding: Uint8Array = randomBytes(32);
  result: ActivatedResult | undefined;

  constructor(mac: string, chain: readonly Uint8Array[], micKeyPem: string) {
    this.mac = mac;
    this.chain = chain;
    this.micKeyPem = micKeyPem;
  }

  static async make(lab: LabFiles, options: { readonly mac?: string } = {}): Promise<RemotePhone> {
    const mac = options.mac ?? nextMac();
    const authority = new X509Certificate(await readFile(lab.manufacturerCaCert));
    const issuer = { certificate: authority.raw, privateKey: createPrivateKey(await readFile(lab.manufacturerCaKey)) };
    const { certificate, key } = await issueMic(issuer, { product: 'CP-8845', mac, kind: 'p-256' });
    const keyPem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    return new RemotePhone(mac, [certificate, authority.raw], keyPem);
  }

  get name(): string {
    return `SEP${this.mac}`;
  }

  get micSha256(): Uint8Array {
    return hash('sha256', this.chain[0]!, 'buffer');
  }

  vouch(change: Partial<PhoneVouch> = {}): PhoneVouch {
    return {
      connection: this.connection,
      chain: this.chain,
      channelBinding: this.channelBinding,
      tls: 'TLSv1.3',
      sourceAddress: '203.0.113.7',
      edge: 'e1',
      ...change,
    };
  }

  begin(code: string, mode: 'onprem' | 'mra' = 'mra') {
    return beginActivation(suiteCrypto(), {
      code,
      model: 'CP-8845',
      mac: this.mac,
      fw: 'sip8845_65.14-2-1',
      mode,
    });
  }

  /** Start and prove; `lie` changes what the edge says from prove on. */
  async activate(
    c: TestExpressway,
    code: string,
    options: {
      readonly lie?: Partial<PhoneVouch>;
      readonly startLie?: Partial<PhoneVouch>;
      readonly mode?: 'onprem' | 'mra';
    } = {},
  ): Promise<{ readonly outcome: string; readonly reply: EdgeReply; readonly proof?: ProofReply }> {
    const { state, body } = this.begin(code, options.mode);
    const started = await c.request(
      'POST',
      edgePaths.start,
      writeVouchedRequest({ vouch: this.vouch(options.startLie), request: body }),
    );
    if (started.status !== 200) return { outcome: started.error, reply: started };
    const { state: challenged, kdf } = readChallenge(state, started.text);
    const kdfOutput = scryptSync(kdf.password, kdf.salt, kdf.length, {
      N: kdf.cost,
      r: kdf.blockSize,
      p: kdf.parallelization,
    });
    const proving = proveActivation(suiteCrypto(), challenged, {
      kdfOutput,
      channelBinding: this.channelBinding,
      micDer: this.chain[0]!,
      micAlg: 'ecdsa_secp256r1_sha256',
      signMic: (input) => sign('sha256', input, createPrivateKey(this.micKeyPem)),
    });
    const proved = await c.request(
      'POST',
      edgePaths.prove,
      writeVouchedRequest({ vouch: this.vouch({ ...options.startLie, ...options.lie }), request: proving.body }),
    );
    if (proved.status !== 200) return { outcome: proved.error || `HTTP ${proved.status}`, reply: proved };
    const proof = readResult(suiteCrypto(), proving.state, proved.text);
    if (proof.kind !== 'result') return { outcome: proof.kind, reply: proved, proof };
    const { result } = proof;
    if (result.status === 'refused') return { outcome: result.reason, reply: proved, proof };
    this.result = result;
    return { outcome: 'activated', reply: proved, proof };
  }

  get accessToken(): string {
    return this.result!.oauth!.accessToken;
  }

  config(
    c: TestExpressway,
    change: Partial<{ token: string; name: string; vouch: PhoneVouch }> = {},
  ): Promise<EdgeReply> {
    return c.request(
      'POST',
      edgePaths.config,
      writeConfigRequest({
        vouch: change.vouch ?? this.vouch(),
        authorization: change.token === '' ? '' : `Bearer ${change.token ?? this.accessToken}`,
        name: change.name ?? `${this.name}.cnf.xml`,
      }),
    );
  }

  /** Shows a refresh token; the new tokens take the place of the old ones. */
  async refresh(
    c: TestExpressway,
    options: { readonly token?: string; readonly requestId?: string; readonly vouch?: PhoneVouch } = {},
  ): Promise<{
    readonly status: number;
    readonly outcome: string;
    readonly answer: ReturnType<typeof readTokenAnswer>;
  }> {
    const form = writeTokenRequest({
      refreshToken: options.token ?? this.result!.oauth!.refreshToken,
      requestId: options.requestId,
      audiences: [],
    });
    const reply = await c.request(
      'POST',
      edgePaths.token,
      writeVouchedRequest({ vouch: options.vouch ?? this.vouch(), request: form }),
    );
    const answer = readTokenAnswer(reply.text);
    return { status: reply.status, outcome: answer.kind === 'tokens' ? 'tokens' : answer.error, answer };
  }
}

/** The TLS connection of an Expressway-C for one phone's SIP flow, nothing sent yet. */
export function sipConnection(port: number, c: TestExpressway): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', ...c.tls() });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}
