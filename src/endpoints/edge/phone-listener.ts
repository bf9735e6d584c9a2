import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../../kernel/log.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionBudget, connectionLimits } from '../listen/connection-limits.ts';
import { HttpDrain } from '../listen/http-drain.ts';
import { endUnreadable } from '../listen/unreadable.ts';
import { type EdgeLimits, largestHead } from './edge-limits.ts';
import { rawBadRequest, send } from './phone-answer.ts';
import { PhoneConnection } from './phone-connection.ts';
import type { PhoneDoor } from './phone-door.ts';

export interface EdgeTlsMaterial {
  /** PEM. */
  readonly key: string;
  /** PEM: the certificate, then its chain, the authority included. */
  readonly cert: string;
}

export interface PhoneListenerOptions extends EdgeTlsMaterial {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly limits: EdgeLimits;
  /** What the process may hold. */
  readonly budget?: ConnectionBudget | undefined;
  readonly asksForCertificate: boolean;
  readonly door: PhoneDoor;
  readonly log: Log;
}

export interface PhoneListener {
  readonly port: number;
  readonly connections: number;
  replaceCertificate(material: EdgeTlsMaterial): void;
  /** From now on new connections are asked, or not; those that were treated otherwise and are idle end. */
  askForCertificate(ask: boolean): void;
  close(patience?: number): Promise<void>;
}

/** TLS 1.3 only, nothing resumed; the phone's certificate is judged by our own rules, not by TLS. */
export function edgeTlsContext({ key, cert }: EdgeTlsMaterial) {
  return {
    key,
    cert,
    // None: an empty list, so that TLS neither judges the certificate nor tells the phone whose ones it wants.
    ca: [],
    minVersion: 'TLSv1.3' as const,
    maxVersion: 'TLSv1.3' as const,
    ecdhCurve: 'X25519:P-256:P-384',
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/** Where phones from the Internet arrive. */
export async function startPhoneListener(options: PhoneListenerOptions): Promise<PhoneListener> {
  const { door, limits, log } = options;
  const connections = new WeakMap<Socket, PhoneConnection>();
  const gate = new ConnectionGate(
    'expresswayE',
    connectionLimits('edgePhones', options.budget, {
      total: limits.connections,
      perSource: limits.connectionsPerSource,
      openingMs: limits.handshakeTime,
    }),
    log,
    (source) => door.mayConnect(source),
  );
  let draining = false;

  const server: Server = createServer({
    ...edgeTlsContext(options),
    requestCert: options.asksForCertificate,
    rejectUnauthorized: false,
    handshakeTimeout: limits.handshakeTime,
    headersTimeout: limits.headerTime,
    requestTimeout: limits.requestTime,
    keepAliveTimeout: limits.keepAlive,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: largestHead,
    noDelay: true,
    // Two messages where one was meant are how requests are smuggled.
    insecureHTTPParser: false,
    joinDuplicateHeaders: false,
  });

  const drain = new HttpDrain(gate.guard(server), gate);

  const connectionOf = (socket: Socket) => {
    let connection = connections.get(socket);
    if (!connection) {
      connection = new PhoneConnection(socket as TLSSocket);
      connections.set(socket, connection);
      if (door.opened(connection, socket)) gate.proved(socket);
    }
    return connection;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, connection: PhoneConnection) => {
    const sent = await door.serve(request, connection, draining);
    // Nobody is there any more.
    if (response.destroyed || request.socket.destroyed) return;
    send(response, sent, draining);
  };

  server.on('request', (request, response) => {
    const connection = connectionOf(request.socket);
    connection.tail = connection.tail
      .then(() => answer(request, response, connection))
      .catch((error: unknown) => {
        log.error({ err: error }, 'an answer to a phone could not be sent');
        request.socket.destroy();
      });
  });

  // Bad TLS, plain HTTP, port scans: not worth a line at any other level.
  server.on('tlsClientError', (error) => log.debug({ err: error }, 'TLS handshake with a phone failed'));
  server.on('clientError', (error, socket) => {
    log.debug({ err: error }, 'not an HTTP request');
    endUnreadable(error, socket, (code) =>
      rawBadRequest(code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400),
    );
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: options.host, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return gate.count;
    },
    replaceCertificate: (material) => server.setSecureContext(edgeTlsContext(material)),
    askForCertificate(ask) {
      // Read by node:tls for each new connection.
      const asking = server as Server & { requestCert: boolean };
      if (asking.requestCert === ask) return;
      asking.requestCert = ask;
      server.closeIdleConnections();
    },
    async close(patience = 5_000) {
      draining = true;
      await drain.close(patience);
    },
  };
}
