import type { Clock } from '../../kernel/clock.ts';

interface Allowance {
  /** Wrong passwords that are let through at once. */
  readonly burst: number;
  /** After this time one more, ms. */
  readonly everyMs: number;
}

/** By one address for one account: a person who mistypes, a phone with an old password. */
const perAccount: Allowance = { burst: 6, everyMs: 30_000 };
/** By one address for whatever accounts: many phones may stand behind it. */
const perSource: Allowance = { burst: 60, everyMs: 5_000 };
const remembered = 20_000;

/**
 * Slows down who guesses digest passwords. Only wrong answers count, and only against the address that gave them: whoever guesses elsewhere keeps
 * nobody out. While an address has to wait, its answers are not even looked at.
 */
export class PasswordBrake {
  readonly #clock: Clock;
  /** Wrong answers that still count, and since when. */
  readonly #wrong = new Map<string, { count: number; at: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whole seconds until an answer is looked at again; 0: now. */
  wait(account: string, address: string): number {
    const source = sourceOf(address);
    return Math.max(this.#waitFor(accountKey(account, source), perAccount), this.#waitFor(source, perSource));
  }

  wrong(account: string, address: string): void {
    const source = sourceOf(address);
    this.#count(accountKey(account, source), perAccount);
    this.#count(source, perSource);
  }

  /** The right password was given: what was mistyped before is forgiven. */
  right(account: string, address: string): void {
    this.#wrong.delete(accountKey(account, sourceOf(address)));
  }

  #standing(key: string, { everyMs }: Allowance): number {
    const held = this.#wrong.get(key);
    return held === undefined ? 0 : Math.max(0, held.count - Math.max(0, this.#clock.now() - held.at) / everyMs);
  }

  #waitFor(key: string, allowance: Allowance): number {
    const over = this.#standing(key, allowance) - (allowance.burst - 1);
    return over <= 0 ? 0 : Math.max(1, Math.ceil((over * allowance.everyMs) / 1000));
  }

  #count(key: string, allowance: Allowance): void {
    const count = this.#standing(key, allowance) + 1;
    // Put in anew, so that the map's order is by age; the oldest is forgiven when there are too many.
    this.#wrong.delete(key);
    this.#wrong.set(key, { count, at: this.#clock.now() });
    if (this.#wrong.size > remembered) this.#wrong.delete(this.#wrong.keys().next().value!);
  }
}

function accountKey(account: string, source: string): string {
  return `${source} ${account.toUpperCase().slice(0, 64)}`;
}

/** An IPv6 subscriber has a whole /64 of addresses. */
function sourceOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':');
}
