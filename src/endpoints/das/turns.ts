/**
 * One after the other, by key. A phone that proves several times at once is worked on once at a time, so that its own proofs in flight do not
 * use up the evaluations it has; for codes that exist and for those that do not alike.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Keys that somebody holds or waits for. */
  get size(): number {
    return this.#last.size;
  }

  async in<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise, resolve: done } = Promise.withResolvers<void>();
    this.#last.set(key, promise);
    try {
      await before;
      return await work();
    } finally {
      if (this.#last.get(key) === promise) this.#last.delete(key);
      done();
    }
  }
}
