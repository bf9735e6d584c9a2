import { toHex, utf8 } from '../../kernel/bytes.ts';
import type { Clock } from '../../kernel/clock.ts';

/**
 * Remembers for a short while that a password fitted a hash, so that HTTP Basic does not pay the slow hash on each request.
 * Holds neither passwords nor anything a password can be guessed from without the process's key. An entry counts only for the hash
 * it was made for: a changed password drops it on every node at once.
 */
export class VerifiedCredentials {
  readonly #mac: (bytes: Uint8Array) => Uint8Array;
  readonly #clock: Clock;
  readonly #entries = new Map<string, { hash: string; until: number }>();
  readonly #lifeMs: number;
  readonly #capacity: number;

  constructor(
    mac: (bytes: Uint8Array) => Uint8Array,
    clock: Clock,
    { lifeMs = 300_000, capacity = 4096 }: { lifeMs?: number; capacity?: number } = {},
  ) {
    this.#mac = mac;
    this.#clock = clock;
    this.#lifeMs = lifeMs;
    this.#capacity = capacity;
  }

  keyFor(userUuid: string, password: string): string {
    return toHex(this.#mac(utf8(`${userUuid}\0${password}`)));
  }

  has(key: string, hash: string): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.hash === hash && entry.until > this.#clock.now();
  }

  remember(key: string, hash: string): void {
    this.#entries.delete(key);
    this.#entries.set(key, { hash, until: this.#clock.now() + this.#lifeMs });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
  }
}
