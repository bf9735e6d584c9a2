import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { writePlainError } from '../../protocol/activation/answers.ts';
import { maximumBody } from '../../protocol/activation/messages.ts';
import { writeTokenError } from '../../protocol/oauth/token-messages.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionLimits, connectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';
import { TlsChannel } from '../listen/phone-channel.ts';
import { BodyRefused, readRequest } from '../listen/read-body.ts';
import { endUnreadable } from '../listen/unreadable.ts';
import type { OauthAnswer } from '../oauth/token-endpoint.ts';
import { type DasAnswer, DasRefusal, refusalOf } from './das-answer.ts';
import { DasConnection } from './das-connection.ts';
import { DasDesk } from './das-desk.ts';
import type { DasParts, DasSettings } from './das-options.ts';
import type { DasStep } from './das-service.ts';

export interface DasListenerOptions extends DasSettings {
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
  /** Several threads of one process listen on one port. */
  readonly reusePort?: boolean;
  readonly connections?: ConnectionLimits;
  /** For a TLS handshake, ms. Default 10,000. */
  readonly handshakeTime?: number;
  /** PEM. */
  readonly key: string;
  /** PEM; the chain after the certificate. */
  readonly cert: string;
}

export interface DasListener {
  readonly port: number;
  /** New connections will show this certificate. PEM. */
  replaceCertificate(key: string, cert: string): void;
  /** Lets handshakes in progress finish, at most `patience` ms. */
  close(patience?: number): Promise<void>;
}

const headerTime = 10_000;
const requestTime = 20_000;
const handshakeTime = 10_000;
const largestHeader = 8 * 1024;

/** The listener of spec §3: TLS 1.3 only, the client's certificate asked for and judged by our own rules, nothing resumed. */
export async function startDasListener(parts: DasParts, options: DasListenerOptions): Promise<DasListener> {
  const desk = new DasDesk(parts, options);
  const { log } = parts;
  const connections = new WeakMap<Socket, DasConnection>();

  const context = (key: string, cert: string) => ({
    key,
    cert,
    // None: an empty list, so that TLS neither judges the certificate nor tells the phone whose ones it wants.
    ca: [],
    minVersion: 'TLSv1.3' as const,
    maxVersion: 'TLSv1.3' as const,
    ecdhCurve: 'X25519:P-256:P-384',
    secureOptions: constants.SSL_OP_NO_TICKET,
  });

  const server: Server = createServer({
    ...context(options.key, options.cert),
    requestCert: true,
    // Judged by src/domain/trust: OpenSSL's verdict mixes time and trust.
    rejectUnauthorized: false,
    handshakeTimeout: options.handshakeTime ?? handshakeTime,
    headersTimeout: headerTime,
    requestTimeout: requestTime,
    // A phone may take its time between start and prove.
    keepAliveTimeout: (options.ttl + 5) * 1000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: largestHeader,
    noDelay: true,
  });
  const gate = new ConnectionGate(
    'das',
    options.connections ?? connectionLimits('das', undefined, { openingMs: options.handshakeTime }),
    log,
  );
  const drain = new HttpDrain(gate.guard(server), gate);

  const connectionOf = (socket: Socket) => {
    let connection = connections.get(socket);
    if (!connection) {
      connection = new DasConnection(new TlsChannel(socket as TLSSocket));
      connections.set(socket, connection);
    }
    return connection;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, connection: DasConnection) => {
    const url = request.url ?? '';
    const tokens = parts.tokens?.(url);
    if (tokens !== undefined) {
      send(response, await answerForm(request, (form) => tokens(form, connection.channel)), desk.draining);
      return;
    }
    const result = await desk.answer(connection, async () => {
      // The body is read whatever the answer, so that the connection stays usable.
      const body = await bodyOf(request);
      const step = routes[url];
      if (step === undefined) throw new DasRefusal('bad_request', 'There is nothing at this address.');
      if (request.method !== 'POST') throw new DasRefusal('bad_request', 'The method must be POST.');
      if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
        throw new DasRefusal('bad_request', 'The content type must be application/json.');
      }
      return { step, body };
    });
    send(response, result, desk.draining);
  };

  server.on('request', (request, response) => {
    const connection = connectionOf(request.socket);
    connection.tail = connection.tail
      .then(() => answer(request, response, connection))
      .catch((error: unknown) => {
        log.error({ err: error }, 'an activation answer could not be sent');
        request.socket.destroy();
      });
  });

  // Bad TLS, plain HTTP, port scans: not worth a line at any other level.
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake failed'));
  server.on('clientError', (error, socket) => {
    log.debug({ err: error }, 'not an HTTP request');
    endUnreadable(error, socket, () => {
      const refusal = new DasRefusal('bad_request');
      const body = writePlainError({ error: refusal.error, message: refusal.message, ref: refusal.ref });
      return `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host ?? '::', reusePort: options.reusePort ?? false }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    replaceCertificate: (key, cert) => server.setSecureContext(context(key, cert)),
    async close(patience = 5000) {
      desk.draining = true;
      await drain.close(patience);
    },
  };
}

const routes: Readonly<Record<string, DasStep>> = {
  '/das/v1/activation/start': 'start',
  '/das/v1/activation/prove': 'prove',
  '/das/v1/activation/confirm': 'confirm',
};

/** The token endpoint's requests: forms, answered with JSON. */
async function answerForm(request: IncomingMessage, ask: (form: string) => Promise<OauthAnswer>): Promise<OauthAnswer> {
  const body = await bodyOf(request).catch((error: unknown) => refusalOf(error));
  if (body instanceof DasRefusal) {
    return { status: body.status ?? 400, body: writeTokenError('invalid_request', body.message) };
  }
  const isForm = /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.headers['content-type'] ?? '');
  if (request.method !== 'POST' || !isForm) {
    return { status: 400, body: writeTokenError('invalid_request', 'POST a form, application/x-www-form-urlencoded.') };
  }
  return ask(body);
}

/** @throws DasRefusal when the body is larger than any message, not UTF-8, or ends early. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  try {
    return await readRequest(request, maximumBody);
  } catch (error) {
    if (!(error instanceof BodyRefused)) throw error;
    throw new DasRefusal('bad_request', error.message, undefined, error.reason === 'too-large' ? 413 : undefined);
  }
}

function send(response: ServerResponse, answer: DasAnswer, last: boolean): void {
  const headers: Record<string, string | number> = { 'Cache-Control': 'no-store' };
  if (answer.body !== '') {
    headers['Content-Type'] = 'application/json';
    headers['Content-Length'] = Buffer.byteLength(answer.body);
  }
  if (answer.retryAfter !== undefined) headers['Retry-After'] = answer.retryAfter;
  if (answer.close || last) headers['Connection'] = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}
