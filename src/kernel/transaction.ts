declare const brand: unique symbol;

/** An open database transaction, opaque to everything but the stores that receive it. */
export interface Transaction {
  readonly [brand]: 'transaction';
}

/** Runs work in one transaction: committed when it resolves, rolled back when it rejects. */
export interface Transactions {
  run<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}
