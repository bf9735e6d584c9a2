export interface Rate {
  /** Requests at once. */
  readonly burst: number;
  /** Requests a second after that. */
  readonly perSecond: number;
}

/** Keys remembered; the ones unused for longest are forgotten first, which only forgives them. */
const remembered = 20_000;

/** Token buckets by key. Pure: `now` in milliseconds, any origin. */
export class RateLimiter {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** 0: go on. Else: whole seconds until one more request would be let through. */
  take(key: string, now: number): number {
    const { burst, perSecond } = this.#rate;
    const bucket = this.#buckets.get(key);
    const elapsed = bucket ? Math.max(0, now - bucket.at) : 0;
    const tokens = bucket ? Math.min(burst, bucket.tokens + (elapsed / 1000) * perSecond) : burst;
    // Re-inserted, so that the map's order is by last use.
    if (bucket) this.#buckets.delete(key);
    else if (this.#buckets.size >= remembered) this.#buckets.delete(this.#buckets.keys().next().value!);
    if (tokens < 1) {
      this.#buckets.set(key, { tokens, at: now });
      return Math.max(1, Math.ceil((1 - tokens) / perSecond));
    }
    this.#buckets.set(key, { tokens: tokens - 1, at: now });
    return 0;
  }
}
