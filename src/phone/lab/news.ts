/** A list that only grows at the end and forgets its beginning, for readers who each remember how far they read. */
export class NewsFeed<Item extends { readonly seq: number }> {
  readonly #era: string;
  readonly #keep: number;
  #items: Item[] = [];
  #last = 0;
  /** Up to here something was forgotten. */
  #forgotten = 0;
  readonly #waiting = new Set<() => void>();

  /** `era` tells this feed from one of another run. */
  constructor(era: string, keep: number) {
    this.#era = era;
    this.#keep = keep;
  }

  /** The number of a change; whoever waits is told. */
  next(): number {
    this.#last += 1;
    this.wake();
    return this.#last;
  }

  add(item: Item): void {
    this.#items.push(item);
    while (this.#items.length > this.#keep) this.#forgotten = this.#items.shift()!.seq;
  }

  drop(unwanted: (item: Item) => boolean): void {
    this.#items = this.#items.filter((item) => !unwanted(item));
  }

  get cursor(): string {
    return `${this.#era}.${this.#last}`;
  }

  /** The change a cursor stands at; undefined when it is of another run, or what followed is forgotten. */
  readCursor(cursor: string | undefined): number | undefined {
    const [era, number] = cursor?.split('.') ?? [];
    const at = Number(number);
    if (era !== this.#era || !Number.isInteger(at) || at > this.#last || at < this.#forgotten) return undefined;
    return at;
  }

  after(seq: number): readonly Item[] {
    return this.#items.filter((item) => item.seq > seq);
  }

  isNew(seq: number): boolean {
    return this.#last > seq;
  }

  /** Resolves at the next change, or after `ms`. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}
