import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { MalformedError } from '../../kernel/errors.ts';
import { readAnswer } from '../../protocol/cloud/answer.ts';
import { type AnswerVerifier, type CloudKey, readCloudKey } from '../../protocol/cloud/key.ts';
import { largestAnswer } from '../../protocol/cloud/limits.ts';
import { readCloudProblem } from '../../protocol/cloud/problem.ts';
import { readResolveReply, resolvePath, writeResolve } from '../../protocol/cloud/resolve.ts';
import { parseObject } from '../../protocol/json/fields.ts';
import { failure } from '../boot/enter.ts';
import { isPhoneFaultCode, type PhoneFaultCode } from '../boot/faults.ts';
import type { RemoteEvent } from '../boot/types.ts';
import type { Resolver } from '../dns/resolver.ts';
import { type HttpReply, TlsHttp } from '../http/tls-http.ts';
import type { Mic } from '../identity/mic.ts';
import { connectTls } from '../trust/tls.ts';

/** The cloud a phone is made for. */
export interface CloudAddress {
  /** `https://activation.example.org`. */
  readonly url: string;
  /** Keys that may sign its answers. */
  readonly keys: readonly AnswerVerifier[];
  /** PEM of what its TLS certificate chains to; undefined: a public root. */
  readonly authority: string | undefined;
}

type Answer = Extract<RemoteEvent, { type: 'resolved' | 'resolve_failed' }>;

/** Throws MalformedError when the text is no public key (JWK) of a cloud. */
export function verifierOf(jwkText: string): AnswerVerifier {
  const { alg, jwk } = keyIn(jwkText);
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  return alg === 'ES256'
    ? { alg, verify: (input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature) }
    : { alg, verify: (input, signature) => verify(null, input, key, signature) };
}

function keyIn(text: string): CloudKey {
  const { kid: _kid, alg: _alg, use: _use, key_ops: _ops, ...jwk } = parseObject(text);
  return readCloudKey(jwk);
}

/** Asks the cloud where a locator belongs. */
export class CloudClient {
  readonly #cloud: CloudAddress;
  readonly #mic: Mic;
  readonly #resolver: Resolver;
  #context: SecureContext | undefined;

  constructor(cloud: CloudAddress, mic: Mic, resolver: Resolver) {
    this.#cloud = cloud;
    this.#mic = mic;
    this.#resolver = resolver;
  }

  /** Rejects only when aborted. */
  async resolve(locator: string, signal: AbortSignal): Promise<Answer> {
    const cnonce = randomBytes(32);
    let reply: HttpReply;
    try {
      reply = await this.#ask(writeResolve({ locator, cnonce }), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof WrongCloudError) return failed('trust_mismatch', error.message);
      return failed('cloud_unreachable', `The cloud does not answer: ${(error as Error).message}.`);
    }
    const body = reply.body.toString('utf8');
    if (reply.status !== 200) return refusalOf(reply, body);
    try {
      const { answer } = readResolveReply(body);
      const asked = { locator, cnonce, now: Math.floor(Date.now() / 1000) };
      const claims = readAnswer(answer, this.#cloud.keys, asked);
      const sha256 = claims.phoneEdgeTrust.map((der) => createHash('sha256').update(der).digest('hex'));
      return {
        type: 'resolved',
        answer: {
          activationDomain: claims.activationDomain,
          edgeTrust: { sha256, certificates: claims.phoneEdgeTrust },
          clusterHint: Buffer.from(claims.clusterHint).toString('hex'),
        },
      };
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      return failed('trust_mismatch', `The cloud's answer cannot be trusted: ${error.message}.`);
    }
  }

  async #ask(body: string, signal: AbortSignal): Promise<HttpReply> {
    const url = new URL(this.#cloud.url);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const [address] = await this.#resolver.addresses(host, signal);
    this.#context ??= createSecureContext({
      cert: this.#mic.chainPem,
      key: this.#mic.key.export({ format: 'pem', type: 'pkcs8' }),
      minVersion: 'TLSv1.3',
      ...(this.#cloud.authority === undefined ? {} : { ca: this.#cloud.authority }),
    });
    const socket = await connectTls({
      host: address!,
      port: Number(url.port === '' ? 443 : url.port),
      serverName: host,
      context: this.#context,
      timeoutMs: 5000,
      signal,
    });
    const certificate = socket.getPeerX509Certificate();
    const named = isIP(host) === 0 ? certificate?.checkHost(host, { subject: 'never' }) : certificate?.checkIP(host);
    if (!socket.authorized || named === undefined) {
      socket.destroy();
      const why = socket.authorized ? `it is for ${certificate?.subjectAltName}` : String(socket.authorizationError);
      throw new WrongCloudError(
        `${host} is not the cloud this phone is made for: its certificate does not fit (${why}).`,
      );
    }
    const http = new TlsHttp(socket, url.host);
    try {
      return await http.ask({
        method: 'POST',
        path: `${url.pathname.replace(/\/$/, '')}${resolvePath}`,
        headers: { 'content-type': 'application/json' },
        body,
        signal,
        timeoutMs: 8000,
        maxSize: largestAnswer + 1024,
      });
    } finally {
      http.close();
    }
  }
}

class WrongCloudError extends Error {}

function refusalOf({ retryAfterMs, status }: HttpReply, body: string): Answer {
  const problem = readCloudProblem(body);
  if (problem === undefined) {
    const code = status === 429 ? 'rate_limited' : 'cloud_unreachable';
    return failed(code, `The cloud answers ${status} without saying why.`, retryAfterMs);
  }
  const { error, message, ref, retryAfter } = problem;
  const code: PhoneFaultCode = isPhoneFaultCode(error) ? error : 'protocol_error';
  return {
    type: 'resolve_failed',
    failure: failure(code, error === 'code_not_accepted' ? 'The cloud does not know this code.' : message, ref),
    retryAfterMs: retryAfter === undefined ? retryAfterMs : retryAfter * 1000,
  };
}

function failed(code: PhoneFaultCode, message: string, retryAfterMs?: number): Answer {
  return { type: 'resolve_failed', failure: failure(code, message), retryAfterMs };
}
