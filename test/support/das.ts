import { constants, createPrivateKey, hash, scryptSync, sign } from 'node:crypto';
import { Agent, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { OpenedRecord } from '../../src/domain/activation/handshake.ts';
import { handshakeService } from '../../src/domain/activation/handshake.ts';
import type { ActivationSurroundings, HandshakeStore } from '../../src/domain/activation/ports.ts';
import type { PhoneTokens } from '../../src/domain/oauth/phone-tokens.ts';
import type { ActivationCounter, OnboardingEvent } from '../../src/domain/ports.ts';
import { readCertificate } from '../../src/domain/trust/certificate.ts';
import type { TrustedCertificate } from '../../src/domain/trust/mic-path.ts';
import { type DasListener, startDasListener } from '../../src/endpoints/das/das-listener.ts';
import { type DasLimits, defaultDasLimits } from '../../src/endpoints/das/das-options.ts';
import { decoys } from '../../src/infra/crypto/code-secrets.ts';
import { revokedIn } from '../../src/infra/crypto/issuer-signature.ts';
import { derivedKey } from '../../src/infra/crypto/key-encryption-key.ts';
import { type MicInspector, type MicTrust, micInspector } from '../../src/infra/crypto/mic-inspector.ts';
import { systemRandom } from '../../src/infra/crypto/random.ts';
import { sealer } from '../../src/infra/crypto/sealer.ts';
import { openSslSuiteCrypto } from '../../src/infra/crypto/suite-crypto.ts';
import { handshakeStore } from '../../src/infra/database/activation-handshake-store.ts';
import type { OpenDatabase } from '../../src/infra/database/connect.ts';
import type { Log } from '../../src/kernel/log.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type PlainErrorBody, readPlainError } from '../../src/protocol/activation/answers.ts';
import {
  beginActivation,
  type Challenged,
  type ProofReply,
  type Proving,
  proveActivation,
  readChallenge,
  readResult,
} from '../../src/protocol/activation/client.ts';
import type { SuiteCrypto } from '../../src/protocol/activation/crypto.ts';
import { channelBindingLabel, type MicAlgorithm } from '../../src/protocol/activation/suite.ts';
import { testKeyEncryptionKey } from './activation.ts';
import { type Issued, makeAuthority, makeMic } from './certificates.ts';
import { noTokens } from './no-tokens.ts';

let shared: SuiteCrypto | undefined;
/** One per process, as a thread of the service has it. */
export function suiteCrypto(): SuiteCrypto {
  shared ??= openSslSuiteCrypto();
  return shared;
}

export const testSurroundings: ActivationSurroundings = {
  dasId: () => 'cluster-test',
  itlSha256: () => '11'.repeat(32),
  itlPreviousSha256: () => [],
  tvs: () => [{ host: '127.0.0.1', port: 2445, spkiSha256: '22'.repeat(32) }],
  phoneEdgeTrustSha256: () => [],
  mra: () => undefined,
  tftp: () => ['127.0.0.1:6969'],
  configUrl: (name) => `https://127.0.0.1:6972/${name}.cnf.xml`,
  callManagers: () => [{ host: '127.0.0.1', sipPort: 5060, sipTlsPort: 5061 }],
};

export interface DasBench extends AsyncDisposable {
  readonly listener: DasListener;
  readonly root: Issued;
  readonly issuing: Issued;
  readonly events: OnboardingEvent[];
  readonly counts: Map<ActivationCounter, number>;
  readonly inspector: MicInspector;
  /** Replaces the trust: roots, deny lists. */
  trust(
    change: Partial<{
      trusted: readonly TrustedCertificate[];
      serials: string[];
      keys: string[];
      macs: string[];
      revoked: readonly Uint8Array[];
    }>,
  ): void;
  serviceActivated: boolean;
  /** Milliseconds added to the clock. */
  clockOffset: number;
}

export interface DasBenchOptions {
  readonly limits?: Partial<DasLimits>;
  readonly ttl?: number;
  /** For a TLS handshake, ms. */
  readonly handshakeTime?: number;
  readonly mode?: 'onprem' | 'mra';
  readonly log?: Log;
  readonly keyEncryptionKey?: Uint8Array;
  /** Wraps the store, to fail or to stop at a step. */
  readonly store?: (real: HandshakeStore) => HandshakeStore;
  readonly authorities?: { root: Issued; issuing: Issued };
  readonly tokens?: PhoneTokens;
}

export function trusting(issued: Issued, options: Partial<TrustedCertificate> = {}): TrustedCertificate {
  return {
    certificate: readCertificate(issued.der),
    sha256: hash('sha256', issued.der, 'buffer'),
    micRoot: true,
    legacySha1: false,
    expiredMicsUntil: undefined,
    ...options,
  };
}

/** A DAS over real TLS and a real database, in this process. */
export async function dasBench(database: OpenDatabase, options: DasBenchOptions = {}): Promise<DasBench> {
  const root = options.authorities?.root ?? (await makeAuthority());
  const issuing =
    options.authorities?.issuing ?? (await makeAuthority({ name: 'Test Manufacturing CA', issuer: root }));
  const server = await makeAuthority({ name: 'das.test' });
  const keyEncryptionKey = options.keyEncryptionKey ?? testKeyEncryptionKey;
  const events: OnboardingEvent[] = [];
  const counts = new Map<ActivationCounter, number>();
  const state = { serviceActivated: true, clockOffset: 0 };
  const clock = { now: () => Date.now() + state.clockOffset };
  const noDenials = {
    serials: new Set<string>(),
    keys: new Set<string>(),
    macs: new Set<string>(),
    revoked: revokedIn([]),
  };
  const initial: MicTrust = { trusted: [trusting(root)], denied: noDenials };
  const inspector = micInspector(initial, clock);
  const real = handshakeStore(database.pool);
  const listener = await startDasListener(
    {
      crypto: suiteCrypto(),
      mic: inspector,
      handshakes: handshakeService({
        store: options.store?.(real) ?? real,
        sealer: sealer(keyEncryptionKey),
        decoys: decoys(keyEncryptionKey),
        random: systemRandom,
        tokens: options.tokens ?? noTokens,
        node: 'test-node',
      }),
      surroundings: testSurroundings,
      timeline: { record: (event) => void events.push(event) },
      counters: { count: (counter, by = 1) => void counts.set(counter, (counts.get(counter) ?? 0) + by) },
      clock,
      log: options.log ?? silentLog,
      serviceActivated: () => state.serviceActivated,
    },
    {
      host: '127.0.0.1',
      port: 0,
      key: server.keyPem,
      cert: server.pem,
      mode: options.mode ?? 'onprem',
      sidKey: derivedKey(keyEncryptionKey, 'das session ids'),
      limits: { ...defaultDasLimits, ...options.limits },
      ttl: options.ttl ?? 60,
      ...(options.handshakeTime !== undefined && { handshakeTime: options.handshakeTime }),
    },
  );
  return Object.assign(state, {
    listener,
    root,
    issuing,
    events,
    counts,
    inspector,
    trust(change: Parameters<DasBench['trust']>[0]) {
      inspector.replaceTrust({
        trusted: change.trusted ?? initial.trusted,
        denied: {
          serials: new Set(change.serials),
          keys: new Set(change.keys),
          macs: new Set(change.macs),
          revoked: revokedIn(change.revoked ?? []),
        },
      });
    },
    async [Symbol.asyncDispose]() {
      await listener.close(500);
    },
  });
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly error: PlainErrorBody | undefined;
}

let macCounter = 0;
/** A MAC nobody else in this run has. */
export function nextMac(): string {
  macCounter++;
  return `02${process.pid.toString(16).padStart(4, '0').slice(-4)}${macCounter.toString(16).padStart(6, '0')}`.toUpperCase();
}

export interface TestPhoneOptions {
  readonly mac?: string;
  readonly product?: string;
  readonly mic?: Issued;
  /** Certificates sent with the MIC. Default: the issuing CA. */
  readonly chain?: readonly Issued[];
  /** false: no client certificate at all. */
  readonly certificate?: boolean;
}

/** A phone that says what it is told to, over one TLS connection until `reconnect`. */
export class TestPhone {
  readonly mac: string;
  readonly product: string;
  readonly mic: Issued | undefined;
  readonly #port: number;
  readonly #chain: readonly Issued[];
  #agent!: Agent;
  #socket: TLSSocket | undefined;

  private constructor(
    port: number,
    options: TestPhoneOptions & { mac: string; product: string },
    chain: readonly Issued[],
  ) {
    this.#port = port;
    this.mac = options.mac;
    this.product = options.product;
    this.mic = options.mic;
    this.#chain = chain;
    this.reconnect();
  }

  static async make(das: Pick<DasBench, 'listener' | 'issuing'>, options: TestPhoneOptions = {}): Promise<TestPhone> {
    const mac = options.mac ?? nextMac();
    const product = options.product ?? 'CP-8845';
    const mic =
      options.certificate === false
        ? undefined
        : (options.mic ?? (await makeMic({ issuer: das.issuing, mac, product })));
    return new TestPhone(
      das.listener.port,
      { ...options, mac, product, ...(mic && { mic }) },
      options.chain ?? [das.issuing],
    );
  }

  reconnect(): void {
    this.close();
    this.#socket = undefined;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 1,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      // The tests' weak certificates must reach the server.
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(this.mic && {
        key: this.mic.keyPem,
        cert: [this.mic.pem, ...this.#chain.map(({ pem }) => pem)].join('\n'),
      }),
    });
  }

  close(): void {
    this.#agent?.destroy();
  }

  post(step: string, body: string, headers: Record<string, string> = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent: this.#agent,
          host: '127.0.0.1',
          port: this.#port,
          path: step.startsWith('/') ? step : `/das/v1/activation/${step}`,
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers },
        },
        (response) => {
          this.#socket = response.socket as TLSSocket;
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            resolve({
              status: response.statusCode ?? 0,
              text,
              retryAfter: response.headers['retry-after'],
              error: readPlainError(text),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  get channelBinding(): Uint8Array {
    return this.#socket!.exportKeyingMaterial(32, channelBindingLabel, Buffer.alloc(0));
  }

  startBody(code: string, change: object = {}): { state: Parameters<typeof readChallenge>[0]; body: string } {
    const { state, body } = beginActivation(suiteCrypto(), {
      code,
      model: this.product,
      mac: this.mac,
      fw: 'sip8845_65.14-2-1',
      mode: 'onprem',
    });
    return { state, body: JSON.stringify({ ...(JSON.parse(body) as object), ...change }) };
  }

  async start(code: string): Promise<{ reply: Reply; challenged?: Challenged; x?: Uint8Array }> {
    const { state, body } = this.startBody(code);
    const reply = await this.post('start', body);
    if (reply.status !== 200) return { reply };
    const { state: challenged, kdf } = readChallenge(state, reply.text);
    const x = scryptSync(kdf.password, kdf.salt, kdf.length, {
      N: kdf.cost,
      r: kdf.blockSize,
      p: kdf.parallelization,
    });
    return { reply, challenged, x };
  }

  signMic = (input: Uint8Array): Uint8Array => {
    const key = createPrivateKey(this.mic!.keyPem);
    if (key.asymmetricKeyType === 'rsa') {
      return sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    }
    return sign(this.mic!.algorithm === 'p384' ? 'sha384' : 'sha256', input, key);
  };

  get micAlg(): MicAlgorithm {
    switch (this.mic!.algorithm) {
      case 'p256':
        return 'ecdsa_secp256r1_sha256';
      case 'p384':
        return 'ecdsa_secp384r1_sha384';
      default:
        return 'rsa_pss_rsae_sha256';
    }
  }

  proveBody(challenged: Challenged, x: Uint8Array): { state: Proving; body: string } {
    return proveActivation(suiteCrypto(), challenged, {
      kdfOutput: x,
      channelBinding: this.channelBinding,
      micDer: this.mic!.der,
      micAlg: this.micAlg,
      signMic: this.signMic,
    });
  }

  /** Start and prove. */
  async activate(code: string): Promise<{ reply: Reply; result?: ProofReply }> {
    const { reply, challenged, x } = await this.start(code);
    if (!challenged || !x) return { reply };
    const { state, body } = this.proveBody(challenged, x);
    const proved = await this.post('prove', body);
    if (proved.status !== 200) return { reply: proved };
    return { reply: proved, result: readResult(suiteCrypto(), state, proved.text) };
  }
}

/** What the phone's screen would say: `activated`, a sealed reason, or the plain error. */
export function outcomeOf({ reply, result }: { reply: Reply; result?: ProofReply }): string {
  if (result === undefined) return reply.error?.error ?? `HTTP ${reply.status}`;
  if (result.kind !== 'result') return result.kind;
  return result.result.status === 'activated' ? 'activated' : result.result.reason;
}

export type { OpenedRecord };
