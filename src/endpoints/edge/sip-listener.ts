import { once } from 'node:events';
import type { ClientHttp2Stream } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Log } from '../../kernel/log.ts';
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionBudget, connectionLimits } from '../listen/connection-limits.ts';
import { RateLimiter } from '../listen/rate-limit.ts';
import type { EdgeLimits } from './edge-limits.ts';
import { type EdgeMicJudge, type OpenConnections, PhoneConnection } from './phone-connection.ts';
import { type EdgeTlsMaterial, edgeTlsContext } from './phone-listener.ts';
import type { EdgeState, TunnelBoard } from './tunnel-board.ts';
import { TunnelLost } from './tunnel-link.ts';

export interface SipListenerOptions extends EdgeTlsMaterial {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly limits: EdgeLimits;
  /** What the process may hold. */
  readonly budget?: ConnectionBudget | undefined;
  readonly board: TunnelBoard;
  readonly mic: EdgeMicJudge;
  readonly open: OpenConnections;
  readonly log: Log;
}

export interface EdgeSipListener {
  readonly port: number;
  /** Phones whose SIP goes through now. */
  readonly flows: number;
  replaceCertificate(material: EdgeTlsMaterial): void;
  /** Ends every flow. */
  close(): Promise<void>;
}

/** A phone that holds its connection but sends nothing while the way inside is being opened may send this much, in octets. */
const opening = 15_000;

/** SIP over TLS for phones (spec mra.md "Phone ↔ edge"): octets both ways, one tunnel stream for each connection. The registrar inside reads them. */
export async function startEdgeSipListener(options: SipListenerOptions): Promise<EdgeSipListener> {
  const { board, limits, log, mic, open } = options;
  const handshakes = new RateLimiter(limits.handshakesPerSource);
  const gate = new ConnectionGate(
    'expresswayESip',
    connectionLimits('edgeSip', options.budget, {
      total: limits.sipFlows,
      perSource: limits.sipFlowsPerSource,
      openingMs: limits.handshakeTime,
    }),
    log,
    (source) => handshakes.take(source, performance.now()) === 0,
  );
  const secure = new Set<TLSSocket>();
  let flows = 0;

  const server = createServer({
    ...edgeTlsContext(options),
    requestCert: true,
    rejectUnauthorized: false,
    handshakeTimeout: limits.handshakeTime,
    // A phone that has said all it wants may still listen.
    allowHalfOpen: true,
    noDelay: true,
  });
  gate.guard(server);
  server.on('connection', (socket: Socket) => socket.on('error', () => socket.destroy()));
  server.on('tlsClientError', (_error, socket) => socket.destroy());

  const carry = async (socket: TLSSocket) => {
    const connection = new PhoneConnection(socket);
    const fits = (state: EdgeState) => state.clusters.length > 0 && state.authorizeByOauthTokenWithRefresh;
    const link = board.choose(connection, fits);
    if (link === undefined) {
      socket.destroySoon();
      return;
    }
    const verdict = connection.judge(mic);
    if (!verdict.accepted) {
      log.debug({ problem: verdict.problem, source: connection.source }, 'a phone was not let in over SIP');
      socket.destroySoon();
      return;
    }
    gate.proved(socket);
    const device = `SEP${verdict.subject.mac}`;
    open.add(device, connection);
    flows++;
    socket.once('close', () => {
      flows--;
      open.remove(device, connection);
    });
    const { stream, accepted } = await link.openSip(connection);
    join(socket, stream);
    const late = setTimeout(() => stream.destroy(), opening);
    try {
      await accepted;
    } finally {
      clearTimeout(late);
    }
  };

  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    secure.add(socket);
    socket.once('close', () => secure.delete(socket));
    socket.setTimeout(limits.sipIdle, () => socket.destroySoon());
    carry(socket).catch((error: unknown) => {
      if (!(error instanceof TunnelLost)) log.error({ err: error }, 'a SIP connection of a phone failed');
      else log.debug({ err: error }, 'a SIP connection of a phone could not be carried');
      // Cleanly: the phone sees an end, not a broken line, and comes back.
      socket.destroySoon();
    });
  });

  server.listen({ port: options.port, host: options.host, backlog: 1024 });
  await once(server, 'listening');
  server.on('error', (error) => log.warn({ err: error }, 'SIP listener of the edge'));

  return {
    port: (server.address() as AddressInfo).port,
    get flows() {
      return flows;
    },
    replaceCertificate: (material) => server.setSecureContext(edgeTlsContext(material)),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Whoever has not finished TLS has nothing to finish.
      gate.destroyStrangers();
      const hard = setTimeout(() => gate.destroy(), 500);
      for (const socket of secure) socket.destroySoon();
      await closed;
      clearTimeout(hard);
    },
  };
}

/** Octets both ways. Each side waits for the other's reader; an end is passed on as an end, a break ends both. */
function join(socket: TLSSocket, stream: ClientHttp2Stream): void {
  socket.pipe(stream);
  stream.pipe(socket);
  stream.once('close', () => socket.destroySoon());
  socket.once('close', () => {
    if (!stream.destroyed) stream.destroy();
  });
}
