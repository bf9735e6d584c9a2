import { Agent, type IncomingMessage, request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';

export interface HttpReply {
  readonly status: number;
  readonly body: Buffer;
  /** From Retry-After in seconds or as a date; undefined without one. */
  readonly retryAfterMs: number | undefined;
}

export interface HttpAsk {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Default 15 s. */
  readonly timeoutMs?: number;
  /** Octets; default 64 KiB. */
  readonly maxSize?: number;
}

/** An agent that knows one connection and opens no other. */
class OneConnection extends Agent {
  #socket: TLSSocket | undefined;

  constructor(socket: TLSSocket) {
    super({ keepAlive: true, maxSockets: 1 });
    this.#socket = socket;
  }

  override createConnection(): TLSSocket {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.destroyed) throw new Error('the connection was closed');
    return socket;
  }
}

/** HTTP/1.1 over one TLS connection, request after request. */
export class TlsHttp {
  readonly #socket: TLSSocket;
  readonly #agent: Agent;
  /** For the Host field, with brackets where needed. */
  readonly #host: string;

  constructor(socket: TLSSocket, host: string) {
    this.#socket = socket;
    this.#host = host;
    this.#agent = new OneConnection(socket);
    socket.on('error', () => {});
  }

  get open(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** RFC 9266 `tls-exporter`. */
  channelBinding(): Uint8Array {
    return this.#socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
  }

  /** Rejects when the connection breaks, nothing comes in time, or when aborted. */
  ask({ body, headers, maxSize = 64 << 10, method, path, signal, timeoutMs = 15_000 }: HttpAsk): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const asked = request(
        {
          agent: this.#agent,
          host: this.#host,
          path,
          method,
          headers: { ...headers, ...length, host: this.#host },
          timeout: timeoutMs,
          signal,
        },
        (response) => {
          const parts: Buffer[] = [];
          let size = 0;
          response.on('data', (part: Buffer) => {
            size += part.length;
            if (size > maxSize) asked.destroy(new Error('the answer is too large'));
            else parts.push(part);
          });
          response.on('error', reject);
          response.on('end', () => resolve(replyOf(response, parts)));
        },
      );
      asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
      asked.on('error', reject);
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
    this.#socket.destroy();
  }
}

function replyOf(response: IncomingMessage, parts: readonly Buffer[]): HttpReply {
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts),
    retryAfterMs: retryAfter(response.headers['retry-after']),
  };
}

function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 600_000) : undefined;
}
