import type { Transaction } from '../../kernel/transaction.ts';

/** Who waits for a hash: `signed-in` has a share of the work that no flood of strangers takes away. */
export type HashLane = 'signed-in' | 'stranger';

export interface PasswordHasher {
  /** A self-describing string (PHC form) that holds salt and cost. In the lane `signed-in`. Throws AccessFault `busy`. */
  hash(password: string): Promise<string>;
  /** `hash` undefined: does the same work and answers false, so that an unknown user takes as long as a wrong password. Throws AccessFault `busy`. */
  verify(password: string, hash: string | undefined, lane: HashLane): Promise<boolean>;
  /** How many guesses it takes, as a power of ten (src/identifiers/password-strength.ts). In the lane `signed-in`. Throws AccessFault `busy`. */
  strength(password: string, about: readonly string[]): Promise<number>;
}

export interface SignInUser {
  readonly id: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly enabled: boolean;
  readonly passwordHash: string | undefined;
}

export interface SignInStore {
  /** By user id, in any case. */
  findForSignIn(userId: string): Promise<SignInUser | undefined>;
}

export interface OpenSession {
  readonly user: { readonly id: string; readonly userId: string; readonly roles: readonly string[] };
  readonly csrfToken: string;
}

/** Sessions live in the database: any node knows them, and the database's clock ends them. */
export interface SessionStore {
  insert(tx: Transaction, session: { tokenHash: Uint8Array; userUuid: string; csrfToken: string }): Promise<void>;
  /** Notes the use. Undefined when it never was, idled out, is too old, or its user is disabled. */
  use(tokenHash: Uint8Array): Promise<OpenSession | undefined>;
  remove(tx: Transaction, tokenHash: Uint8Array): Promise<boolean>;
  /** All sessions of one person, but the one to keep. */
  removeAll(tx: Transaction, userUuid: string, keep?: Uint8Array): Promise<void>;
  removeExpired(): Promise<number>;
}

/** One-way functions, passed in. */
export interface Digests {
  sha256(bytes: Uint8Array): Uint8Array;
  /** Keyed; the key lives as long as the process. */
  processMac(bytes: Uint8Array): Uint8Array;
  /** Keyed; all nodes share the key, and it survives a restart. For the tokens of known devices only. 32 octets. */
  deviceMac(bytes: Uint8Array): Uint8Array;
}
