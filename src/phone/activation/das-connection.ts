import { Agent, request } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { channelBindingLabel, channelBindingLength } from '../../protocol/activation/suite.ts';
import type { Mic } from '../identity/mic.ts';
import { connectTls, serverCertificateOf } from '../trust/tls.ts';

export interface DasReply {
  readonly status: number;
  readonly body: string;
  /** From Retry-After in seconds or as a date; undefined without one. */
  readonly retryAfterMs: number | undefined;
}

const maximumReply = 64 << 10;

/** An agent that knows one connection and opens no other: start and prove must ride the same one. */
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

/** One TLS 1.3 connection with the MIC to a Device Activation Service. */
export class DasConnection {
  readonly #socket: TLSSocket;
  readonly #agent: Agent;
  readonly #host: string;
  /** DER. */
  readonly serverCertificate: Uint8Array;

  private constructor(socket: TLSSocket, host: string) {
    this.#socket = socket;
    this.#host = host;
    this.#agent = new OneConnection(socket);
    this.serverCertificate = serverCertificateOf(socket);
    socket.on('error', () => {});
  }

  /** Rejects when the node cannot be reached, refuses the MIC in TLS, or speaks no TLS 1.3. */
  static async open(url: string, mic: Mic, signal: AbortSignal, timeoutMs = 4000): Promise<DasConnection> {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, '');
    const socket = await connectTls({
      host,
      port: Number(port === '' ? 443 : port),
      context: mic.tls,
      timeoutMs,
      signal,
    });
    if (socket.getProtocol() !== 'TLSv1.3') {
      socket.destroy();
      // Only there does the exporter bind the handshake to this connection and no other.
      throw new Error('it does not speak TLS 1.3');
    }
    return new DasConnection(socket, hostname);
  }

  /** RFC 9266 `tls-exporter`. */
  channelBinding(): Uint8Array {
    return this.#socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
  }

  /** Rejects when the connection breaks, nothing comes in time, or when aborted. */
  post(path: string, body: string, signal: AbortSignal, timeoutMs = 15_000): Promise<DasReply> {
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          agent: this.#agent,
          host: this.#host,
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
          timeout: timeoutMs,
          signal,
        },
        (response) => {
          const parts: Buffer[] = [];
          let size = 0;
          response.on('data', (part: Buffer) => {
            size += part.length;
            if (size > maximumReply) asked.destroy(new Error('the answer is too large'));
            else parts.push(part);
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(parts).toString('utf8'),
              retryAfterMs: retryAfter(response.headers['retry-after']),
            }),
          );
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

function retryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,6}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), 600_000) : undefined;
}
