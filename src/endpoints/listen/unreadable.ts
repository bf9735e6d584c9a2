import type { Duplex } from 'node:stream';

/** Whoever does not read the refusal is not waited for. In ms. */
const patience = 2_000;

/**
 * Ends a connection of which no HTTP request could be read (`clientError` of an HTTP server). What spoke HTTP gets an answer; what did not
 * even finish its TLS handshake comes here too and is cut, since nobody else ends it. `answer`: from the error's code to a whole HTTP response.
 */
export function endUnreadable(error: Error, socket: Duplex, answer: (code: string) => string): void {
  const { code } = error as { readonly code?: string };
  if (!socket.writable || code === undefined || !/^HPE_|^ERR_HTTP_/.test(code)) {
    socket.destroy();
    return;
  }
  socket.end(answer(code));
  setTimeout(() => socket.destroy(), patience).unref();
}
