import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { limits } from '../activation/handshake.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { ListRequest, Page } from './resource.ts';
import { notFound } from './setting-fault.ts';

/** A manufacturing certificate that failed proofs within 24 hours. */
export interface FailedProofs {
  /** Lower-case hex of SHA-256 over the certificate. */
  readonly micSha256: string;
  readonly mac: string;
  readonly failed: number;
  readonly newest: Date;
  /** When it may try again; null: it may now. */
  readonly refusedUntil: Date | null;
}

export interface FailedProofsStore {
  /** `most`: proofs that one may fail in a day. Filter `refused`. */
  list(request: ListRequest, most: number): Promise<Page<FailedProofs>>;
  /** Its MAC address; undefined: it has failed none. */
  forget(tx: Transaction, micSha256: string): Promise<string | undefined>;
}

/** What phones failed in the last day, for who wonders why one is refused, and who may let it try again. */
export class FailedProofsService {
  readonly #store: FailedProofsStore;
  readonly #transactions: Transactions;
  readonly #audit: AuditLog;

  constructor(store: FailedProofsStore, transactions: Transactions, audit: AuditLog) {
    this.#store = store;
    this.#transactions = transactions;
    this.#audit = audit;
  }

  list(request: ListRequest): Promise<Page<FailedProofs>> {
    return this.#store.list(request, limits.perMicAndDay);
  }

  /** It begins anew. */
  async forget(actor: Actor, micSha256: string): Promise<void> {
    const sha256 = micSha256.toLowerCase();
    await this.#transactions.run(async (tx) => {
      const mac = await this.#store.forget(tx, sha256);
      if (mac === undefined) throw notFound('certificate with failed proofs', micSha256, 'micSha256');
      await this.#audit.append(tx, {
        actor,
        action: 'mic.failed-proofs-forgotten',
        objectKind: 'mic',
        objectId: sha256,
        objectName: mac,
      });
    });
  }
}
