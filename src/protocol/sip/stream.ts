import { concat } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { maxMessageBytes } from './limits.ts';
import { headEnd } from './read.ts';

export type StreamFrame =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** Double CRLF (RFC 5626 §3.5.1): answer with a single CRLF. */
  | { readonly kind: 'ping' }
  /** A single CRLF: the answer to our own ping, or padding. */
  | { readonly kind: 'pong' };

// One character per octet: a bad byte in some header must not stop the framing.
const octets = new TextDecoder('latin1');
const empty = new Uint8Array(0);

/** Cuts a TCP or TLS stream into messages by Content-Length. One per connection. */
export class StreamFramer {
  #held: Uint8Array = empty;
  /** Where the search for the header end goes on, so that slow senders do not cost quadratic time. */
  #searched = 0;

  /** Octets held for a message that is not complete. */
  get pending(): number {
    return this.#held.length;
  }

  /**
   * @throws MalformedError when the stream cannot be followed any further (no or bad Content-Length, too large): the connection must close.
   */
  push(chunk: Uint8Array): StreamFrame[] {
    let data = this.#held.length === 0 ? chunk : concat(this.#held, chunk);
    const frames: StreamFrame[] = [];
    for (;;) {
      if (data.length >= 2 && data[0] === 13 && data[1] === 10) {
        const double = data[2] === 13 && data[3] === 10;
        frames.push({ kind: double ? 'ping' : 'pong' });
        data = data.subarray(double ? 4 : 2);
        this.#searched = 0;
        continue;
      }
      const end = data.length === 0 ? -1 : headEnd(data, Math.max(0, this.#searched - 3));
      if (end < 0) {
        if (data.length > maxMessageBytes) throw new MalformedError('the header section is too large', data.length);
        this.#searched = data.length;
        break;
      }
      const total = end + 4 + contentLength(data.subarray(0, end));
      if (total > maxMessageBytes) throw new MalformedError('the message is too large', total);
      if (data.length < total) {
        this.#searched = end;
        break;
      }
      frames.push({ kind: 'message', bytes: new Uint8Array(data.subarray(0, total)) });
      data = data.subarray(total);
      this.#searched = 0;
    }
    this.#held = data.length === 0 ? empty : new Uint8Array(data);
    return frames;
  }
}

/** Works on the raw head: a stream that lies about its length must be left before anything in it is believed. */
function contentLength(head: Uint8Array): number {
  const text = octets.decode(head);
  const found = [...text.matchAll(/\r\n(?:content-length|l)[ \t]*:[ \t]*(?:\r\n[ \t]+)?([^\r\n]*)/gi)];
  if (found.length !== 1) throw new MalformedError('a stream needs exactly one Content-Length');
  const value = found[0]![1]!.trim();
  if (!/^[0-9]{1,9}$/.test(value)) throw new MalformedError('Content-Length is not a length');
  return Number(value);
}
