/** Remembers what may be used once. Pure: times in seconds, any origin. */
export class OnceOnly {
  #now = new Set<string>();
  #before = new Set<string>();
  #turnsAt = 0;
  readonly #life: number;
  readonly #capacity: number;

  /** `life`: seconds after which a thing is refused for its age anyway. */
  constructor(life: number, capacity = 500_000) {
    this.#life = life;
    this.#capacity = capacity;
  }

  /** True the first time. False: used before, or so many came that it cannot be told. */
  use(id: string, now: number): boolean {
    if (now >= this.#turnsAt) {
      // Two sets that take turns: each id is kept for at least one life and at most two, without a timer each.
      this.#before = now >= this.#turnsAt + this.#life ? new Set() : this.#now;
      this.#now = new Set();
      this.#turnsAt = now + this.#life;
    }
    if (this.#now.has(id) || this.#before.has(id) || this.#now.size >= this.#capacity) return false;
    this.#now.add(id);
    return true;
  }
}
