/** Counts per source address, bounded in memory. */

export interface SourceLimitOptions {
  /** Transfers a source may have open that it has not acknowledged yet: an upper bound for what a forged address can be sent. */
  readonly unproven: number;
  /** Transfers a source may have open at all. */
  readonly open: number;
  /** Names a source may make us look up in the store: sustained per second, and at once. */
  readonly lookupsPerSecond: number;
  readonly lookupBurst: number;
}

export const defaultSourceLimits: SourceLimitOptions = {
  unproven: 256,
  open: 1024,
  lookupsPerSecond: 500,
  lookupBurst: 4000,
};

interface Source {
  unproven: number;
  open: number;
  lookups: number;
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

  opened(address: string, now: number): void {
    const source = this.#source(address, now);
    source.open++;
    source.unproven++;
  }

  proven(address: string): void {
    const source = this.#sources.get(address);
    if (source !== undefined) source.unproven--;
  }

  closed(address: string, wasProven: boolean): void {
    const source = this.#sources.get(address);
    if (source === undefined) return;
    source.open--;
    if (!wasProven) source.unproven--;
  }

  #source(address: string, now: number): Source {
    let source = this.#sources.get(address);
    if (source === undefined) {
      if (this.#sources.size >= maxSources) this.#forgetIdle();
      source = { unproven: 0, open: 0, lookups: this.#options.lookupBurst, refilledAt: now };
      this.#sources.set(address, source);
    }
    return source;
  }

  #forgetIdle(): void {
    for (const [address, source] of this.#sources) if (source.open === 0) this.#sources.delete(address);
  }
}
