import type { Transaction } from '../../kernel/transaction.ts';
import type { AuditLog } from '../audit-log.ts';
import type { AuditEntry } from '../ports.ts';

/** Many entries in one statement, in this order, in the caller's transaction. */
export interface AuditBatch {
  appendAll(tx: Transaction, entries: readonly AuditEntry[]): Promise<void>;
}

/**
 * Keeps the entries of a batch until its end, then writes them in its transaction with one statement: as one by one, only with fewer
 * round trips. For one transaction at a time.
 */
export class BufferedAudit implements AuditLog {
  readonly #batch: AuditBatch;
  #entries: AuditEntry[] = [];

  constructor(batch: AuditBatch) {
    this.#batch = batch;
  }

  async append(_tx: Transaction, entry: AuditEntry): Promise<void> {
    this.#entries.push(entry);
  }

  /** A transaction begins. */
  begin(): void {
    this.#entries = [];
  }

  /** Where `undoTo` goes back to, when what follows is rolled back. */
  mark(): number {
    return this.#entries.length;
  }

  undoTo(mark: number): void {
    this.#entries.length = mark;
  }

  async flush(tx: Transaction): Promise<void> {
    if (this.#entries.length > 0) await this.#batch.appendAll(tx, this.#entries);
    this.#entries = [];
  }
}
