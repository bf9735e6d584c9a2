import { hash, type X509Certificate } from 'node:crypto';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { type CloudFaultCode, cloudFault } from '../../domain/mra/faults.ts';
import type { CloudAddress, ClusterIdentity } from '../../domain/mra/ports.ts';
import { type CloudError, readCloudProblem } from '../../protocol/cloud/problem.ts';
import { say } from '../../texts/say.ts';
import { derToPem } from '../pki/identity.ts';

/** One request to the cloud: TLS, time limits, and what became of it in the words of CloudFaultCode. */

/** From the first octet sent to the last one read, in ms. */
const patience = 8000;
/** Octets of an answer: 1000 locators. */
const largestAnswer = 256 * 1024;
const mostAgents = 4;

export interface CloudAnswer {
  readonly status: number;
  readonly text: string;
}

export class CloudConnections implements AsyncDisposable {
  readonly #patience: number;
  /** By whom and how: enrolled, not yet enrolled, renewed. The newest last. */
  readonly #agents = new Map<string, Agent>();

  constructor(options: { readonly patience?: number } = {}) {
    this.#patience = options.patience ?? patience;
  }

  /** Resolves to a 2xx answer. @throws MraFault of a CloudFaultCode */
  async ask(
    to: CloudAddress,
    as: ClusterIdentity | undefined,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: string,
  ): Promise<CloudAnswer> {
    const answer = await this.#send(to, this.#agentFor(to, as), method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw refusal(answer);
  }

  /** PEM of the certificate in the server's chain that has this fingerprint. Nothing is sent before it is known. */
  async authorityByPin(address: string, pin: Uint8Array): Promise<string> {
    const chain = await this.#chain(address);
    const wanted = Buffer.from(pin).toString('hex');
    const found = chain.find((der) => hash('sha256', der, 'hex') === wanted);
    if (found === undefined) throw cloudFault(say('cloud_untrusted.pin'));
    return derToPem(found);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agentFor({ address, authorityPem }: CloudAddress, as: ClusterIdentity | undefined): Agent {
    const who = as === undefined ? '' : hash('sha256', Buffer.concat(as.certificateChain), 'hex');
    const key = `${address} ${hash('sha256', authorityPem, 'hex')} ${who}`;
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      // An idle connection that nobody uses any more ends.
      timeout: 30_000,
      minVersion: 'TLSv1.3',
      ...(authorityPem === '' ? {} : { ca: authorityPem }),
      ...(as === undefined
        ? {}
        : { cert: as.certificateChain.map((der) => derToPem(der)).join(''), key: pemKey(as.key) }),
    });
    this.#agents.set(key, agent);
    // What is in flight on the oldest ends by itself, as do its idle connections.
    if (this.#agents.size > mostAgents) this.#agents.delete(this.#agents.keys().next().value!);
    return agent;
  }

  #send(
    { address }: CloudAddress,
    agent: Agent,
    method: string,
    path: string,
    body: string | undefined,
  ): Promise<CloudAnswer> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => reject(transportFault(address, error));
      const headers = {
        accept: 'application/json',
        ...(body === undefined
          ? { 'content-length': '0' }
          : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      };
      const outgoing = request(`${address}${path}`, { agent, method, headers }, (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > largestAnswer) outgoing.destroy(cloudFault(say('cloud_answer_unreadable.too_long')));
          else parts.push(part);
        });
        response.on('error', fail);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        );
      });
      const timer = setTimeout(() => outgoing.destroy(timedOut()), this.#patience);
      outgoing.on('close', () => clearTimeout(timer));
      outgoing.on('error', fail);
      outgoing.end(body);
    });
  }

  #chain(address: string): Promise<readonly Buffer[]> {
    const { hostname, port } = new URL(address);
    const host = hostname.replace(/^\[|\]$/g, '');
    return new Promise((resolve, reject) => {
      const socket = connect({
        host,
        port: port === '' ? 443 : Number(port),
        minVersion: 'TLSv1.3',
        // Who it is, is what this is about to find out: the fingerprint decides.
        rejectUnauthorized: false,
        ...(isIP(host) === 0 ? { servername: host } : {}),
      });
      const timer = setTimeout(() => socket.destroy(timedOut()), this.#patience);
      socket.once('close', () => clearTimeout(timer));
      socket.on('error', (error) => reject(transportFault(address, error)));
      socket.once('secureConnect', () => {
        resolve(presentedChain(socket.getPeerX509Certificate()));
        socket.end();
      });
    });
  }
}

function presentedChain(leaf: X509Certificate | undefined): readonly Buffer[] {
  const chain: Buffer[] = [];
  for (let each = leaf; each !== undefined && chain.length < 8; each = each.issuerCertificate) {
    if (chain.some((known) => known.equals(each!.raw))) break;
    chain.push(each.raw);
  }
  return chain;
}

const pemKey = (der: Uint8Array) =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----\n`;

const timedOut = () => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });

/** Codes of node:tls that say whose certificate it was not. */
const untrusted =
  /^(?:ERR_TLS_CERT_ALTNAME|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|PATH_LENGTH|HOSTNAME_MISMATCH|INVALID_PURPOSE)/;

function transportFault(address: string, error: unknown) {
  if ((error as { code?: string }).code?.startsWith('cloud_')) return error;
  const code = (error as { code?: string }).code ?? '';
  const what = (error as Error).message;
  if (untrusted.test(code)) return cloudFault(say('cloud_untrusted', { address, message: what }), error);
  if (/^ERR_SSL_(?:TLSV13_ALERT_|SSL\/TLS_ALERT_|TLSV1_ALERT_)/.test(code))
    return cloudFault(say('cloud_identity_refused', { address }), error);
  if (code === 'ERR_INVALID_CHAR' || code.startsWith('HPE_') || code.startsWith('ERR_SSL'))
    return cloudFault(say('cloud_answer_unreadable', { address }), error);
  return cloudFault(say('cloud_unreachable', { address, message: plain(code, what) }), error);
}

const plain = (code: string, message: string) =>
  ({
    ECONNREFUSED: 'the connection is refused',
    ETIMEDOUT: 'there is no answer in time',
    ENOTFOUND: 'the name is not known',
    EAI_AGAIN: 'the name cannot be looked up now',
    EHOSTUNREACH: 'there is no way to it',
    ENETUNREACH: 'there is no way to it',
    ECONNRESET: 'the connection was cut',
    EPIPE: 'the connection was cut',
  })[code] ?? message;

const codes: Partial<Record<CloudError, CloudFaultCode>> = {
  voucher_not_accepted: 'voucher_not_accepted',
  self_service_off: 'voucher_needed',
  client_certificate_required: 'cloud_identity_refused',
  client_certificate_not_accepted: 'cloud_identity_refused',
  cluster_suspended: 'cluster_suspended',
  trust_not_accepted: 'edge_trust_not_accepted',
  trust_version_stale: 'edge_trust_version_stale',
  quota_exceeded: 'locator_quota_exceeded',
  locators_exhausted: 'cloud_busy',
  rate_limited: 'cloud_busy',
  busy: 'cloud_busy',
  internal: 'cloud_failed',
};

function refusal({ status, text }: CloudAnswer) {
  const problem = readCloudProblem(text);
  if (problem === undefined)
    return status === 502 || status === 503 || status === 504
      ? cloudFault(say('cloud_unreachable.proxy', { status }))
      : cloudFault(say('cloud_answer_unreadable.status', { status }));
  const code: CloudFaultCode = codes[problem.error] ?? 'cloud_refused';
  return cloudFault(say(`${code}.said`, { message: problem.message }), problem.ref);
}
