import { concat, fromUtf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';

/** Cuts a stream of octets into lines of UTF-8 text. Throws MalformedError on a line that is too long or not UTF-8; the stream cannot be followed then. */
export class LineReader {
  readonly #largest: number;
  #parts: Uint8Array[] = [];
  #held = 0;

  /** `largest`: octets in one line. */
  constructor(largest: number) {
    this.#largest = largest;
  }

  *push(chunk: Uint8Array): Generator<string> {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const last = chunk.subarray(from, at);
      from = at + 1;
      this.#hold(last);
      const line = this.#parts.length === 1 ? last : concat(...this.#parts);
      this.#parts = [];
      this.#held = 0;
      if (line.length === 0) continue;
      try {
        yield fromUtf8(line);
      } catch (error) {
        if (error instanceof TypeError) throw new MalformedError('a line is not UTF-8');
        throw error;
      }
    }
    // A copy: what the socket hands out may be used again.
    if (from < chunk.length) this.#hold(chunk.slice(from));
  }

  #hold(part: Uint8Array): void {
    this.#held += part.length;
    if (this.#held > this.#largest) throw new MalformedError('a line is too long');
    this.#parts.push(part);
  }
}
