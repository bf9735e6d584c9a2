import type { Transaction } from '../kernel/transaction.ts';
import type { AuditEntry } from './ports.ts';

/** Appends inside the business transaction: no state change without its audit row, no row without the change. */
export interface AuditLog {
  append(tx: Transaction, entry: AuditEntry): Promise<void>;
}
