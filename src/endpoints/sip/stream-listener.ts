import { constants, createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net';
import {
  createServer as createTlsServer,
  type TLSSocket,
  type Server as TlsServer,
  connect as tlsConnect,
} from 'node:tls';
import type { PeerNode } from '../../domain/registration/cluster.ts';
import type { Log } from '../../kernel/log.ts';
import type { MessageSink } from './flow.ts';
import type { SipLimits, SipTlsMaterial, VerifyClient } from './options.ts';
import { StreamFlow } from './stream-flow.ts';

export interface StreamParts {
  readonly sink: MessageSink;
  readonly closed: (flow: StreamFlow) => void;
  readonly limits: SipLimits;
  readonly log: Log;
  readonly verifyClient: VerifyClient | undefined;
}

/** All TCP and TLS connections of the node: accepted from phones and opened to other nodes. */
export class Streams {
  readonly #parts: StreamParts;
  readonly #flows = new Map<number, StreamFlow>();
  readonly #perSource = new Map<string, number>();
  readonly #toPeers = new Map<string, StreamFlow>();
  readonly #silent = new Map<StreamFlow, number>();
  readonly #raw = new Set<Socket>();
  readonly #servers: (Server | TlsServer)[] = [];
  #tls: TlsServer | undefined;
  #material: SipTlsMaterial | undefined;
  #next = 1;
  readonly #sweeper: NodeJS.Timeout;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(5_000, parts.limits.silentMs)).unref();
  }

  get count(): number {
    return this.#flows.size;
  }

  byConnection(connection: number | undefined): StreamFlow | undefined {
    return connection === undefined ? undefined : this.#flows.get(connection);
  }

  async listenTcp(host: string, port: number): Promise<number> {
    return this.#listen(
      createServer({ noDelay: true }, (socket) => {
        if (this.#admit(socket)) this.#add('tcp', socket).start();
      }),
      host,
      port,
    );
  }

  /** The client's certificate is asked for but judged by `verifyClient`: TLS's own verdict cannot tell "expired" from "rogue". */
  async listenTls(host: string, port: number, material: SipTlsMaterial): Promise<number> {
    this.#material = material;
    const server = createTlsServer({
      ...tlsOptions(material),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: this.#parts.limits.handshakeMs,
    });
    server.on('connection', (socket: Socket) => this.#admit(socket));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on('secureConnection', (socket) => void this.#secured(socket));
    this.#tls = server;
    return this.#listen(server, host, port);
  }

  renewTls(material: SipTlsMaterial): void {
    this.#material = material;
    this.#tls?.setSecureContext(tlsOptions(material));
  }

  async #listen(server: Server | TlsServer, host: string, port: number): Promise<number> {
    server.listen({ host, port, backlog: 1024 });
    await once(server, 'listening');
    server.on('error', (error) => this.#parts.log.warn({ error: error.message }, 'SIP listener'));
    this.#servers.push(server);
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Counts the raw connection, so that handshakes are limited too. */
  #admit(socket: Socket): boolean {
    const source = socket.remoteAddress ?? '';
    const held = this.#perSource.get(source) ?? 0;
    const { limits } = this.#parts;
    socket.on('error', () => socket.destroy());
    if (this.#flows.size >= limits.connections || held >= limits.connectionsPerSource) {
      socket.destroy();
      return false;
    }
    this.#perSource.set(source, held + 1);
    this.#raw.add(socket);
    socket.once('close', () => {
      this.#raw.delete(socket);
      const left = (this.#perSource.get(source) ?? 1) - 1;
      if (left === 0) this.#perSource.delete(source);
      else this.#perSource.set(source, left);
    });
    return true;
  }

  async #secured(socket: TLSSocket): Promise<void> {
    if (socket.destroyed) return;
    const flow = this.#add('tls', socket);
    const chain = peerChain(socket);
    if (chain.length > 0 && this.#parts.verifyClient !== undefined) {
      try {
        const verdict = await this.#parts.verifyClient(chain);
        if (verdict.ok) {
          flow.identity = { kind: 'certificate', deviceName: verdict.deviceName };
          flow.micSha256 = verdict.micSha256;
        } else flow.identity = { kind: 'refused', reason: verdict.reason };
      } catch (error) {
        this.#parts.log.error({ error: String(error) }, 'a client certificate could not be judged');
        flow.abort();
        return;
      }
    }
    flow.start();
  }

  #add(transport: 'tcp' | 'tls', socket: Socket, remote = { address: '', port: 0 }): StreamFlow {
    const flow = new StreamFlow(transport, this.#next++, socket, remote, {
      message: this.#parts.sink,
      spoke: (spoken) => this.#silent.delete(spoken),
      closed: (gone) => {
        this.#flows.delete(gone.connection);
        this.#silent.delete(gone);
        this.#parts.closed(gone);
      },
    });
    this.#flows.set(flow.connection, flow);
    this.#silent.set(flow, performance.now());
    return flow;
  }

  /** The connection to another node, opened when there is none. Writes wait until it stands. */
  toPeer(peer: PeerNode): StreamFlow {
    const key = `${peer.transport}|${peer.host}|${peer.port}`;
    const open = this.#toPeers.get(key);
    if (open !== undefined && this.#flows.get(open.connection) === open) return open;
    const { host, port } = peer;
    const socket =
      peer.transport === 'tls' && this.#material !== undefined
        ? tlsConnect({
            ...tlsOptions(this.#material),
            ca: this.#material.clusterCa,
            host,
            port,
            servername: peer.name,
            checkServerIdentity: () => undefined,
          })
        : tcpConnect({ host, port });
    socket.setTimeout(this.#parts.limits.idleMs, () => socket.destroy());
    const flow = this.#add(peer.transport, socket, { address: host, port });
    this.#silent.delete(flow);
    flow.start();
    this.#toPeers.set(key, flow);
    return flow;
  }

  #sweep(): void {
    const now = performance.now();
    const { silentMs, idleMs } = this.#parts.limits;
    for (const [flow, since] of this.#silent) if (now - since > silentMs) flow.abort();
    for (const flow of this.#flows.values()) if (now - flow.lastHeard > idleMs) flow.abort();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeper);
    const closing = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const flow of this.#flows.values()) flow.close();
    const hard = setTimeout(() => {
      for (const flow of this.#flows.values()) flow.abort();
      for (const socket of this.#raw) socket.destroy();
    }, 1_000);
    await Promise.all(closing);
    clearTimeout(hard);
  }
}

function tlsOptions({ cert, key }: SipTlsMaterial) {
  // A resumed session carries no chain to judge.
  return { cert, key, minVersion: 'TLSv1.2' as const, secureOptions: constants.SSL_OP_NO_TICKET };
}

/** DER certificates as the peer sent them, leaf first, at most six. */
function peerChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const seen = new Set<string>();
  let each = socket.getPeerX509Certificate();
  while (each !== undefined && chain.length < 6) {
    const print = createHash('sha256').update(each.raw).digest('hex');
    if (seen.has(print)) break;
    seen.add(print);
    chain.push(each.raw);
    each = each.issuerCertificate;
  }
  return chain;
}
