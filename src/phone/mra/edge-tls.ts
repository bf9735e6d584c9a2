import { createHash, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Resolver } from '../dns/resolver.ts';
import type { Mic } from '../identity/mic.ts';
import { connectTls } from '../trust/tls.ts';
import type { EdgeTarget, EdgeTrust } from './model.ts';

/** The edge answers, but it is not one this phone may speak to. */
export class UntrustedEdgeError extends Error {}

const pem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`;
const sha256 = (der: Uint8Array) => createHash('sha256').update(der).digest('hex');

/** How a phone reaches edges: its resolver, its certificate, and a TLS context for each set of certificates it knows them by. */
export class EdgeTls {
  readonly #mic: Mic;
  readonly #resolver: Resolver;
  readonly #contexts = new Map<string, SecureContext>();

  constructor(mic: Mic, resolver: Resolver) {
    this.#mic = mic;
    this.#resolver = resolver;
  }

  /**
   * TLS 1.3 to an edge that has proved to be the host it was looked for as: its certificate names the SRV target and chains to PhoneEdge-trust,
   * or to a public root when there is none. Rejects with UntrustedEdgeError, DnsError, the network's error, or when aborted.
   */
  async connect(target: EdgeTarget, trust: EdgeTrust, signal: AbortSignal, timeoutMs = 5000): Promise<TLSSocket> {
    const addresses = await this.#resolver.addresses(target.host, signal);
    let why: unknown;
    for (const address of addresses) {
      try {
        return await this.#connect(address, target, trust, signal, timeoutMs);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof UntrustedEdgeError) throw error;
        why = error;
      }
    }
    throw why;
  }

  async #connect(address: string, target: EdgeTarget, trust: EdgeTrust, signal: AbortSignal, timeoutMs: number) {
    const at = { host: address, port: target.port, serverName: target.host, timeoutMs, signal };
    const anchors = await this.#anchors(at, trust);
    const socket = await connectTls({ ...at, context: this.#context(anchors) });
    const wrong = problemOf(socket, target.host);
    if (wrong === undefined) return socket;
    socket.destroy();
    throw new UntrustedEdgeError(`${target.host} is not the edge this phone was told of: ${wrong}.`);
  }

  /** DER of what the chain must end in; of certificates known by fingerprint only, as the edge itself shows them. */
  async #anchors(at: Parameters<typeof connectTls>[0], trust: EdgeTrust): Promise<readonly Uint8Array[]> {
    const held = trust.certificates.filter((der) => trust.sha256.includes(sha256(der)));
    if (trust.sha256.length === 0 || held.length > 0) return held;
    const socket = await connectTls(at);
    const shown = shownBy(socket).filter((der) => trust.sha256.includes(sha256(der)));
    socket.destroy();
    if (shown.length > 0) return shown;
    throw new UntrustedEdgeError(`${at.serverName ?? at.host} shows none of the certificates this phone was told of.`);
  }

  #context(anchors: readonly Uint8Array[]): SecureContext {
    const key = anchors.map(sha256).sort().join();
    const known = this.#contexts.get(key);
    if (known !== undefined) return known;
    const context = createSecureContext({
      cert: this.#mic.chainPem,
      key: this.#mic.key.export({ format: 'pem', type: 'pkcs8' }),
      minVersion: 'TLSv1.3',
      // What an administrator put into PhoneEdge-trust is trusted as it is, root or not.
      ...(anchors.length === 0 ? {} : { ca: anchors.map(pem), allowPartialTrustChain: true }),
    });
    this.#contexts.set(key, context);
    return context;
  }
}

/** The certificates a server shows, its own first. */
function shownBy(socket: TLSSocket): readonly Uint8Array[] {
  const shown: Uint8Array[] = [];
  let at: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (at !== undefined && shown.length < 10) {
    shown.push(at.raw);
    const { issuerCertificate } = at;
    at = issuerCertificate?.fingerprint256 === at.fingerprint256 ? undefined : issuerCertificate;
  }
  return shown;
}

function problemOf(socket: TLSSocket, host: string): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return 'it shows no certificate';
  if (!socket.authorized) return `its certificate does not hold (${String(socket.authorizationError)})`;
  const named = isIP(host) === 0 ? certificate.checkHost(host, { subject: 'never' }) : certificate.checkIP(host);
  if (named === undefined) return `its certificate is for ${certificate.subjectAltName ?? 'nobody'}`;
  // Only there does the exporter bind the handshake to this connection and no other.
  return socket.getProtocol() === 'TLSv1.3' ? undefined : 'it does not speak TLS 1.3';
}
