import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';
import { LineReader } from '../../protocol/tunnel/lines.ts';
import {
  pairingProofInput,
  pairingProtocol,
  readPairingOffer,
  tunnelProtocol,
  writePairingAnswer,
} from '../../protocol/tunnel/pairing.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionBudget, connectionLimits } from '../listen/connection-limits.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import { plainSource } from './peer-chain.ts';
import type { EdgeTlsMaterial } from './phone-listener.ts';

/** Who may dial in. */
export interface KnownControllers {
  /** Name of the C whose certificate has this SHA-256 (lower-case hex); undefined: unknown. */
  nameOf(certificateSha256: string): string | undefined;
  /** The secrets of pairing texts that are still good. */
  openSecrets(): readonly Uint8Array[];
  /** A C proved that it knows `secret`: it is known from now on, and the secret is used up. False: somebody else was faster. */
  paired(
    secret: Uint8Array,
    controller: { readonly name: string; readonly certificateSha256: string },
  ): Promise<boolean>;
}

export interface TunnelListenerOptions extends EdgeTlsMaterial {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Milliseconds. */
  readonly handshakeTime: number;
  /** What the process may hold. */
  readonly budget?: ConnectionBudget | undefined;
  readonly known: KnownControllers;
  readonly onTunnel: (controller: string, socket: TLSSocket) => void;
  readonly log: Log;
}

export interface TunnelListener {
  readonly port: number;
  close(): Promise<void>;
}

const pairingTime = 10_000;
const largestOffer = 1024;
/** Strangers may pair, so few at once: the one that waits longest makes room. */
const pairingsAtOnce = 16;
/** Strangers cannot make us work: a C needs a handful of connections a minute. */
const perSource = { burst: 60, perSecond: 2 };

/** Where Expressway-Cs dial in. Nobody is served before the certificate is one that was pinned when the two were paired. */
export async function startTunnelListener(options: TunnelListenerOptions): Promise<TunnelListener> {
  const { known, log } = options;
  const sources = new RateLimiter(perSource);
  const gate = new ConnectionGate(
    'expresswayETunnel',
    // Strangers have few places and short time, so that a C can always dial in.
    connectionLimits('edgeTunnel', options.budget, { openingMs: options.handshakeTime }),
    log,
    (source, proven) => proven || sources.take(source, performance.now()) === 0,
  );
  const pairings = new Set<TLSSocket>();
  const server = createServer({
    key: options.key,
    cert: options.cert,
    ca: [],
    requestCert: true,
    // Pinned by us: there is no authority behind it.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ALPNProtocols: [tunnelProtocol, pairingProtocol],
    handshakeTimeout: options.handshakeTime,
    noDelay: true,
  });
  gate.guard(server);
  server.on('connection', (socket: Socket) => socket.on('error', () => socket.destroy()));
  server.on('tlsClientError', (error, socket) => {
    log.debug({ err: error }, 'TLS handshake on the tunnel listener failed');
    // Nobody else does: one that never begins its handshake would stay for ever.
    socket.destroy();
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    const certificate = socket.getPeerX509Certificate()?.raw;
    if (certificate === undefined) {
      socket.destroy();
      return;
    }
    const sha256 = createHash('sha256').update(certificate).digest();
    if (socket.alpnProtocol === pairingProtocol) {
      const [oldest] = pairings;
      if (oldest !== undefined && pairings.size >= pairingsAtOnce) {
        pairings.delete(oldest);
        oldest.destroy();
      }
      pairings.add(socket);
      socket.once('close', () => pairings.delete(socket));
      pair(socket, sha256).catch((error: unknown) => {
        log.debug({ err: error }, 'a pairing failed');
        socket.destroy();
      });
      return;
    }
    const name = socket.alpnProtocol === tunnelProtocol ? known.nameOf(sha256.toString('hex')) : undefined;
    if (name === undefined) {
      log.warn(
        { source: plainSource(socket), certificate: sha256.toString('hex') },
        'an Expressway-C that was never paired with this one was turned away',
      );
      socket.destroy();
      return;
    }
    gate.proved(socket);
    options.onTunnel(name, socket);
  });

  const own = createHash('sha256').update(derOf(options.cert)).digest();

  const pair = async (socket: TLSSocket, certificate: Buffer) => {
    const offer = readPairingOffer(await firstLine(socket));
    const binding = socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
    const certificates = { c: certificate, e: own };
    for (const secret of known.openSecrets()) {
      const wanted = createHmac('sha256', secret)
        .update(pairingProofInput('C', binding, certificates))
        .digest();
      if (!timingSafeEqual(wanted, offer.proof)) continue;
      const controller = { name: offer.name, certificateSha256: certificate.toString('hex') };
      if (!(await known.paired(secret, controller))) break;
      const proof = createHmac('sha256', secret)
        .update(pairingProofInput('E', binding, certificates))
        .digest();
      socket.end(writePairingAnswer({ accepted: true, proof }));
      log.info({ controller: offer.name }, 'paired with an Expressway-C');
      return;
    }
    log.warn({ source: plainSource(socket) }, 'somebody tried to pair with a text that is not good any more');
    socket.end(writePairingAnswer({ accepted: false }));
  };

  server.listen({ port: options.port, host: options.host });
  await once(server, 'listening');
  server.on('error', (error) => log.warn({ err: error }, 'tunnel listener'));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const hard = setTimeout(() => gate.destroy(), 1_500);
      await closed;
      clearTimeout(hard);
    },
  };
}

/** Rejects when it does not come in time or is too long. */
export function firstLine(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = new LineReader(largestOffer);
    const late = setTimeout(() => socket.destroy(new Error('no line in time')), pairingTime);
    const read = (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) {
          socket.off('data', read);
          clearTimeout(late);
          resolve(line);
          return;
        }
      } catch (error) {
        socket.destroy(error instanceof MalformedError ? error : undefined);
      }
    };
    socket.on('data', read);
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(late);
      reject(new Error('the connection ended'));
    });
  });
}

function derOf(pem: string): Buffer {
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem)?.[1] ?? '';
  return Buffer.from(body, 'base64');
}
