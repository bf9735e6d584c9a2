import { constants, createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  createSecureServer,
  constants as http2,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { EdgeChange } from '../../protocol/edge-access/changes.ts';
import { edgePaths, largestEdgeRequest } from '../../protocol/edge-access/requests.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionLimits, connectionLimits } from '../listen/connection-limits.ts';
import { BodyRefused, passOver, readBody } from '../listen/read-body.ts';
import { ChangeStreams } from './change-stream.ts';
import { EdgeAccessDesk } from './edge-access-desk.ts';
import { answerEdgeRefusal, type EdgeAnswer, EdgeRefusal } from './edge-refusal.ts';
import type { EdgeAccessParts } from './options.ts';

export interface EdgeAccessOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM; the chain after the certificate. */
  readonly cert: string;
  readonly key: string;
  readonly connections?: ConnectionLimits;
  /** How often the changes stream says that it lives, ms. Default 5000. */
  readonly beatEvery?: number;
}

export interface EdgeAccess {
  readonly port: number;
  replaceCertificate(tls: { readonly cert: string; readonly key: string }): void;
  /** To every Expressway-C that listens. */
  tell(change: EdgeChange): void;
  /** The list of Expressway-Cs changed: whoever is not on it any more is cut off. */
  recheck(): void;
  close(patience?: number): Promise<void>;
}

const handshakeTime = 10_000;
const requestTime = 20_000;

const context = ({ cert, key }: { readonly cert: string; readonly key: string }) => ({
  cert,
  key,
  minVersion: 'TLSv1.3' as const,
  maxVersion: 'TLSv1.3' as const,
  secureOptions: constants.SSL_OP_NO_TICKET,
});

/** Mutual TLS 1.3, HTTP/2: who shows no certificate of the list gets `expressway_unknown` and nothing else, whatever it asks. */
export async function startEdgeAccess(parts: EdgeAccessParts, options: EdgeAccessOptions): Promise<EdgeAccess> {
  const desk = new EdgeAccessDesk(parts);
  const changes = new ChangeStreams(options.beatEvery);
  const sessions = new Map<ServerHttp2Session, string>();
  const { log } = parts;
  const server = createSecureServer({
    ...context(options),
    requestCert: true,
    // Known by its SHA-256 or not at all: whoever signed it, and when it ends, decides nothing.
    rejectUnauthorized: false,
    handshakeTimeout: handshakeTime,
    settings: { maxConcurrentStreams: 1000, maxHeaderListSize: 8 * 1024, enablePush: false },
    maxSessionMemory: 64,
  });
  const gate = new ConnectionGate('edgeAccess', options.connections ?? connectionLimits('edgeAccess'), log);
  gate.guard(server);
  server.on('tlsClientError', (error, socket) => {
    log.debug({ err: error }, 'TLS handshake of an Expressway-C failed');
    // Also of one that never began: it would stay for ever and count.
    socket.destroy();
  });
  server.on('sessionError', (error) => log.debug({ err: error }, 'an Expressway-C broke off'));
  server.on('session', (session) => {
    const certificate = (session.socket as TLSSocket).getPeerX509Certificate();
    const sha256 = certificate === undefined ? '' : createHash('sha256').update(certificate.raw).digest('hex');
    sessions.set(session, sha256);
    if (parts.expressway(sha256) !== undefined) gate.proved(session.socket);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => session.destroy());
  });

  const work = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<EdgeAnswer | 'endless'> => {
    const expressway = parts.expressway(sessions.get(stream.session as ServerHttp2Session) ?? '');
    const method = headers[http2.HTTP2_HEADER_METHOD] as string;
    const path = headers[http2.HTTP2_HEADER_PATH] as string;
    if (expressway === undefined) {
      // Its body is let through, so that the stream ends well, and nothing of it is kept.
      passOver(stream, () => stream.close(http2.NGHTTP2_ENHANCE_YOUR_CALM));
      // It may have been added since it connected, so it is told; but nobody stays who may ask nothing.
      const { session } = stream;
      stream.once('close', () => session?.close());
      return answerEdgeRefusal(new EdgeRefusal('expressway_unknown'));
    }
    const body = method === 'POST' ? await bodyOf(stream) : '';
    if (body instanceof BodyRefused) {
      const answer = answerEdgeRefusal(new EdgeRefusal('bad_request', body.message));
      return body.reason === 'too-large' ? { ...answer, status: 413 } : answer;
    }
    if (path === edgePaths.changes && method === 'GET') {
      changes.add(stream, { type: 'snapshot', revoked: parts.revoked() });
      return 'endless';
    }
    return desk.answer({ expressway, method, path, body, ifNoneMatch: headers['if-none-match'] });
  };

  server.on('stream', (stream, headers) => {
    stream.on('error', () => {});
    const late = setTimeout(() => stream.close(http2.NGHTTP2_CANCEL), requestTime);
    stream.once('close', () => clearTimeout(late));
    work(stream, headers)
      .then((answer) => {
        if (answer === 'endless') clearTimeout(late);
        else if (!stream.destroyed && !stream.headersSent) send(stream, answer);
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'an answer to Expressway-C could not be sent');
        stream.close(http2.NGHTTP2_INTERNAL_ERROR);
      });
  });

  const listening = once(server, 'listening');
  server.listen({ host: options.host, port: options.port });
  await listening;
  return {
    port: (server.address() as AddressInfo).port,
    replaceCertificate: (tls) => server.setSecureContext(context(tls)),
    tell: (change) => changes.send(change),
    recheck() {
      for (const [session, sha256] of sessions) if (parts.expressway(sha256) === undefined) session.destroy();
    },
    async close(patience = 3000) {
      changes.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Sessions end when their last request does.
      for (const session of sessions.keys()) session.close();
      // Whoever has no session yet has asked nothing.
      gate.destroyStrangers();
      const late = setTimeout(() => {
        for (const session of sessions.keys()) session.destroy();
        gate.destroy();
      }, patience);
      await closed;
      clearTimeout(late);
    },
  };
}

function bodyOf(stream: ServerHttp2Stream): Promise<string | BodyRefused> {
  return readBody(stream, largestEdgeRequest, () => stream.close(http2.NGHTTP2_ENHANCE_YOUR_CALM)).catch(
    (error: unknown) => {
      if (error instanceof BodyRefused) return error;
      throw error;
    },
  );
}

function send(stream: ServerHttp2Stream, { status, body, contentType, headers }: EdgeAnswer): void {
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  stream.respond({
    ':status': status,
    'cache-control': 'no-store',
    ...(length > 0 && { 'content-type': contentType ?? 'application/json', 'content-length': length }),
    ...headers,
  });
  stream.end(typeof body === 'string' ? body : Buffer.from(body));
}
