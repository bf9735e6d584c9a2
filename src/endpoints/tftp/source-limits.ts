import { sourceOf } from '../listen/source.ts';

/** Counts per source, bounded in memory. */

export interface SourceLimitOptions {
  /** Transfers a source may have open that it has not acknowledged yet: an upper bound for what a forged address can be sent. */
  readonly unproven: number;
  /** Transfers a source may have open at all. */
  readonly open: number;
  /** Names a source may make us look up in the store: sustained per second, and at once. */
  readonly lookupsPerSecond: number;
  readonly lookupBurst: number;
  /** Octets above 13 times its requests that a source may be sent before it acknowledges any: at once, and regained per second. */
  readonly credit: number;
  readonly creditPerSecond: number;
}

export const defaultSourceLimits: SourceLimitOptions = {
  unproven: 256,
  open: 1024,
  lookupsPerSecond: 500,
  lookupBurst: 4000,
  credit: 65_536,
  creditPerSecond: 1024,
};

interface Source {
  unproven: number;
  open: number;
  lookups: number;
  credit: number;
  lentAt: number;
  refilledAt: number;
}

const maxSources = 50_000;

/** Whose limits are reached is not answered at all: an answer would cost what the limit saves. */
export class SourceLimits {
  readonly #options: SourceLimitOptions;
  readonly #sources = new Map<string, Source>();

  constructor(options: SourceLimitOptions = defaultSourceLimits) {
    this.#options = options;
  }

  /** @param now milliseconds */
  mayOpen(address: string, now: number): boolean {
    const source = this.#source(address, now);
    return source.unproven < this.#options.unproven && source.open < this.#options.open;
  }

  /** Takes one lookup from the source's budget; false when there is none left. */
  takeLookup(address: string, now: number): boolean {
    const source = this.#source(address, now);
    const { lookupsPerSecond, lookupBurst } = this.#options;
    source.lookups = Math.min(lookupBurst, source.lookups + ((now - source.refilledAt) * lookupsPerSecond) / 1000);
    source.refilledAt = now;
    if (source.lookups < 1) return false;
    source.lookups--;
    return true;
  }

  /** Lends a transfer what its first answer is above the limit; `proven` gives it back. False: the source has had too much. */
  lend(address: string, octets: number, now: number): boolean {
    if (octets === 0) return true;
    const source = this.#source(address, now);
    const { credit, creditPerSecond } = this.#options;
    source.credit = Math.min(credit, source.credit + ((now - source.lentAt) * creditPerSecond) / 1000);
    source.lentAt = now;
    if (source.credit < octets) return false;
    source.credit -= octets;
    return true;
  }

  opened(address: string, now: number): void {
    const source = this.#source(address, now);
    source.open++;
    source.unproven++;
  }

  /** @param lent what `lend` lent to the transfer */
  proven(address: string, lent: number): void {
    const source = this.#sources.get(sourceOf(address));
    if (source === undefined) return;
    source.unproven--;
    source.credit = Math.min(this.#options.credit, source.credit + lent);
  }

  closed(address: string, wasProven: boolean): void {
    const source = this.#sources.get(sourceOf(address));
    if (source === undefined) return;
    source.open--;
    if (!wasProven) source.unproven--;
  }

  #source(address: string, now: number): Source {
    const name = sourceOf(address);
    let source = this.#sources.get(name);
    if (source === undefined) {
      if (this.#sources.size >= maxSources) this.#forgetIdle();
      const { credit, lookupBurst } = this.#options;
      source = { unproven: 0, open: 0, lookups: lookupBurst, refilledAt: now, credit, lentAt: now };
      this.#sources.set(name, source);
    }
    return source;
  }

  #forgetIdle(): void {
    for (const [address, source] of this.#sources) if (source.open === 0) this.#sources.delete(address);
  }
}
