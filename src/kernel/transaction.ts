import { Fault } from './errors.ts';

declare const brand: unique symbol;

/** An open database transaction, opaque to everything but the stores that receive it. */
export interface Transaction {
  readonly [brand]: 'transaction';
}

/** Runs work in one transaction: committed when it resolves, rolled back when it rejects. */
export interface Transactions {
  /** Throws OutcomeUnknown when the answer to the commit got lost and the database could not be asked what became of it. */
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** The commit was sent, and nobody knows whether it took place. Whoever reports it must not say that nothing was changed. */
export class OutcomeUnknown extends Fault<'outcome_unknown'> {
  constructor(cause?: unknown) {
    super(
      'ours',
      'outcome_unknown',
      'The database was lost while the change was being stored; it is not known whether it was made.',
      {
        remedy: 'Look whether it is there before you do it again.',
        cause,
      },
    );
  }
}

/** What a piece of work did to the database so far. */
export interface Changes {
  /** Something was stored. */
  readonly made: boolean;
  /** The answer to a change got lost: it may have been stored or not. */
  readonly inDoubt: boolean;
}

export interface WatchOptions {
  /** Runs inside each transaction that changed something, just before its commit. Nothing but database work. */
  readonly beforeCommit?: (tx: Transaction) => Promise<void>;
  /** A commit in doubt is waited for, up to an hour, instead of failing the work. Called when it has lasted as long as others wait. */
  readonly onDoubt?: (doubt: OutcomeUnknown) => void;
  /** Whether the transaction `beforeCommit` ran in last was committed; asked where the database itself cannot tell. Rejects while it is away. */
  readonly wasCommitted?: () => Promise<boolean>;
}

export interface ChangeWatch {
  /** Runs `work` and notes what it changes, wherever inside of it that happens. Watches do not nest: the inner one is the one that notes. */
  during<T>(work: (changes: Changes) => Promise<T>, options?: WatchOptions): Promise<T>;
}
