import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../kernel/log.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionBudget, connectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';
import { TlsChannel } from '../listen/phone-channel.ts';
import { readRequest } from '../listen/read-body.ts';
import { plainAddress } from '../listen/source.ts';
import { endUnreadable } from '../listen/unreadable.ts';
import { answerCloudRefusal, type CloudAnswer, CloudRefusal, cloudRefusalOf, jitter } from './cloud-answer.ts';
import type { CloudPeer, CloudRoute } from './routes.ts';

export interface CloudListenerLimits {
  /** Instead of what the process's connections allow. */
  readonly connections?: number;
  readonly connectionsPerSource?: number;
  /** Requests being answered; more are sent away with `busy`. */
  readonly inFlight: number;
  /** A request's headers, and the whole of it, must be there within so many ms. */
  readonly headerTime: number;
  readonly requestTime: number;
  /** And the TLS handshake before. */
  readonly handshakeTime: number;
}

export const usualCloudLimits: CloudListenerLimits = {
  inFlight: 500,
  headerTime: 10_000,
  requestTime: 20_000,
  handshakeTime: 10_000,
};

export interface CloudListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** PEM; the chain behind the certificate. */
  readonly tls: { readonly cert: string; readonly key: string };
  readonly limits: CloudListenerLimits;
  /** What the process may hold. */
  readonly connections?: ConnectionBudget | undefined;
  /** Undefined: there is nothing at this address. */
  readonly route: (method: string, path: string, query: string) => CloudRoute | undefined;
  readonly answered: (route: string, status: number, seconds: number) => void;
  readonly log: Log;
}

export interface CloudListener {
  readonly port: number;
  /** New connections see this certificate. */
  replaceCertificate(tls: { readonly cert: string; readonly key: string }): void;
  /** Lets requests in progress finish, at most `patience` ms. */
  close(patience?: number): Promise<void>;
}

const idleTime = 30_000;
const largestHeader = 8 * 1024;

/** The one door of the cloud for phones and clusters: TLS 1.3, the client's certificate asked for and judged by our own rules, nothing resumed. */
export async function startCloudListener(options: CloudListenerOptions): Promise<CloudListener> {
  const { limits, log } = options;
  const context = (tls: CloudListenerOptions['tls']) => ({
    ...tls,
    // None: TLS neither judges the certificate nor names whose ones are wanted; phones and clusters have different ones.
    ca: [],
    minVersion: 'TLSv1.3' as const,
    maxVersion: 'TLSv1.3' as const,
    ecdhCurve: 'X25519:P-256:P-384',
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  const server = createServer({
    ...context(options.tls),
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: limits.handshakeTime,
    headersTimeout: limits.headerTime,
    requestTimeout: limits.requestTime,
    keepAliveTimeout: idleTime,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: largestHeader,
    noDelay: true,
  });
  const gate = new ConnectionGate(
    'cloud',
    connectionLimits('cloud', options.connections, {
      total: limits.connections,
      perSource: limits.connectionsPerSource,
      openingMs: limits.handshakeTime,
    }),
    log,
  );
  const drain = new HttpDrain(gate.guard(server), gate);
  let inFlight = 0;
  let draining = false;
  const channels = new WeakMap<Socket, TlsChannel>();

  const peerOf = (socket: Socket): CloudPeer => {
    const channel = channels.get(socket) ?? new TlsChannel(socket as TLSSocket);
    channels.set(socket, channel);
    return { chain: channel.peerChain, source: plainAddress(channel.source) };
  };

  const work = async (request: IncomingMessage, route: CloudRoute | undefined): Promise<CloudAnswer> => {
    // Read whatever the answer, so that the connection stays usable.
    const body = await readRequest(request, route?.largestBody ?? 0);
    if (route === undefined) throw new CloudRefusal('not_found');
    if (body !== '' && !/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      throw new CloudRefusal('bad_request', 'The content type must be application/json.');
    }
    if (draining || inFlight > limits.inFlight) throw new CloudRefusal('busy', undefined, { retryAfter: jitter() });
    return route.answer(peerOf(request.socket), body);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const began = performance.now();
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const route = options.route(request.method ?? '', path, query);
    inFlight++;
    let result: CloudAnswer;
    try {
      result = await work(request, route);
    } catch (error) {
      const refusal = cloudRefusalOf(error);
      const { ref, cause } = refusal;
      if (refusal.error === 'internal') log.error({ err: cause, ref, route: route?.name }, 'a request failed');
      else if (cause !== undefined) log.warn({ err: cause, ref, route: route?.name }, 'a request could not be served');
      else log.debug({ ref, refused: refusal.error, route: route?.name }, 'a request was refused');
      result = answerCloudRefusal(refusal);
    } finally {
      inFlight--;
    }
    const took = performance.now() - began;
    options.answered(route?.name ?? 'none', result.status, took / 1000);
    log.debug(
      { route: route?.name, status: result.status, ms: Math.round(took), peer: request.socket.remoteAddress },
      'answered',
    );
    send(response, result, draining);
  };

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'an answer could not be sent');
      request.socket.destroy();
    });
  });
  // Bad TLS, plain HTTP, port scans: not worth a line at any other level.
  server.on('tlsClientError', (error, socket) => {
    log.debug({ err: error }, 'TLS handshake failed');
    socket.destroy();
  });
  server.on('clientError', (error, socket) => {
    log.debug({ err: error }, 'not an HTTP request');
    endUnreadable(error, socket, (code) => {
      const why =
        code === 'HPE_HEADER_OVERFLOW'
          ? 'The headers are too large.'
          : code === 'ERR_HTTP_REQUEST_TIMEOUT'
            ? 'The request took too long.'
            : undefined;
      const { body } = answerCloudRefusal(new CloudRefusal('bad_request', why));
      const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}`;
      return `${head}\r\nConnection: close\r\n\r\n${body}`;
    });
  });

  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen({ port: options.port, host: options.host }, () => {
      server.off('error', failed);
      ready();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    replaceCertificate: (tls) => server.setSecureContext(context(tls)),
    async close(patience = 4000) {
      draining = true;
      await drain.close(patience);
    },
  };
}

function send(response: ServerResponse, answer: CloudAnswer, last: boolean): void {
  const headers: Record<string, string | number> = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  if (answer.body !== '') {
    headers['Content-Type'] = 'application/json';
    headers['Content-Length'] = Buffer.byteLength(answer.body);
  }
  if (answer.retryAfter !== undefined) headers['Retry-After'] = answer.retryAfter;
  if (answer.close === true || last) headers['Connection'] = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}
