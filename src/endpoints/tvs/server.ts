import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Voucher } from '../../domain/provisioning/ports.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { trustRole } from '../../protocol/trust-list/trust-list.ts';
import {
  decodeTvsRequest,
  encodeTvsResponse,
  maxTvsBodyLength,
  type TvsRequest,
  tvsHeaderLength,
  tvsMessageLength,
} from '../../protocol/tvs/messages.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionLimits, connectionLimits } from '../listen/connection-limits.ts';
import { phoneTls } from '../listen/tls.ts';

export interface TvsAsked {
  /** As the phone states it; nothing proves it. */
  readonly deviceName: string;
  readonly sourceAddress: string;
  readonly trusted: boolean;
}

export interface TvsOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The node's TVS certificate and key, PEM. */
  readonly tls: TvsTls;
  readonly voucher: Voucher;
  readonly log: Log;
  /** Told of every answer. Must not throw. */
  readonly asked?: (event: TvsAsked) => void;
  readonly connections?: ConnectionLimits;
  /** Ciphers of old phones too. */
  readonly oldPhones?: boolean;
}

export interface TvsTls {
  readonly cert: string;
  readonly key: string;
}

export interface TvsServer {
  readonly port: number;
  /** New connections will show this certificate. */
  renewTls(tls: TvsTls): void;
  close(): Promise<void>;
}

/** One is enough for phones; a few more cost nothing. */
const requestsPerConnection = 16;
/** A connection that says nothing is closed, in milliseconds. */
const patience = 10_000;
/** What is being answered when the listener closes has so long, in milliseconds. */
const drainPatience = 2_000;

/** Trust Verification Service: says of a certificate whether the cluster trusts it, and as what. Unknown means not trusted. */
export async function startTvs(options: TvsOptions): Promise<TvsServer> {
  const gate = new ConnectionGate('tvs', options.connections ?? connectionLimits('tvs'), options.log);
  const drain: Drain = { asking: new Set(), began: false };
  const server = gate.guard(
    createServer(
      { ...secureContext(options.tls, options.oldPhones), handshakeTimeout: patience, requestCert: false },
      (socket) => serve(socket, options, drain).catch(() => socket.destroy()),
    ),
  );
  // A handshake that failed, or never began: nobody else ends it.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('connection', (socket) => socket.on('error', () => {}));
  const listening = once(server, 'listening');
  server.listen({ port: options.port, host: options.host });
  await listening;
  return {
    port: (server.address() as AddressInfo).port,
    renewTls: (tls) => server.setSecureContext(secureContext(tls, options.oldPhones)),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      drain.began = true;
      gate.end((socket) => !drain.asking.has(socket));
      const late = setTimeout(() => gate.destroy(), drainPatience);
      await closed;
      clearTimeout(late);
    },
  };
}

const secureContext = (tls: TvsTls, oldPhones = false) => ({ ...tls, ...phoneTls(oldPhones) });

interface Drain {
  /** Connections on which a question is being answered. */
  readonly asking: Set<Socket>;
  /** Those end with the answer. */
  began: boolean;
}

async function serve(socket: TLSSocket, options: TvsOptions, drain: Drain): Promise<void> {
  socket.on('error', () => {});
  socket.setTimeout(patience, () => socket.destroy());
  socket.setNoDelay(true);
  // A phone may close its sending half after the request; the answer still goes out.
  socket.allowHalfOpen = true;
  let held: Buffer = Buffer.alloc(0);
  let answered = 0;
  try {
    for await (const piece of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      held = held.length === 0 ? piece : Buffer.concat([held, piece]);
      for (;;) {
        const length = tvsMessageLength(held);
        if (length === undefined || held.length < length) break;
        const request = decodeTvsRequest(held.subarray(0, length));
        held = held.subarray(length);
        drain.asking.add(socket);
        socket.write(await answerTo(request, socket, options));
        drain.asking.delete(socket);
        if (++answered === requestsPerConnection || drain.began) return void socket.end();
      }
      if (held.length > tvsHeaderLength + maxTvsBodyLength) throw new MalformedError('more than one message at once');
    }
    socket.end();
  } catch (error) {
    // Junk gets no answer: there is no session id to echo. An outage of ours gets none either, and never "not trusted".
    if (!(error instanceof MalformedError) && !isReset(error))
      options.log.error({ err: error }, 'TVS could not answer');
    socket.destroy();
  } finally {
    drain.asking.delete(socket);
  }
}

async function answerTo(request: TvsRequest, socket: TLSSocket, options: TvsOptions): Promise<Uint8Array> {
  const hash = createHash('sha256').update(request.certificate).digest();
  const found = await options.voucher.verdict(hash);
  options.asked?.({
    deviceName: request.deviceName,
    sourceAddress: socket.remoteAddress ?? '',
    trusted: found !== undefined,
  });
  return encodeTvsResponse({
    type: request.type,
    sessionId: request.sessionId,
    verdict: found === undefined ? undefined : { roles: found.roles.map((role) => trustRole[role]), ttl: found.ttl },
  });
}

function isReset(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}
