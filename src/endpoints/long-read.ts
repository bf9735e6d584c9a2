import type { ServerResponse } from 'node:http';

/** Given by the role: says to the database for whom it works, in everything `work` awaits. */
export type Within = <T>(scope: { readonly connections: 'reading'; readonly signal: AbortSignal }, work: () => T) => T;

/**
 * Runs something that reads and may take long: on connections that only such work shares, and no longer than somebody waits for `response`.
 * `work` is told how to go on in the same way later, when octets are sent after the answer began.
 */
export function longRead<T>(
  within: Within | undefined,
  response: ServerResponse,
  work: (again: <R>(more: () => R) => R) => T,
): T {
  if (within === undefined) return work((more) => more());
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const scope = { connections: 'reading', signal: gone.signal } as const;
  const again = <R>(more: () => R): R => within(scope, more);
  return again(() => work(again));
}

/** Each step of the iteration in the same scope: a stream asks for the next one from wherever it happens to be. */
export async function* inScope<T>(source: AsyncIterable<T>, again: <R>(more: () => R) => R): AsyncGenerator<T> {
  const iterator = again(() => source[Symbol.asyncIterator]());
  try {
    for (;;) {
      const next = await again(() => iterator.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await again(() => iterator.return?.());
  }
}
