import type { Server as PlainServer, Socket } from 'node:net';
import type { Log } from '../../kernel/log.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { sourceOf } from './source.ts';

/** A connection that was let in. */
interface Held {
  readonly raw: Socket;
  /** TLS over it; the same without TLS. */
  upper: Socket;
  readonly key: string;
  readonly source: Source;
  readonly since: number;
  stage: 'stranger' | 'open' | 'proved';
}

interface Source {
  readonly name: string;
  all: number;
  /** Oldest first. */
  readonly strangers: Set<Held>;
}

/** Sources remembered from which somebody proved who he is; the one that came longest ago is forgotten first. */
const remembered = 20_000;
/** Who is younger than this is not cut for somebody newer, unless not one octet came: a handshake takes a moment. In ms. */
const moment = 1_000;
/** Strangers looked at for one to cut. Those that say nothing are at the front. */
const looked = 32;
/** How often connections that were turned away are told of, in ms. */
const tellEvery = 10_000;

/**
 * Who may come in by one listener. A connection begins as a stranger, is open once TLS stands (without TLS: once something whole was read),
 * and proved when the door says so. Strangers have few places and little time, and make room for newer ones before anybody is turned away;
 * sources from which somebody proved who he is have places that strangers never get.
 */
export class ConnectionGate {
  readonly limits: ConnectionLimits;
  readonly #name: string;
  readonly #log: Log | undefined;
  readonly #mayConnect: (source: string, proven: boolean) => boolean;
  readonly #held = new Map<string, Held>();
  readonly #strangers = new Set<Held>();
  readonly #sources = new Map<string, Source>();
  readonly #known = new Map<string, true>();
  readonly #byUpper = new WeakMap<Socket, Held>();
  #sweeper: NodeJS.Timeout | undefined;
  #turnedAway = 0;
  #cut = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** `mayConnect`: what else decides about new connections, a rate for example. `proven`: somebody proved himself from that source. */
  constructor(
    name: string,
    limits: ConnectionLimits,
    log?: Log,
    mayConnect: (source: string, proven: boolean) => boolean = () => true,
  ) {
    this.#name = name;
    this.limits = limits;
    this.#log = log;
    this.#mayConnect = mayConnect;
  }

  /** Connections that are open now. */
  get count(): number {
    return this.#held.size;
  }

  /** Strangers among them. */
  get strangers(): number {
    return this.#strangers.size;
  }

  get sockets(): readonly Socket[] {
    return [...this.#held.values()].map(({ upper }) => upper);
  }

  /**
   * Puts the gate before a server's own reading, so that who is turned away costs no TLS object and no HTTP parser. Call it when the server
   * was just made.
   */
  guard<S extends PlainServer>(server: S): S {
    const readers = server.listeners('connection');
    server.removeAllListeners('connection');
    server.on('connection', (socket: Socket) => {
      if (this.admit(socket)) for (const read of readers) read.call(server, socket);
    });
    // Of a TLS server; without TLS whoever reads says when something whole came.
    server.on('secureConnection', (socket: Socket) => this.opened(socket));
    server.once('close', () => {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    });
    return server;
  }

  /** False: turned away, and destroyed. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress;
    // Gone before anybody looked.
    if (address === undefined) {
      socket.destroy();
      return false;
    }
    const name = sourceOf(address);
    const source = this.#sources.get(name) ?? { name, all: 0, strangers: new Set() };
    if (!this.#mayConnect(name, this.#known.has(name)) || !this.#makeRoom(source)) {
      socket.on('error', () => {});
      socket.destroy();
      this.#turnedAway++;
      this.#tell();
      return false;
    }
    const held: Held = {
      raw: socket,
      upper: socket,
      key: keyOf(socket),
      source,
      since: performance.now(),
      stage: 'stranger',
    };
    this.#sources.set(name, source);
    source.all++;
    source.strangers.add(held);
    this.#strangers.add(held);
    this.#held.set(held.key, held);
    this.#byUpper.set(socket, held);
    socket.once('close', () => this.#gone(held));
    this.#sweeper ??= setInterval(() => this.#sweep(), Math.min(1_000, this.limits.silentMs)).unref();
    return true;
  }

  /** TLS stands, or something whole was read. */
  opened(socket: Socket): void {
    const held = this.#find(socket);
    if (held === undefined || held.stage !== 'stranger') return;
    held.stage = 'open';
    held.upper = socket;
    this.#strangers.delete(held);
    held.source.strangers.delete(held);
  }

  /** Who is at the other end has proved who he is. */
  proved(socket: Socket): void {
    this.opened(socket);
    const held = this.#find(socket);
    if (held === undefined || held.stage === 'proved') return;
    held.stage = 'proved';
    const { name } = held.source;
    this.#known.delete(name);
    if (this.#known.size >= remembered) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(name, true);
  }

  /** Ends all of them at once. */
  destroy(): void {
    for (const { raw } of [...this.#held.values()]) raw.destroy();
  }

  /** Ends those that `which` picks, with what was still to be sent; strangers at once. */
  end(which: (socket: Socket) => boolean): void {
    for (const { raw, stage, upper } of [...this.#held.values()]) {
      if (!which(upper)) continue;
      if (stage === 'stranger') raw.destroy();
      else upper.destroySoon();
    }
  }

  destroyStrangers(): void {
    for (const { raw } of [...this.#strangers]) raw.destroy();
  }

  /** False: there is none. Strangers go before anybody else is turned away. */
  #makeRoom(source: Source): boolean {
    const { limits } = this;
    const known = this.#known.has(source.name);
    const now = performance.now();
    if (source.all >= limits.perSource && !this.#cutOne(source.strangers, now)) return false;
    const strangersPerSource = known
      ? Math.max(limits.strangersPerSource, limits.perSource)
      : limits.strangersPerSource;
    if (source.strangers.size >= strangersPerSource && !this.#cutOne(source.strangers, now)) return false;
    const strangers = known ? limits.strangers + limits.reserve : limits.strangers;
    if (this.#strangers.size >= strangers && !this.#cutOne(this.#strangers, now)) return false;
    const total = known ? limits.total : limits.total - limits.reserve;
    return this.#held.size < total || this.#cutOne(this.#strangers, now);
  }

  /** The oldest that said nothing, else the oldest that had its moment. */
  #cutOne(strangers: ReadonlySet<Held>, now: number): boolean {
    let slow: Held | undefined;
    let seen = 0;
    for (const each of strangers) {
      if (each.raw.bytesRead === 0) return this.#cutOff(each);
      if (slow === undefined && now - each.since > moment) slow = each;
      if (++seen === looked) break;
    }
    return slow !== undefined && this.#cutOff(slow);
  }

  #cutOff(held: Held): true {
    // Not only when it says that it is closed: its place is wanted now.
    this.#gone(held);
    held.raw.destroy();
    this.#cut++;
    this.#tell();
    return true;
  }

  #gone(held: Held): void {
    if (this.#held.get(held.key) === held) this.#held.delete(held.key);
    this.#strangers.delete(held);
    const { source } = held;
    source.strangers.delete(held);
    if (!this.#byUpper.delete(held.raw)) return;
    if (--source.all === 0) this.#sources.delete(source.name);
  }

  #find(socket: Socket): Held | undefined {
    const known = this.#byUpper.get(socket);
    if (known !== undefined) return known;
    const held = this.#held.get(keyOf(socket));
    if (held !== undefined) this.#byUpper.set(socket, held);
    return held;
  }

  #sweep(): void {
    const now = performance.now();
    const { openingMs, silentMs } = this.limits;
    for (const each of this.#strangers) {
      const age = now - each.since;
      // Those behind it are younger.
      if (age < Math.min(silentMs, openingMs)) break;
      if (age >= openingMs || each.raw.bytesRead === 0) {
        this.#gone(each);
        each.raw.destroy();
      }
    }
  }

  #tell(): void {
    const now = performance.now();
    if (now - this.#toldAt < tellEvery) return;
    this.#toldAt = now;
    this.#log?.warn(
      { listener: this.#name, turnedAway: this.#turnedAway, cut: this.#cut, open: this.#held.size },
      'more connections than this listener takes: some were turned away',
    );
    this.#turnedAway = 0;
    this.#cut = 0;
  }
}

/** The same for a TLS socket and the one below it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress}`;
}
