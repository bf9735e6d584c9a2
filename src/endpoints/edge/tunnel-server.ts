import { constants, type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { edgeRefusalStatus } from '../../protocol/edge-access/refusal.ts';
import type { EdgePlace } from '../../protocol/edge-access/requests.ts';
import { largestAssertion, readAssertion } from '../../protocol/tunnel/assertion.ts';
import { type EdgeReport, readReport } from '../../protocol/tunnel/control.ts';
import { type Heartbeat, tunnelSessionMemory, watchSession } from '../../protocol/tunnel/heartbeat.ts';
import { LineReader } from '../../protocol/tunnel/lines.ts';
import {
  connectionHeader,
  largestRequest,
  type PhoneRoute,
  phoneRoutes,
  type TunnelError,
  tunnelErrorHeader,
  tunnelErrorStatus,
  tunnelPaths,
} from '../../protocol/tunnel/requests.ts';
import type { ClusterAnswer, ClusterDoor } from './cluster-door.ts';
import { retryAfter } from './edge-limits.ts';
import { insideBody, whereabouts } from './inside-body.ts';
import type { OrderHub } from './order-hub.ts';
import { EdgeRefusal, refusalAnswer } from './phone-answer.ts';
import { mayRepeat } from './rebuild.ts';
import { type PinnedEdge, VouchBook } from './vouch-book.ts';

export interface TunnelServerParts {
  readonly clusters: ClusterDoor;
  readonly orders: OrderHub;
  /** What an E said of itself. */
  readonly onReport: (edge: string, report: EdgeReport) => void;
  /** A tunnel to this E came (+1) or went (−1). */
  readonly onTunnels: (edge: string, change: 1 | -1) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeat?: Heartbeat | undefined;
}

/** Counters of one C since its start. */
export interface TunnelCounts {
  requests: number;
  refusedAssertions: number;
  sipFlows: number;
}

/** Octets of orders an E may leave unread. */
const mostUnread = 64 * 1024 * 1024;
const largestReport = 64 * 1024;
const bodyTime = 10_000;
const routeOfPath = new Map<string, PhoneRoute>(phoneRoutes.map((route) => [tunnelPaths[route], route]));

/** C's end of the tunnels: it dialled, and now serves what E asks for its phones. The list of what may be asked is here; nothing is passed through as it came. */
export class TunnelServer {
  readonly #parts: TunnelServerParts;
  readonly #books = new Map<string, VouchBook>();
  readonly #edges = new Map<string, EdgePlace>();
  readonly #sweeper: NodeJS.Timeout;
  readonly counts: TunnelCounts = { requests: 0, refusedAssertions: 0, sipFlows: 0 };

  constructor(parts: TunnelServerParts) {
    this.#parts = parts;
    this.#sweeper = setInterval(() => {
      const now = Math.floor(parts.clock.now() / 1000);
      for (const book of this.#books.values()) book.forget(now);
      parts.orders.forget(now);
      parts.orders.beat();
    }, 5_000).unref();
  }

  /** `socket`: dialled, secure, and the certificate at its other end is the one pinned for `edge`. */
  serve(edge: PinnedEdge, socket: TLSSocket): void {
    const { log, onTunnels } = this.#parts;
    const book = this.#books.get(edge.name) ?? new VouchBook(edge);
    this.#books.set(edge.name, book);
    const session = performServerHandshake(socket, {
      maxSessionMemory: tunnelSessionMemory,
      settings: { enableConnectProtocol: false, maxConcurrentStreams: 200_000 },
    });
    session.on('error', (error) => log.debug({ err: error, edge: edge.name }, 'a tunnel broke'));
    onTunnels(edge.name, 1);
    session.once('close', () => onTunnels(edge.name, -1));
    watchSession(session, this.#parts.heartbeat);
    session.on('stream', (stream, headers) => {
      stream.on('error', () => {});
      this.#handle(edge, book, stream, headers).catch((error: unknown) => {
        log.error({ err: error, edge: edge.name }, 'a request from the tunnel failed');
        refuse(stream, new EdgeRefusal('internal'));
      });
    });
  }

  /** Forgets what was asserted by an E that is paired no more. */
  drop(edge: string): void {
    this.#books.delete(edge);
    this.#edges.delete(edge);
  }

  close(): void {
    clearInterval(this.#sweeper);
  }

  async #handle(edge: PinnedEdge, book: VouchBook, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    const path = headers[':path'] ?? '';
    if (headers[':method'] !== 'POST') return tunnelRefusal(stream, 'bad_tunnel_request');
    if (path === tunnelPaths.control) return this.#control(edge, stream);
    const connection = headers[connectionHeader];
    if (typeof connection !== 'string') return tunnelRefusal(stream, 'bad_tunnel_request');
    if (path === tunnelPaths.connection) return this.#assertion(edge, book, stream, connection);
    const now = Math.floor(this.#parts.clock.now() / 1000);
    const known = book.find(connection, now);
    const route = routeOfPath.get(path);
    if (route === undefined && path !== tunnelPaths.sip) return tunnelRefusal(stream, 'bad_tunnel_request');
    if (known === undefined) return tunnelRefusal(stream, 'connection_unknown');
    this.counts.requests++;
    if (route === undefined) return this.#sip(stream, known.vouch);
    const body = await read(stream, largestRequest[route]);
    if (body === undefined) return;
    const { state } = this.#parts.orders;
    try {
      const served = { state, edge: this.#edges.get(edge.name) };
      const inside = insideBody(route, known.json, body, served);
      const answer = await this.#parts.clusters.ask(route, known.vouch.connection, inside, {
        mayRepeat: mayRepeat(route, body),
        ...whereabouts(route, body),
      });
      if (answer === undefined) {
        refuse(stream, new EdgeRefusal('busy', 'No Unified CM node can be reached.', { retryAfter: retryAfter(2, 6) }));
      } else pass(stream, answer);
    } catch (error) {
      if (!(error instanceof EdgeRefusal)) throw error;
      refuse(stream, error, route === 'token' ? 'oauth' : 'plain');
    }
  }

  async #assertion(edge: PinnedEdge, book: VouchBook, stream: ServerHttp2Stream, connection: string) {
    const body = await read(stream, largestAssertion);
    if (body === undefined) return;
    const { clock, log } = this.#parts;
    let verdict: string;
    try {
      verdict = book.accept(readAssertion(body), connection, Math.floor(clock.now() / 1000));
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      verdict = error.message;
    }
    if (verdict === 'accepted') {
      stream.respond({ ':status': 204 }, { endStream: true });
      return;
    }
    this.counts.refusedAssertions++;
    log.warn({ edge: edge.name, reason: verdict }, 'an assertion of an Expressway-E was refused');
    tunnelRefusal(stream, 'assertion_refused');
  }

  async #sip(stream: ServerHttp2Stream, vouch: Parameters<ClusterDoor['openSip']>[0]) {
    if (!this.#parts.orders.state.authorizeByOauthTokenWithRefresh) return refuse(stream, new EdgeRefusal('oauth_off'));
    const node = await this.#parts.clusters.openSip(vouch);
    if (node === undefined || stream.destroyed) {
      node?.destroy();
      if (!stream.destroyed) refuse(stream, new EdgeRefusal('busy'));
      return;
    }
    this.counts.sipFlows++;
    node.once('close', () => {
      this.counts.sipFlows--;
    });
    stream.respond({ ':status': 200 });
    // Each side waits for the other's reader; an end is passed on as an end, a break ends both.
    stream.pipe(node);
    node.pipe(stream);
    node.on('error', () => stream.close(constants.NGHTTP2_CANCEL));
    node.once('close', () => {
      if (!stream.destroyed && !stream.writableEnded) stream.end();
    });
    stream.once('close', () => node.destroy());
  }

  #control(edge: PinnedEdge, stream: ServerHttp2Stream): void {
    const { log, onReport, orders } = this.#parts;
    stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' });
    const leave = orders.join((line) => {
      if (stream.writableLength > mostUnread) stream.session?.destroy();
      else if (stream.writable) stream.write(line);
    });
    stream.once('close', leave);
    const lines = new LineReader(largestReport);
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const line of lines.push(chunk)) {
          const report = readReport(line);
          if (report === undefined) continue;
          if (report.type === 'hello') {
            const { host, httpsPort, sipPort, turnServers } = report;
            this.#edges.set(edge.name, { host, httpsPort, sipPort, turnServers });
          }
          onReport(edge.name, report);
        }
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        log.warn({ err: error, edge: edge.name }, 'a report of an Expressway-E cannot be read');
        stream.session?.destroy();
      }
    });
    stream.once('end', () => stream.end());
  }
}

/** The body as text; undefined when it was too large, slow or not UTF-8: then the stream is refused already. */
function read(stream: ServerHttp2Stream, most: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let done = false;
    const settle = (text: string | undefined) => {
      if (done) return;
      done = true;
      clearTimeout(late);
      if (text === undefined && !stream.destroyed) tunnelRefusal(stream, 'bad_tunnel_request');
      resolve(text);
    };
    const late = setTimeout(() => settle(undefined), bodyTime);
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) settle(undefined);
      else chunks.push(chunk);
    });
    stream.once('end', () => {
      try {
        settle(strictUtf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)));
      } catch {
        settle(undefined);
      }
    });
    stream.once('close', () => settle(undefined));
  });
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function tunnelRefusal(stream: ServerHttp2Stream, error: TunnelError): void {
  if (stream.headersSent || stream.destroyed) return;
  stream.resume();
  stream.respond({ ':status': tunnelErrorStatus[error], [tunnelErrorHeader]: error }, { endStream: true });
}

/** For the phone. */
function refuse(stream: ServerHttp2Stream, refusal: EdgeRefusal, form: 'plain' | 'oauth' = 'plain'): void {
  if (stream.headersSent || stream.destroyed) return;
  const { body } = refusalAnswer(refusal, form);
  stream.resume();
  stream.respond({
    ':status': refusal.status ?? edgeRefusalStatus[refusal.error],
    'content-type': 'application/json',
    ...(refusal.retryAfter !== undefined && { 'retry-after': String(refusal.retryAfter) }),
  });
  stream.end(body);
}

function pass(stream: ServerHttp2Stream, answer: ClusterAnswer): void {
  if (stream.destroyed) return;
  const headers = {
    ':status': answer.status,
    ...(answer.contentType !== undefined && { 'content-type': answer.contentType }),
    ...(answer.retryAfter !== undefined && { 'retry-after': String(answer.retryAfter) }),
    ...(answer.wwwAuthenticate !== undefined && { 'www-authenticate': answer.wwwAuthenticate }),
  };
  if (answer.body.length === 0) {
    stream.respond(headers, { endStream: true });
    return;
  }
  stream.respond(headers);
  stream.end(answer.body);
}
