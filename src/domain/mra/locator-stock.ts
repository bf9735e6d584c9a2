import type { Clock } from '../../kernel/clock.ts';
import type { CloudLocators, LocatorOffer } from '../activation/cloud-locators.ts';
import type { LocatorStore } from './ports.ts';

/** Locators that lie ready, so that a code is made without waiting for the cloud. */
export const stockTarget = 20;
/** The stock is filled up when fewer are left. */
const stockLow = 10;
/** Locators of one request. */
const mostAtOnce = 1000;
/** After a failure nobody is made to wait again for so long, in ms. */
const restAfterFailure = 10_000;

export interface LocatorStockParts {
  readonly store: LocatorStore;
  /** Asks the cloud for so many and puts them into the stock; rejects when it gives none within a few seconds: a person waits. */
  readonly order: (clusterId: string, count: number) => Promise<number>;
  /** Fills up the stock soon, in the background. */
  readonly wake: () => void;
  readonly clock: Clock;
}

/**
 * Hands out locators for codes. Bulk work empties the stock: then more are asked for at once, twice as many each time, and one request serves
 * everybody who waits. Where the cloud gives none within a few seconds the code has to wait, not the person.
 */
export class LocatorStock implements CloudLocators {
  readonly #parts: LocatorStockParts;
  #ordering: Promise<boolean> | undefined;
  #next = 50;
  #restUntil = 0;

  constructor(parts: LocatorStockParts) {
    this.#parts = parts;
  }

  async take(): Promise<LocatorOffer> {
    const { store, wake } = this.#parts;
    const clusterId = await store.readyCluster();
    if (clusterId === undefined) return { kind: 'inside-only' };
    for (;;) {
      const reserved = await store.reserve(clusterId);
      if (reserved !== undefined) {
        if (reserved.left < stockLow) wake();
        return { kind: 'locator', locator: reserved.locator, allocationId: reserved.allocationId };
      }
      if (!(await this.#more(clusterId))) return { kind: 'wait' };
    }
  }

  /** The cloud answers again: nobody needs to rest. */
  cloudAnswers(): void {
    this.#restUntil = 0;
  }

  /** True: some came. */
  #more(clusterId: string): Promise<boolean> {
    const { clock } = this.#parts;
    if (clock.now() < this.#restUntil) return Promise.resolve(false);
    this.#ordering ??= this.#ask(clusterId).finally(() => {
      this.#ordering = undefined;
    });
    return this.#ordering;
  }

  async #ask(clusterId: string): Promise<boolean> {
    const { order, clock } = this.#parts;
    const count = this.#next;
    try {
      if ((await order(clusterId, count)) > 0) {
        this.#next = Math.min(count * 2, mostAtOnce);
        return true;
      }
    } catch {
      // Why is noted where the request was made.
    }
    this.#next = 50;
    this.#restUntil = clock.now() + restAfterFailure;
    return false;
  }
}
