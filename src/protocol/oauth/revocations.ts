import type { AccessClaims } from './access-token.ts';

/** A token family whose access tokens must not be accepted any more. */
export interface RevocationEntry {
  /** The claim `fam`. */
  readonly family: string;
  /** No token of it is valid after this: it may be forgotten then. Seconds since the epoch. */
  readonly until: number;
}

/** The revocation list as a door keeps it in memory. Seconds since the epoch throughout. */
export class RevocationList {
  #families = new Map<string, number>();

  add({ family, until }: RevocationEntry): void {
    this.#families.set(family, Math.max(until, this.#families.get(family) ?? 0));
  }

  /** A snapshot takes the place of everything known. */
  replace(entries: readonly RevocationEntry[]): void {
    this.#families = new Map();
    for (const entry of entries) this.add(entry);
  }

  has({ fam }: Pick<AccessClaims, 'fam'>): boolean {
    return this.#families.has(fam);
  }

  entries(): readonly RevocationEntry[] {
    return [...this.#families].map(([family, until]) => ({ family, until }));
  }

  /** Drops what no live token can match any more. */
  forget(now: number): void {
    for (const [family, until] of this.#families) if (until < now) this.#families.delete(family);
  }
}
