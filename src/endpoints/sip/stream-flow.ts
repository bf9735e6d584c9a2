import type { Socket } from 'node:net';
import type { FlowIdentity } from '../../domain/registration/identify.ts';
import { StreamFramer } from '../../protocol/sip/stream.ts';
import { type Flow, type FlowDoor, type FlowToken, type MessageSink, plainAddress } from './flow.ts';
import { localAddressFor } from './local-address.ts';

const pong = Buffer.from('\r\n');
/** Octets a peer may leave unread before its connection is given up. */
const maxUnsent = 1 << 20;
/** Messages of one connection that may be worked on in one go, so that one flood does not starve the others. */
const perTurn = 64;

export interface StreamFlowEvents {
  readonly message: MessageSink;
  readonly closed: (flow: StreamFlow) => void;
  /** Its tokens are others than before. */
  readonly tokenChanged: (flow: StreamFlow, before: FlowToken | undefined) => void;
  /** The first well-framed message has arrived. */
  readonly spoke: (flow: StreamFlow) => void;
}

/** One TCP or TLS connection, cut into messages. */
export class StreamFlow implements Flow {
  readonly reliable = true;
  address: string;
  readonly port: number;
  readonly door: FlowDoor;
  edge: string | undefined;
  /** Certificate (hex of SHA-256) of the Expressway-C that vouches. */
  expressway: string | undefined;
  #token: FlowToken | undefined;
  readonly transport: 'tcp' | 'tls';
  readonly connection: number;
  identity: FlowIdentity = { kind: 'none' };
  micSha256: Uint8Array | undefined;
  lastHeard = performance.now();
  readonly #socket: Socket;
  readonly #events: StreamFlowEvents;
  readonly #framer = new StreamFramer();
  #spoke = false;

  constructor(
    transport: 'tcp' | 'tls',
    connection: number,
    socket: Socket,
    remote: { address: string; port: number },
    events: StreamFlowEvents,
    door: FlowDoor = 'line',
  ) {
    this.door = door;
    this.transport = transport;
    this.connection = connection;
    this.#socket = socket;
    this.#events = events;
    this.address = plainAddress(socket.remoteAddress ?? remote.address);
    this.port = socket.remotePort ?? remote.port;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => events.closed(this));
  }

  get token(): FlowToken | undefined {
    return this.#token;
  }

  set token(token: FlowToken | undefined) {
    const before = this.#token;
    this.#token = token;
    if (before?.family !== token?.family) this.#events.tokenChanged(this, before);
  }

  get localAddress(): string {
    // A connection that is still being opened has none yet.
    return this.#socket.localAddress === undefined
      ? localAddressFor(this.address)
      : plainAddress(this.#socket.localAddress);
  }

  get localPort(): number {
    return this.#socket.localPort ?? 0;
  }

  /** Begins reading; identity is settled before. */
  start(): void {
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // Paused by whoever read what stands before the first message.
    this.#socket.resume();
  }

  #read(chunk: Uint8Array): void {
    this.lastHeard = performance.now();
    let worked = 0;
    try {
      for (const frame of this.#framer.push(chunk)) {
        if (frame.kind === 'ping') this.send(pong);
        if (frame.kind !== 'message') continue;
        if (!this.#spoke) {
          this.#spoke = true;
          this.#events.spoke(this);
        }
        worked++;
        this.#events.message(this, frame.bytes);
      }
    } catch {
      // The stream cannot be followed any further (or the message was hostile): leave it.
      this.#socket.destroy();
      return;
    }
    if (worked >= perTurn) {
      this.#socket.pause();
      setImmediate(() => this.#socket.resume());
    }
  }

  send(bytes: Uint8Array): boolean {
    if (this.#socket.destroyed || !this.#socket.writable) return false;
    if (this.#socket.writableLength > maxUnsent) {
      this.#socket.destroy();
      return false;
    }
    this.#socket.write(bytes);
    return true;
  }

  close(): void {
    this.#socket.end();
    this.#socket.destroySoon();
  }

  abort(): void {
    this.#socket.destroy();
  }
}
