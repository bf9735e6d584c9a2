import type { Clock } from '../../kernel/clock.ts';
import { sourceGroups } from './source-network.ts';

/**
 * Wrong passwords allowed within one window. Every limit counts where the guesses come from: none is for a name alone, so that nobody locks out
 * somebody else from afar.
 */
export interface GuessLimits {
  readonly windowMs: number;
  /** A name from one address (IPv6: /64), and all names from it. */
  readonly perUserAndSource: number;
  readonly perSource: number;
  /** The same from a whole network (IPv4 /24, IPv6 /48): who has many addresses has no more than so many guesses. */
  readonly perUserAndNetwork: number;
  readonly perNetwork: number;
}

export const defaultGuessLimits: GuessLimits = {
  windowMs: 15 * 60_000,
  perUserAndSource: 10,
  perSource: 50,
  perUserAndNetwork: 150,
  perNetwork: 500,
};

/**
 * Who guesses. `anywhere`: somebody at an address. `device`: a browser in which the person signed in before. `own`: somebody signed in, who shows the
 * own password. `application`: a program that asks whether somebody's password is right.
 */
export type Guesser =
  | { readonly kind: 'anywhere'; readonly address: string }
  | { readonly kind: 'device' | 'own' | 'application'; readonly name: string };

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
  debit(userId: string, by: Guesser): number | undefined {
    const now = this.#clock.now();
    const buckets = this.#buckets(userId, by);
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

  credit(userId: string, by: Guesser): void {
    for (const [key] of this.#buckets(userId, by)) {
      const window = this.#windows.get(key);
      if (window !== undefined && window.guesses > 0) window.guesses--;
    }
  }

  #buckets(userId: string, by: Guesser): readonly (readonly [string, number])[] {
    const user = userId.slice(0, 128).toLowerCase();
    const { perUserAndSource, perSource, perUserAndNetwork, perNetwork } = this.#limits;
    if (by.kind !== 'anywhere') return [[`${by.kind} ${by.name} ${user}`, perUserAndSource]];
    const { source, network } = sourceGroups(by.address);
    return [
      [`b ${source} ${user}`, perUserAndSource],
      [`s ${source}`, perSource],
      [`m ${network} ${user}`, perUserAndNetwork],
      [`n ${network}`, perNetwork],
    ];
  }
}
