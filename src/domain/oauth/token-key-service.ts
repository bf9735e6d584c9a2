import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';

/** A key that signs access tokens, as an administrator sees it. */
export interface TokenKeyRecord {
  readonly kid: string;
  readonly signsFrom: Date;
  readonly acceptedUntil: Date | undefined;
}

export interface TokenKeyStore {
  /** Newest first. */
  list(): Promise<readonly TokenKeyRecord[]>;
  /** Makes the next key; its id. */
  rotate(tx: Transaction): Promise<string>;
}

/** New signing keys, when an administrator wants one before its time. */
export class TokenKeyService {
  readonly #store: TokenKeyStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: TokenKeyStore, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(): Promise<readonly TokenKeyRecord[]> {
    return this.#store.list();
  }

  async rotate(actor: Actor): Promise<void> {
    await this.#transactions.run(async (tx) => {
      const kid = await this.#store.rotate(tx);
      await this.#audit.append(tx, {
        actor,
        action: 'oauth-key.made',
        objectKind: 'oauth-key',
        objectId: kid,
        objectName: kid,
      });
    });
  }
}
