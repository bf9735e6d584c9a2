import type { PreparedDeviceCode } from '../devices/ports.ts';

/**
 * Prepared codes, made ahead by workers while rows are written, so that neither waits for the other. A dry run needs none:
 * `prepare` gives it stand-ins.
 */
export class CodeSupply {
  readonly #prepare: (viaMra: boolean) => Promise<PreparedDeviceCode>;
  readonly #waiting = { inside: [] as Promise<PreparedDeviceCode>[], mra: [] as Promise<PreparedDeviceCode>[] };

  constructor(prepare: (viaMra: boolean) => Promise<PreparedDeviceCode>) {
    this.#prepare = prepare;
  }

  /** Has at least `count` on the way. */
  order(count: number, viaMra: boolean): void {
    const queue = this.#queue(viaMra);
    while (queue.length < count) queue.push(this.#start(viaMra));
  }

  /** Resolves once `count` are there. */
  async ready(count: number, viaMra: boolean): Promise<void> {
    this.order(count, viaMra);
    await Promise.all(this.#queue(viaMra).slice(0, count));
  }

  /** One that nobody else gets. */
  take(viaMra: boolean): Promise<PreparedDeviceCode> {
    return this.#queue(viaMra).shift() ?? this.#start(viaMra);
  }

  #queue(viaMra: boolean) {
    return viaMra ? this.#waiting.mra : this.#waiting.inside;
  }

  #start(viaMra: boolean): Promise<PreparedDeviceCode> {
    const made = this.#prepare(viaMra);
    // Who takes it hears of a failure; one that nobody takes must not end the process.
    made.catch(() => {});
    return made;
  }
}
