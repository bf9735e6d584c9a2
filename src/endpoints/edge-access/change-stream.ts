import type { ServerHttp2Stream } from 'node:http2';
import { type EdgeChange, writeChange } from '../../protocol/edge-access/changes.ts';

/** Octets an Expressway-C may leave unread before its stream is given up: it connects again and gets a snapshot. */
const mostUnread = 4 * 1024 * 1024;
/** A stream that says nothing for three times as long is dead. Milliseconds. */
export const beatEvery = 5_000;

/** Everybody who listens to `GET /edge/v1/changes`. */
export class ChangeStreams {
  readonly #streams = new Set<ServerHttp2Stream>();
  readonly #timer: NodeJS.Timeout;

  constructor(every = beatEvery) {
    this.#timer = setInterval(() => this.send({ type: 'beat' }), every).unref();
  }

  add(stream: ServerHttp2Stream, snapshot: Extract<EdgeChange, { type: 'snapshot' }>): void {
    stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    stream.on('close', () => this.#streams.delete(stream));
    this.#streams.add(stream);
    stream.write(writeChange(snapshot));
  }

  send(change: EdgeChange): void {
    if (this.#streams.size === 0) return;
    const line = writeChange(change);
    for (const stream of this.#streams) {
      if (stream.writableLength > mostUnread) stream.close();
      else stream.write(line);
    }
  }

  get size(): number {
    return this.#streams.size;
  }

  close(): void {
    clearInterval(this.#timer);
    for (const stream of this.#streams) stream.end();
  }
}
