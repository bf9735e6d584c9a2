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
import { ConnectionGate } from '../listen/connection-gate.ts';
import { type ConnectionBudget, connectionLimits, type Door } from '../listen/connection-limits.ts';
import { phoneTls, tls12 } from '../listen/tls.ts';
import type { FlowDoor, FlowToken, MessageSink } from './flow.ts';
import type { SipLimits, SipTlsMaterial, VerifyClient } from './options.ts';
import { readPreface } from './preface.ts';
import { StreamFlow, type StreamFlowEvents } from './stream-flow.ts';

export interface StreamParts {
  readonly sink: MessageSink;
  readonly closed: (flow: StreamFlow) => void;
  readonly limits: SipLimits;
  readonly connections: ConnectionBudget | undefined;
  readonly oldPhones: boolean;
  readonly log: Log;
  readonly verifyClient: VerifyClient | undefined;
  /** Whether this certificate (hex of SHA-256) is an Expressway-C's. */
  readonly isExpressway: (certificateSha256: string) => boolean;
}

/** The cluster's CA is needed only where this node calls others. */
type ShownMaterial = Pick<SipTlsMaterial, 'cert' | 'key'> & Partial<SipTlsMaterial>;

const gates: Readonly<Record<FlowDoor, Door>> = { line: 'sipTls', oauth: 'sipOauth', edge: 'sipFromEdge' };

/** All TCP and TLS connections of the node: accepted from phones and opened to other nodes. */
export class Streams {
  readonly #parts: StreamParts;
  readonly #flows = new Map<number, StreamFlow>();
  readonly #toPeers = new Map<string, StreamFlow>();
  readonly #silent = new Map<StreamFlow, number>();
  /** Whole fleets can be revoked at once: nobody looks through all flows for each. */
  readonly #byFamily = new Map<string, Set<StreamFlow>>();
  readonly #gates: ConnectionGate[] = [];
  readonly #servers: (Server | TlsServer)[] = [];
  readonly #tls = new Map<FlowDoor, TlsServer>();
  #material: ShownMaterial | undefined;
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
    const gate = this.#gate('sipTcp', this.#parts.limits.silentMs);
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on('error', () => socket.destroy());
      this.#add('tcp', socket, undefined, 'line', () => gate.opened(socket)).start();
    });
    return this.#listen(gate.guard(server), host, port);
  }

  /** The client's certificate is asked for but judged by `verifyClient`: TLS's own verdict cannot tell "expired" from "rogue". */
  async listenTls(host: string, port: number, material: ShownMaterial, door: FlowDoor = 'line'): Promise<number> {
    if (door === 'line') this.#material = material;
    const gate = this.#gate(gates[door], this.#parts.limits.handshakeMs);
    const server = gate.guard(
      createTlsServer({
        ...tlsOptions(material, door, this.#parts.oldPhones),
        requestCert: true,
        rejectUnauthorized: false,
        handshakeTimeout: this.#parts.limits.handshakeMs,
      }),
    );
    server.on('connection', (socket: Socket) => socket.on('error', () => socket.destroy()));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
    server.on(
      'secureConnection',
      (socket) => void (door === 'edge' ? this.#vouched(socket, gate) : this.#secured(socket, door, gate)),
    );
    this.#tls.set(door, server);
    return this.#listen(server, host, port);
  }

  renewTls(material: ShownMaterial, doors: readonly FlowDoor[] = ['line']): void {
    if (doors.includes('line')) this.#material = material;
    for (const door of doors) this.#tls.get(door)?.setSecureContext(tlsOptions(material, door, this.#parts.oldPhones));
  }

  /** Flows with a token of this family. */
  ofFamily(family: string): StreamFlow[] {
    return [...(this.#byFamily.get(family) ?? [])];
  }

  /** Flows whose Expressway-C is none any more. */
  abandoned(): StreamFlow[] {
    const { isExpressway } = this.#parts;
    return [...this.#flows.values()].filter(({ expressway }) => expressway !== undefined && !isExpressway(expressway));
  }

  async #listen(server: Server | TlsServer, host: string, port: number): Promise<number> {
    server.listen({ host, port, backlog: 1024 });
    await once(server, 'listening');
    server.on('error', (error) => this.#parts.log.warn({ error: error.message }, 'SIP listener'));
    this.#servers.push(server);
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  #gate(door: Door, openingMs: number): ConnectionGate {
    const { connections, limits, log } = this.#parts;
    const gate = new ConnectionGate(
      door,
      connectionLimits(door, connections, {
        total: limits.connections,
        perSource: door === 'sipFromEdge' ? limits.connections : limits.connectionsPerSource,
        openingMs,
      }),
      log,
    );
    this.#gates.push(gate);
    return gate;
  }

  async #secured(socket: TLSSocket, door: FlowDoor, gate: ConnectionGate): Promise<void> {
    if (socket.destroyed) return;
    const flow = this.#add('tls', socket, undefined, door);
    if (!(await this.#judge(flow, peerChain(socket)))) return;
    if (flow.identity.kind === 'certificate') gate.proved(socket);
    flow.start();
  }

  /** The phone's certificate, wherever it was shown. False: the flow was given up. */
  async #judge(flow: StreamFlow, chain: readonly Uint8Array[]): Promise<boolean> {
    if (chain.length === 0 || this.#parts.verifyClient === undefined) return true;
    try {
      const verdict = await this.#parts.verifyClient(chain);
      if (verdict.ok) {
        flow.identity = { kind: 'certificate', deviceName: verdict.deviceName, product: verdict.product };
        flow.micSha256 = verdict.micSha256;
      } else flow.identity = { kind: 'refused', reason: verdict.reason };
      return true;
    } catch (error) {
      this.#parts.log.error({ error: String(error) }, 'a client certificate could not be judged');
      flow.abort();
      return false;
    }
  }

  /** A connection of an Expressway-C: first whom it carries, then SIP. */
  async #vouched(socket: TLSSocket, gate: ConnectionGate): Promise<void> {
    if (socket.destroyed) return;
    const certificate = socket.getPeerX509Certificate();
    const print = certificate && createHash('sha256').update(certificate.raw).digest('hex');
    if (print === undefined || !this.#parts.isExpressway(print)) {
      socket.destroy();
      return;
    }
    gate.proved(socket);
    const vouch = await readPreface(socket, this.#parts.limits.handshakeMs);
    if (vouch === undefined) return;
    const flow = this.#add('tls', socket, undefined, 'edge');
    flow.address = vouch.sourceAddress;
    flow.edge = vouch.edge;
    flow.expressway = print;
    if (await this.#judge(flow, vouch.chain)) flow.start();
  }

  #add(
    transport: 'tcp' | 'tls',
    socket: Socket,
    remote = { address: '', port: 0 },
    door: FlowDoor = 'line',
    spoke: () => void = () => {},
  ): StreamFlow {
    const events: StreamFlowEvents = {
      message: this.#parts.sink,
      spoke: (spoken) => {
        this.#silent.delete(spoken);
        spoke();
      },
      tokenChanged: (changed, before) => this.#indexFamily(changed, before),
      closed: (gone) => {
        this.#flows.delete(gone.connection);
        this.#silent.delete(gone);
        gone.token = undefined;
        this.#parts.closed(gone);
      },
    };
    const flow = new StreamFlow(transport, this.#next++, socket, remote, events, door);
    this.#flows.set(flow.connection, flow);
    this.#silent.set(flow, performance.now());
    return flow;
  }

  #indexFamily(flow: StreamFlow, before: FlowToken | undefined): void {
    if (before !== undefined) {
      const held = this.#byFamily.get(before.family);
      held?.delete(flow);
      if (held?.size === 0) this.#byFamily.delete(before.family);
    }
    if (flow.token === undefined) return;
    const held = this.#byFamily.get(flow.token.family);
    if (held === undefined) this.#byFamily.set(flow.token.family, new Set([flow]));
    else held.add(flow);
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
            ...tlsOptions(this.#material, 'line', false),
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
      for (const gate of this.#gates) gate.destroy();
    }, 1_000);
    await Promise.all(closing);
    clearTimeout(hard);
  }
}

function tlsOptions({ cert, key }: Pick<SipTlsMaterial, 'cert' | 'key'>, door: FlowDoor, oldPhones: boolean) {
  const versions = { line: phoneTls(oldPhones), oauth: tls12, edge: { minVersion: 'TLSv1.3' as const } }[door];
  // A resumed session carries no chain to judge.
  return { cert, key, ...versions, secureOptions: constants.SSL_OP_NO_TICKET };
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
