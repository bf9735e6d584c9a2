import type { IncomingMessage } from 'node:http';
import { EdgeRefusal } from './phone-answer.ts';

/** The body as text; EdgeRefusal when it is larger than any message or not UTF-8. */
export function readBody(request: IncomingMessage, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      // Read on, keep nothing: a client that is still sending would not see the answer.
      if (length <= most) chunks.push(chunk);
      else if (length > 4 * most + 65_536) request.socket.destroy();
    });
    request.on('end', () => {
      if (length > most) {
        reject(new EdgeRefusal('bad_request', `The body is larger than ${most} octets.`, { status: 413 }));
        return;
      }
      try {
        resolve(strictUtf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      } catch {
        reject(new EdgeRefusal('bad_request', 'The body is not UTF-8.'));
      }
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new EdgeRefusal('bad_request', 'The request ended early.'));
    });
  });
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
