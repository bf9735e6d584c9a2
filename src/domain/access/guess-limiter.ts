import type { Clock } from '../../kernel/clock.ts';

/** Wrong passwords allowed within one window. Per user and source together, so that nobody locks out somebody else from afar. */
export interface GuessLimits {
  readonly windowMs: number;
  readonly perUserAndSource: number;
  readonly perSource: number;
  readonly perUser: number;
}

export const defaultGuessLimits: GuessLimits = {
  windowMs: 15 * 60_000,
  perUserAndSource: 10,
  perSource: 50,
  perUser: 100,
};

interface Window {
  guesses: number;
  endsAt: number;
}

/** A guess is debited before the password is looked at and credited back when it was right: parallel guesses cannot exceed the limit. */
export class GuessLimiter {
  readonly #clock: Clock;
  readonly #limits: GuessLimits;
  readonly #windows = new Map<string, Window>();
  /** The oldest windows go first when memory for them is used up. */
  readonly #capacity = 100_000;

  constructor(clock: Clock, limits: GuessLimits = defaultGuessLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Returns undefined when the guess may go on, else the seconds until another is allowed. */
  debit(userId: string, source: string): number | undefined {
    const now = this.#clock.now();
    const buckets = this.#buckets(userId, source);
    for (const [key, limit] of buckets) {
      const window = this.#windows.get(key);
      if (window !== undefined && window.endsAt > now && window.guesses >= limit)
        return Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    }
    for (const [key] of buckets) {
      const window = this.#windows.get(key);
      if (window === undefined || window.endsAt <= now) {
        this.#windows.delete(key);
        this.#windows.set(key, { guesses: 1, endsAt: now + this.#limits.windowMs });
      } else window.guesses++;
    }
    for (const key of this.#windows.keys()) {
      if (this.#windows.size <= this.#capacity) break;
      this.#windows.delete(key);
    }
    return undefined;
  }

  credit(userId: string, source: string): void {
    for (const [key] of this.#buckets(userId, source)) {
      const window = this.#windows.get(key);
      if (window !== undefined && window.guesses > 0) window.guesses--;
    }
  }

  #buckets(userId: string, source: string): readonly (readonly [string, number])[] {
    const user = userId.toLowerCase();
    return [
      [`b ${source} ${user}`, this.#limits.perUserAndSource],
      [`s ${source}`, this.#limits.perSource],
      [`u ${user}`, this.#limits.perUser],
    ];
  }
}
