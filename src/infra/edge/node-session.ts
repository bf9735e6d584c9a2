import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Log } from '../../kernel/log.ts';
import { tunnelSessionMemory, watchSession } from '../../protocol/tunnel/heartbeat.ts';
import type { PinnedIdentity } from './own-keys.ts';

/** The node did not answer. `passedOn` false: certainly nothing happened there. */
export class NodeLost extends Error {
  readonly passedOn: boolean;
  constructor(message: string, passedOn: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'NodeLost';
    this.passedOn = passedOn;
  }
}

export interface NodePlace {
  readonly name: string;
  readonly host: string;
  /** Port of the listener. */
  readonly port: number;
}

export interface NodeAnswer {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly body: Buffer;
}

const connectTime = 4_000;
const answerTime = 13_000;
const largestAnswer = 8 * 1024 * 1024;

/** Mutual TLS 1.3 to a node of the cluster, its certificate judged by the cluster's own authority. */
export function dialNode(
  place: NodePlace,
  identity: PinnedIdentity,
  clusterCa: string,
  protocols: string[],
): TLSSocket {
  const host = place.host.replace(/^\[|\]$/g, '');
  const socket = tlsConnect({
    host,
    port: place.port,
    key: identity.key,
    cert: identity.cert,
    ca: clusterCa,
    minVersion: 'TLSv1.3',
    ...(protocols.length > 0 && { ALPNProtocols: protocols }),
  });
  socket.setNoDelay(true);
  const late = setTimeout(() => socket.destroy(new Error('no answer')), connectTime);
  socket.once('secureConnect', () => clearTimeout(late));
  socket.once('close', () => clearTimeout(late));
  return socket;
}

/** HTTP/2 to one node, opened when first needed and again when it broke. */
export class NodeSession {
  readonly place: NodePlace;
  readonly #identity: PinnedIdentity;
  readonly #clusterCa: string;
  readonly #log: Log;
  #session: ClientHttp2Session | undefined;
  /** Sessions that have come up: before, nothing can have been passed on. */
  readonly #up = new WeakSet<ClientHttp2Session>();
  #closed = false;

  constructor(place: NodePlace, identity: PinnedIdentity, clusterCa: string, log: Log) {
    this.place = place;
    this.#identity = identity;
    this.#clusterCa = clusterCa;
    this.#log = log;
  }

  #open(): ClientHttp2Session {
    const open = this.#session;
    if (open && !open.destroyed && !open.closed) return open;
    if (this.#closed) throw new NodeLost('stopping', false);
    const { host, port, name } = this.place;
    const socket = dialNode(this.place, this.#identity, this.#clusterCa, ['h2']);
    const session = connect(`https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`, {
      createConnection: () => socket,
      maxSessionMemory: tunnelSessionMemory,
      settings: { enablePush: false },
    });
    session.on('error', (error) => this.#log.debug({ err: error, node: name }, 'the connection to a node broke'));
    session.once('connect', () => {
      this.#up.add(session);
      watchSession(session);
    });
    this.#session = session;
    return session;
  }

  /** Throws NodeLost. */
  request(
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<NodeAnswer> {
    const session = this.#open();
    let stream: ClientHttp2Stream;
    try {
      stream = session.request(
        {
          ':method': method,
          ':path': path,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        { endStream: body === undefined },
      );
    } catch (error) {
      return Promise.reject(new NodeLost('the connection is closing', false, error));
    }
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      let received: NodeAnswer['headers'] | undefined;
      let whole = false;
      let cause: unknown;
      const late = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), answerTime);
      stream.on('response', (each) => {
        received = each;
      });
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > largestAnswer) stream.close(constants.NGHTTP2_CANCEL);
        else chunks.push(chunk);
      });
      stream.on('end', () => {
        whole = true;
      });
      stream.on('error', (error) => {
        cause = error;
      });
      stream.on('close', () => {
        clearTimeout(late);
        if (whole && received && stream.rstCode === constants.NGHTTP2_NO_ERROR) {
          resolve({ headers: received, body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length) });
          return;
        }
        // A connection that never came up carried nothing; nor did a stream refused with this code (RFC 9113 §8.7).
        const untouched = !this.#up.has(session) || stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
        reject(new NodeLost(`node ${this.place.name} did not answer`, !untouched, cause));
      });
      if (body !== undefined) stream.end(body);
    });
  }

  /** An endless answer. Throws NodeLost. */
  stream(path: string): ClientHttp2Stream {
    try {
      return this.#open().request({ ':method': 'GET', ':path': path });
    } catch (error) {
      throw error instanceof NodeLost ? error : new NodeLost('the connection is closing', false, error);
    }
  }

  close(): void {
    this.#closed = true;
    this.#session?.destroy();
  }
}
