import { TlsHttp } from '../http/tls-http.ts';
import type { Mic } from '../identity/mic.ts';
import { connectTls, serverCertificateOf } from '../trust/tls.ts';

export interface DasReply {
  readonly status: number;
  readonly body: string;
  /** From Retry-After in seconds or as a date; undefined without one. */
  readonly retryAfterMs: number | undefined;
}

/** What a handshake runs over: start and prove ride one connection. */
export interface DasChannel {
  /** RFC 9266 `tls-exporter`. */
  channelBinding(): Uint8Array;
  /** Rejects when the connection breaks, nothing comes in time, or when aborted. */
  post(path: string, body: string, signal: AbortSignal): Promise<DasReply>;
}

/** The activation service's messages over a connection that stands. */
export function dasChannel(http: TlsHttp): DasChannel {
  return {
    channelBinding: () => http.channelBinding(),
    async post(path, body, signal) {
      const headers = { 'content-type': 'application/json' };
      const reply = await http.ask({ method: 'POST', path, headers, body, signal });
      return { ...reply, body: reply.body.toString('utf8') };
    },
  };
}

/** One TLS 1.3 connection with the MIC to a Device Activation Service. */
export class DasConnection implements DasChannel {
  readonly #http: TlsHttp;
  readonly #channel: DasChannel;
  /** DER. */
  readonly serverCertificate: Uint8Array;

  private constructor(http: TlsHttp, serverCertificate: Uint8Array) {
    this.#http = http;
    this.#channel = dasChannel(http);
    this.serverCertificate = serverCertificate;
  }

  /** Rejects when the node cannot be reached, refuses the MIC in TLS, or speaks no TLS 1.3. */
  static async open(url: string, mic: Mic, signal: AbortSignal, timeoutMs = 4000): Promise<DasConnection> {
    const { host, hostname, port: text } = new URL(url);
    const port = Number(text === '' ? 443 : text);
    const target = { host: hostname.replace(/^\[|\]$/g, ''), port, context: mic.tls, timeoutMs, signal };
    const socket = await connectTls(target);
    if (socket.getProtocol() !== 'TLSv1.3') {
      socket.destroy();
      // Only there does the exporter bind the handshake to this connection and no other.
      throw new Error('it does not speak TLS 1.3');
    }
    return new DasConnection(new TlsHttp(socket, host), serverCertificateOf(socket));
  }

  channelBinding(): Uint8Array {
    return this.#channel.channelBinding();
  }

  post(path: string, body: string, signal: AbortSignal): Promise<DasReply> {
    return this.#channel.post(path, body, signal);
  }

  close(): void {
    this.#http.close();
  }
}
