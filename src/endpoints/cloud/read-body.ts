import type { IncomingMessage } from 'node:http';
import { CloudRefusal } from './cloud-answer.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Read and thrown away beyond the limit: a client that is still sending would not see the answer. */
const patience = 64 * 1024;

/** The body as text. CloudRefusal `bad_request` when it has more octets than `largest`, ends early, or is not UTF-8. */
export function readBody(request: IncomingMessage, largest: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= largest) chunks.push(chunk);
      else if (length > largest + patience) request.socket.destroy();
    });
    request.on('end', () => {
      if (length > largest) {
        reject(new CloudRefusal('bad_request', `The body is larger than ${largest} octets.`));
        return;
      }
      try {
        resolve(strictUtf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
      } catch {
        reject(new CloudRefusal('bad_request', 'The body is not UTF-8.'));
      }
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new CloudRefusal('bad_request', 'The request ended early.'));
    });
  });
}
