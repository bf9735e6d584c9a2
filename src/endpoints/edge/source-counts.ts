/** How many connections each source address holds. */
export class SourceCounts {
  readonly #most: number;
  readonly #total: number;
  readonly #open = new Map<string, number>();
  #all = 0;

  constructor(total: number, perSource: number) {
    this.#total = total;
    this.#most = perSource;
  }

  get all(): number {
    return this.#all;
  }

  /** False: too many. Whoever got true calls `release` once. */
  take(source: string): boolean {
    const open = this.#open.get(source) ?? 0;
    if (open >= this.#most || this.#all >= this.#total) return false;
    this.#open.set(source, open + 1);
    this.#all++;
    return true;
  }

  release(source: string): void {
    const left = (this.#open.get(source) ?? 1) - 1;
    if (left <= 0) this.#open.delete(source);
    else this.#open.set(source, left);
    this.#all--;
  }
}
