/** Opens all doors of a node together, once every part has read what it needs: phones that come back must not keep the rest from starting. */
export class Doors {
  #missing: number;
  readonly #all = Promise.withResolvers<void>();

  constructor(parts: number) {
    this.#missing = parts;
    this.#all.promise.catch(() => {});
  }

  /** For one part. Its start waits for `open` before it listens; one that never does counts as ready when it is done. */
  ticket(): { open(): Promise<void>; done(): void; failed(reason: unknown): void } {
    let arrived = false;
    const done = () => {
      if (arrived) return;
      arrived = true;
      if (--this.#missing === 0) this.#all.resolve();
    };
    return {
      open: () => {
        done();
        return this.#all.promise;
      },
      done,
      failed: (reason) => this.#all.reject(reason),
    };
  }
}
