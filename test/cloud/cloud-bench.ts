import 'reflect-metadata';
import { createPublicKey, randomBytes, verify, webcrypto } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { RateLimiter } from '../../src/endpoints/listen/rate-limit.ts';
import { derToPem } from '../../src/infra/pki/identity.ts';
import type { Log } from '../../src/kernel/log.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { readAnswer } from '../../src/protocol/cloud/answer.ts';
import { writeSettings } from '../../src/protocol/cloud/cluster.ts';
import { type Enrolled, readEnrolled, writeEnrol } from '../../src/protocol/cloud/enrol.ts';
import { type AnswerVerifier, readCloudKey } from '../../src/protocol/cloud/key.ts';
import { type Allocation, readAllocations, writeAllocate } from '../../src/protocol/cloud/locators.ts';
import { type CloudProblem, readCloudProblem } from '../../src/protocol/cloud/problem.ts';
import { readResolveReply, writeResolve } from '../../src/protocol/cloud/resolve.ts';
import type { CloudOptions, RunningCloud } from '../../src/roles/cloud/options.ts';
import { startCloud } from '../../src/roles/cloud/start.ts';
import { type Issued, issueMicFor, makeAuthority } from '../support/certificates.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

x509.cryptoProvider.set(webcrypto as never);

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly problem: CloudProblem | undefined;
}

/** What a client shows in TLS. PEM. */
export interface ClientIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A cloud over a database of its own, its manufacturer, and clients for it. */
export interface CloudBench extends AsyncDisposable {
  readonly cloud: RunningCloud;
  readonly database: TestDatabase;
  readonly manufacturer: Issued;
  readonly directory: string;
  /** One request to the door of phones and clusters; every body goes as JSON. */
  ask(method: string, path: string, body?: string, as?: ClientIdentity, agent?: Agent): Promise<Answer>;
  /** The same to another node. */
  askAt(url: string, method: string, path: string, body?: string, as?: ClientIdentity): Promise<Answer>;
  /** REST as the operator, with the first password. */
  rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: never }>;
  phone(mac?: string): Promise<ClientIdentity>;
  /** A phone's question; the claims when the cloud answers. */
  resolve(phone: ClientIdentity, locator: string): Promise<Answer & { claims?: ReturnType<typeof readAnswer> }>;
  enrol(name: string): Promise<TestCluster>;
  /** A second node over the same database. */
  another(more?: Partial<CloudOptions>): Promise<RunningCloud>;
}

export interface TestCluster {
  readonly id: string;
  readonly identity: ClientIdentity;
  readonly enrolled: Enrolled;
  ask(method: string, path: string, body?: string): Promise<Answer>;
  /** Switches it on with this domain. */
  configure(domain?: string, enabled?: boolean): Promise<void>;
  allocate(count: number, key?: string): Promise<readonly Allocation[]>;
}

export const clusterHint = new Uint8Array(32).fill(7);

export async function cloudBench(more: Partial<CloudOptions> & { readonly log?: Log } = {}): Promise<CloudBench> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase({ empty: true }));
  const directory = await mkdtemp(join(tmpdir(), 'firstring-cloud-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const manufacturer = await makeAuthority({ algorithm: 'rsa2048' });
  const options: CloudOptions = {
    name: 'cloud',
    dataDirectory: directory,
    database: { url: database.url },
    hostNames: ['localhost', '127.0.0.1'],
    listen: { address: '127.0.0.1' },
    ports: { cloud: 0, cloudConsole: 0 },
    trustedManufacturers: [{ der: manufacturer.der, description: 'Test phones' }],
    version: 'test',
    log: silentLog,
    // The usual cost is half a second of one core for each sign-in.
    passwordCost: { ln: 10, r: 8, p: 1 },
    // All of a test file comes from one address.
    rates: { enrolments: new RateLimiter({ burst: 10_000, perSecond: 10_000 }) },
    ...more,
  };
  const cloud = stack.use(await startCloud(options));
  const ca = derToPem(cloud.authority);
  const password = (await readFile(cloud.passwordFile, 'utf8')).trim();
  const verifier = verifierOf(cloud.cloudKey);
  const console = new Agent({ keepAlive: true });
  stack.defer(() => console.destroy());

  const ask: CloudBench['ask'] = (method, path, body, as, agent) =>
    send(`${cloud.endpoints.cloud}${path}`, method, body, { ca, ...as, ...(agent === undefined ? {} : { agent }) });
  const bench: CloudBench = {
    cloud,
    database,
    manufacturer,
    directory,
    ask,
    askAt: (url, method, path, body, as) => send(`${url}${path}`, method, body, { ca, ...as }),
    async rest(method, path, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const answer = await send(`${cloud.endpoints.cloudConsole}/api/v1${path}`, method, text, {
        ca,
        auth: `operator:${password}`,
        agent: console,
      });
      return { status: answer.status, body: (answer.text === '' ? undefined : JSON.parse(answer.text)) as never };
    },
    async phone(mac = randomMac()) {
      const mic = await issueMicFor(manufacturer, mac);
      return { cert: mic.pem, key: mic.keyPem };
    },
    async resolve(phone, locator) {
      const cnonce = randomBytes(32);
      const answer = await ask('POST', '/v1/resolve', writeResolve({ locator, cnonce }), phone);
      if (answer.status !== 200) return answer;
      const claims = readAnswer(readResolveReply(answer.text).answer, [verifier], {
        locator,
        cnonce,
        now: Math.floor(Date.now() / 1000),
      });
      return { ...answer, claims };
    },
    async enrol(name) {
      const { csr, key } = await certificateRequest();
      const voucher = await cloud.makeVoucher(name);
      const answer = await ask('POST', '/v1/enrol', writeEnrol({ voucher, csr, name }));
      if (answer.status !== 200) throw new Error(`not enrolled: ${answer.text}`);
      const enrolled = readEnrolled(answer.text);
      const identity = { cert: enrolled.certificateChain.map(derToPem).join(''), key };
      const agent = new Agent({ keepAlive: true, ca, ...identity });
      stack.defer(() => agent.destroy());
      const own: TestCluster = {
        id: enrolled.clusterId,
        identity,
        enrolled,
        ask: (method, path, body) => ask(method, path, body, identity, agent),
        async configure(domain = 'mra.example.org', enabled = true) {
          const body = writeSettings({ activationDomain: domain, enabled, clusterHint });
          const { status, text } = await own.ask('PUT', '/v1/cluster/settings', body);
          if (status !== 200) throw new Error(text);
        },
        async allocate(count, idempotencyKey = randomBytes(12).toString('hex')) {
          const { status, text } = await own.ask('POST', '/v1/locators', writeAllocate({ idempotencyKey, count }));
          if (status !== 200) throw new Error(text);
          return readAllocations(text);
        },
      };
      return own;
    },
    async another(changes = {}) {
      return stack.use(await startCloud({ ...options, ...changes }));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return bench;
}

export function verifierOf(jwk: RunningCloud['cloudKey']): AnswerVerifier {
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const { alg } = readCloudKey(jwk);
  return {
    alg,
    verify: (input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
  };
}

export async function certificateRequest(
  algorithm: EcKeyImportParams | RsaHashedKeyGenParams = { name: 'ECDSA', namedCurve: 'P-256' },
): Promise<{ csr: Uint8Array; key: string }> {
  const signing = algorithm.name === 'ECDSA' ? { ...algorithm, hash: 'SHA-256' } : algorithm;
  const keys = (await webcrypto.subtle.generateKey(signing as never, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=whatever the cluster likes',
    keys: keys as never,
    signingAlgorithm: signing as never,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    csr: new Uint8Array(csr.rawData),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
  };
}

interface RsaHashedKeyGenParams {
  readonly name: 'RSASSA-PKCS1-v1_5';
  readonly hash: string;
  readonly modulusLength: number;
  readonly publicExponent: Uint8Array;
}
interface EcKeyImportParams {
  readonly name: 'ECDSA';
  readonly namedCurve: string;
}

export const rsaRequest = (modulusLength: number, exponent = [1, 0, 1]) =>
  certificateRequest({
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: new Uint8Array(exponent),
  });

export const randomMac = () => `00${randomBytes(5).toString('hex').toUpperCase()}`;

function send(url: string, method: string, body: string | undefined, options: object): Promise<Answer> {
  return new Promise((done, failed) => {
    const call = request(url, {
      method,
      agent: false,
      headers:
        body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      ...options,
    });
    call.once('error', failed);
    call.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('error', failed);
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response;
        done({ status, text, headers, problem: status >= 400 ? readCloudProblem(text) : undefined });
      });
    });
    call.end(body);
  });
}
