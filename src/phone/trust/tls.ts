import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { HostPort } from '../boot/types.ts';

export interface TlsTarget extends HostPort {
  /** With the phone's certificate; undefined: the phone stays anonymous. */
  readonly context?: SecureContext;
  /** For SNI, when it is not `host`. */
  readonly serverName?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

let shared: SecureContext | undefined;
function anonymous(): SecureContext {
  shared ??= createSecureContext({ minVersion: 'TLSv1.2' });
  return shared;
}

/**
 * Opens TLS without judging the server's certificate: a phone has no public roots, it asks its trust list and TVS, and it sends nothing before.
 * Rejects with the network's error, or when aborted.
 */
export function connectTls(target: TlsTarget): Promise<TLSSocket> {
  const { host, port, serverName: name = host, signal } = target;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      secureContext: target.context ?? anonymous(),
      rejectUnauthorized: false,
    });
    // Never a moment without: whoever gets the socket adds a listener only after a promise has resolved, and an error is faster than that.
    socket.on('error', () => {});
    const timer = setTimeout(() => end(new Error('no answer in time')), target.timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.removeListener('error', end);
      socket.removeListener('close', closed);
    };
    const end = (error: Error) => {
      settle();
      socket.destroy();
      reject(error);
    };
    const closed = () => end(new Error('the server closed the connection'));
    const abort = () => end(signal.reason as Error);
    socket.once('error', end);
    socket.once('close', closed);
    signal.addEventListener('abort', abort, { once: true });
    socket.setNoDelay(true);
    socket.once('secureConnect', () => {
      settle();
      // TLS 1.3 tells of a refused client certificate only after the handshake; whoever reads next sees it.
      resolve(socket);
    });
  });
}

/** DER of the server's own certificate. */
export function serverCertificateOf(socket: TLSSocket): Uint8Array {
  return socket.getPeerX509Certificate()?.raw ?? new Uint8Array(0);
}
