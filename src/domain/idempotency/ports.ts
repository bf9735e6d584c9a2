import type { Transaction } from '../../kernel/transaction.ts';

/** Whose key it is: keys of two people never meet. */
export interface KeyOwner {
  readonly caller: string;
  readonly key: string;
}

export interface NewClaim extends KeyOwner {
  /** `POST /api/v1/phones`, for people. */
  readonly route: string;
  /** Undefined: known only when its body has been read. */
  readonly fingerprint: Uint8Array | undefined;
}

export type ClaimOutcome =
  /** Carry it out. `id` is the claim. */
  | { readonly kind: 'taken'; readonly id: string }
  /** Somebody carries it out now. */
  | { readonly kind: 'in-progress'; readonly fingerprint: Uint8Array | undefined }
  | {
      readonly kind: 'answered';
      readonly id: string;
      readonly fingerprint: Uint8Array | undefined;
      readonly sealed: Uint8Array;
    }
  /** Carried out, at least in part, by a process that died before it could keep the answer. */
  | { readonly kind: 'unanswered'; readonly fingerprint: Uint8Array | undefined; readonly made: readonly unknown[] };

/** Keys are kept for a day. Where no transaction is given, each call is one statement. */
export interface IdempotencyStore {
  /** Takes the key, unless somebody has it. A claim whose holder has not been heard of for a while and that changed nothing is taken over. */
  claim(claim: NewClaim): Promise<ClaimOutcome>;
  /**
   * In the transaction of the change: change number `n` of this claim is about to be committed. False: the claim is another's by now, and the
   * change must not be.
   */
  noteChange(tx: Transaction, id: string, n: number): Promise<boolean>;
  /** The number of the newest committed change. */
  lastChange(id: string): Promise<number>;
  answer(id: string, fingerprint: Uint8Array, sealed: Uint8Array): Promise<void>;
  /** Forgets a claim that changed nothing. */
  drop(id: string): Promise<void>;
  /** What is still being carried out here stays ours. */
  renew(ids: readonly string[]): Promise<void>;
  /** Forgets what is older than a day. Returns how many. */
  sweep(): Promise<number>;
}
