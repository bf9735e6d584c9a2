import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { openLabEdgeAuthority } from '../../../src/infra/edge/lab-authority.ts';
import { derToPem } from '../../../src/infra/pki/identity.ts';
import { type Log, silentLog } from '../../../src/kernel/log.ts';
import type { ExpresswayCOptions, RunningExpresswayC } from '../../../src/roles/expressway-c/options.ts';
import { startExpresswayC } from '../../../src/roles/expressway-c/start.ts';
import type { ExpresswayEOptions, RunningExpresswayE } from '../../../src/roles/expressway-e/options.ts';
import { startExpresswayE } from '../../../src/roles/expressway-e/start.ts';
import { type Issued, makeAuthority, makeMic } from '../../support/certificates.ts';
import { StandInCluster } from './stand-in-cluster.ts';

export const domain = 'mra.firstring.test';
export const host = 'e1.mra.firstring.test';

/** One E, one C and a stand-in cluster, paired and ready, over real sockets in one process. */
export interface EdgeBench extends AsyncDisposable {
  readonly e: RunningExpresswayE;
  readonly c: RunningExpresswayC;
  readonly cluster: StandInCluster;
  /** PEM of what phones trust. */
  readonly ca: string;
  readonly manufacturer: Issued;
  readonly directory: string;
  mic(mac: string, more?: Partial<Parameters<typeof makeMic>[0]>): Promise<Issued>;
  startE(name: string, more?: Partial<ExpresswayEOptions>): Promise<RunningExpresswayE>;
  /** Stops C and starts it over the same directory. */
  restartC(): Promise<void>;
  startC(name: string, more?: Partial<ExpresswayCOptions>): Promise<RunningExpresswayC>;
  /** Starts a C, pairs it with these and adds the cluster. */
  joinC(
    name: string,
    edges: readonly RunningExpresswayE[],
    more?: Partial<ExpresswayCOptions>,
  ): Promise<RunningExpresswayC>;
}

export interface BenchOptions {
  readonly nodes?: number;
  readonly e?: Partial<ExpresswayEOptions>;
  readonly c?: Partial<ExpresswayCOptions>;
  readonly log?: Log;
  readonly beforePairing?: (e: RunningExpresswayE) => void;
}

/** Passwords of the consoles: their strength is tested elsewhere. */
const cheap = { cost: { ln: 8, r: 8, p: 1 } };
const quick = { every: 200, patience: 600 };

export async function edgeBench(options: BenchOptions = {}): Promise<EdgeBench> {
  const log = options.log ?? silentLog;
  const stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'firstring-edge-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const manufacturer = await makeAuthority({ name: 'Test Manufacturing Root' });
  const authority = await openLabEdgeAuthority(join(directory, 'lab'));
  const cluster = await StandInCluster.open({
    trust: [manufacturer.der],
    domains: [domain],
    nodes: options.nodes ?? 1,
  });
  stack.use(cluster);

  const startE = (name: string, more: Partial<ExpresswayEOptions> = {}) =>
    startExpresswayE({
      name,
      dataDirectory: join(directory, name),
      hostName: host,
      domains: [domain],
      turnServers: ['turn.example.org:3478'],
      listen: { address: '127.0.0.1' },
      ports: { https: 0, sip: 0, tunnel: 0, console: 0 },
      labAuthority: authority,
      version: '0.0.0-test',
      log,
      heartbeat: quick,
      passwords: cheap,
      ...more,
    });
  const startC = (name: string, more: Partial<ExpresswayCOptions> = {}) =>
    startExpresswayC({
      name,
      dataDirectory: join(directory, name),
      listen: { address: '127.0.0.1' },
      ports: { console: 0 },
      version: '0.0.0-test',
      log,
      heartbeat: quick,
      passwords: cheap,
      ...more,
    });
  const joinC: EdgeBench['joinC'] = async (name, edges, more) => {
    const c = await startC(name, more);
    for (const e of edges) await c.pair(await e.pairingText());
    await c.addCluster({ register: cluster.register });
    await c.changeSettings({ authorizeByOauthTokenWithRefresh: true, allowActivationCodeOnboarding: true });
    await c.ready();
    return c;
  };
  const e = await startE('e1', options.e);
  stack.use(e);
  options.beforePairing?.(e);
  let c = await joinC('c1', [e], options.c);
  stack.defer(() => c[Symbol.asyncDispose]());
  await until(() => e.connected());
  return {
    e,
    get c() {
      return c;
    },
    async restartC() {
      await c[Symbol.asyncDispose]();
      c = await startC('c1', options.c);
      await c.ready();
    },
    cluster,
    ca: derToPem(authority.certificate),
    manufacturer,
    directory,
    mic: (mac, more) => makeMic({ issuer: manufacturer, mac, ...more }),
    startE,
    startC,
    joinC,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Waits for something that other sockets bring about. */
export async function until(holds: () => boolean | Promise<boolean>, patience = 15_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it did not become true in ${patience} ms: ${holds}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

/** A phone's one kept TLS connection to an E. */
export class TestPhone implements Disposable {
  readonly agent: Agent;
  readonly #e: RunningExpresswayE;
  readonly #tls: { ca: string; key?: string; cert?: string };

  constructor(e: RunningExpresswayE, ca: string, mic: Issued | undefined) {
    this.#e = e;
    this.#tls = { ca, ...(mic && { key: mic.keyPem, cert: mic.pem }) };
    this.agent = new Agent({ keepAlive: true, maxSockets: 1, servername: host, ...this.#tls });
  }

  ask(
    method: string,
    path: string,
    options: { readonly body?: string; readonly headers?: Readonly<Record<string, string | string[]>> } = {},
  ): Promise<EdgeAnswer> {
    const { port } = new URL(this.#e.endpoints.expresswayE);
    return new Promise((resolve, reject) => {
      const call = httpsRequest({
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: this.agent,
        headers: {
          host: `${host}:${port}`,
          ...(options.body !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(options.body)),
          }),
          ...options.headers,
        },
      });
      call.once('error', reject);
      call.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (each: string) => {
          text += each;
        });
        response.once('error', reject);
        response.once('end', () => {
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      });
      call.end(options.body);
    });
  }

  /** A TLS connection to the HTTPS port, for requests that no client would write. */
  raw(): Promise<TLSSocket> {
    return this.#connect(Number(new URL(this.#e.endpoints.expresswayE).port));
  }

  sip(): Promise<TLSSocket> {
    return this.#connect(Number(this.#e.endpoints.expresswayESip.split(':').at(-1)));
  }

  #connect(port: number): Promise<TLSSocket> {
    const socket = connect({ host: '127.0.0.1', port, servername: host, allowHalfOpen: true, ...this.#tls } as never);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the edge closed the connection')));
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        socket.on('error', () => {});
        resolve(socket);
      });
    });
  }

  [Symbol.dispose](): void {
    this.agent.destroy();
  }
}

export const startBody = (mac: string) =>
  JSON.stringify({
    v: 1,
    suite: 'AC-SRP-1',
    locator: '1234567',
    model: 'CP-8845',
    mac,
    fw: 'sip8845_65.14-2-1',
    mode: 'mra',
    cnonce: Buffer.alloc(32, 7).toString('base64url'),
  });

export const proveBody = JSON.stringify({
  sid: Buffer.alloc(16, 1).toString('base64url'),
  A: Buffer.alloc(384, 2).toString('base64url'),
  M1: Buffer.alloc(32, 3).toString('base64url'),
  mic_alg: 'ecdsa_secp256r1_sha256',
  mic_sig: Buffer.alloc(70, 4).toString('base64url'),
});
