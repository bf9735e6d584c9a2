import { once } from 'node:events';
import { type ConnectionOptions, connect } from 'node:tls';

/**
 * One request of a client that sends all of its body before it looks at an answer, as many libraries do. Rejects when it is cut off while it
 * sends (EPIPE, ECONNRESET). Returns the whole answer.
 */
export async function sendThenRead(
  to: ConnectionOptions,
  target: string,
  headers: Readonly<Record<string, string>>,
  octets: number,
): Promise<{ readonly status: number; readonly text: string }> {
  const socket = connect({ rejectUnauthorized: false, host: '127.0.0.1', ...to });
  try {
    await once(socket, 'secureConnect');
    const lines = Object.entries({ Host: 'x', 'Content-Length': String(octets), ...headers });
    socket.write(`POST ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    const failed = once(socket, 'error').then(([error]) => Promise.reject(error as Error));
    failed.catch(() => {});
    const piece = Buffer.alloc(65_536, 0x20);
    for (let left = octets; left > 0; left -= piece.length) {
      const sent = new Promise<void>((done, no) =>
        socket.write(piece.subarray(0, Math.min(left, piece.length)), (error) => (error ? no(error) : done())),
      );
      await Promise.race([sent, failed]);
    }
    let whole = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      whole += part;
    });
    // The listener keeps the connection; we end it once there is an answer.
    while (whole === '') await Promise.race([once(socket, 'data'), failed]);
    const ended = once(socket, 'end');
    socket.end();
    await Promise.race([ended, failed]);
    return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(whole)?.[1]), text: whole };
  } finally {
    socket.destroy();
  }
}

/** Somewhat too large for JSON, twice as large, five times. */
export const tooLarge = [1_100_000, 2_000_000, 5_000_000];
