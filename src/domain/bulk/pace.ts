/** Rows a second, smoothed over the last few batches. */
export class Pace {
  readonly #elapsed: () => number;
  #since: number;
  #rate: number | undefined;
  #next: number | undefined;

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
    this.#since = elapsed();
  }

  /** The rate with this batch counted; a batch that is done again counts once. */
  of(rows: number): number {
    const seconds = Math.max(0.001, (this.#elapsed() - this.#since) / 1000);
    const now = rows / seconds;
    this.#next = this.#rate === undefined ? now : this.#rate * 0.8 + now * 0.2;
    return this.#next;
  }

  commit(): void {
    this.#rate = this.#next;
    this.#since = this.#elapsed();
  }
}
