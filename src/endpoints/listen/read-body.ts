import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/** Why there is no body. */
export class BodyRefused extends Error {
  readonly reason: 'too-large' | 'not-utf8' | 'cut-short';
  constructor(reason: BodyRefused['reason'], message: string) {
    super(message);
    this.name = 'BodyRefused';
    this.reason = reason;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Octets as text. @throws BodyRefused `not-utf8` */
export function textOf(octets: Uint8Array): string {
  try {
    return strictUtf8.decode(octets);
  } catch {
    throw new BodyRefused('not-utf8', 'The body is not UTF-8.');
  }
}

/**
 * A request's body as text of at most `most` octets. Rejects with BodyRefused as soon as it is too long; what still comes is read and thrown
 * away, so that a client that sends first and reads then sees the answer.
 */
export function readBody(request: Readable, most: number, cut: () => void = () => request.destroy()): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= most) {
        chunks.push(chunk);
        return;
      }
      request.off('data', take);
      passOver(request, cut);
      reject(new BodyRefused('too-large', `The body is larger than ${sizeOf(most)}.`));
    };
    request.on('data', take);
    request.once('end', () => {
      try {
        resolve(textOf(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
      } catch (error) {
        reject(error);
      }
    });
    const short = () => reject(new BodyRefused('cut-short', 'The request ended early.'));
    request.on('error', short);
    request.once('close', short);
  });
}

/** The same of an HTTP/1.1 request, whose connection is cut when it sends on and on. */
export function readRequest(request: IncomingMessage, most: number): Promise<string> {
  return readBody(request, most, () => request.socket.destroy());
}

/** Whoever sends more than this, or takes longer, is not listened to until the end. */
const mostPassedOver = 16 * 1024 * 1024;
const longestPassedOver = 10_000;

/** Reads what is left of a body that nobody wants, within bounds: cutting a client off while it sends keeps the answer from it. */
export function passOver(request: Readable, cut: () => void): void {
  if (request.readableEnded || request.destroyed) return;
  let length = 0;
  const late = setTimeout(cut, longestPassedOver).unref();
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > mostPassedOver) cut();
  });
  request.once('close', () => clearTimeout(late));
  request.once('end', () => clearTimeout(late));
  request.resume();
}

function sizeOf(octets: number): string {
  if (octets >= 1024 * 1024 && octets % (1024 * 1024) === 0) return `${octets / 1024 / 1024} MiB`;
  return octets >= 1024 && octets % 1024 === 0 ? `${octets / 1024} KiB` : `${octets} octets`;
}
