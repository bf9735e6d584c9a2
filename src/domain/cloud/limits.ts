import type { Transaction } from '../../kernel/transaction.ts';

/** What the operator of a cloud decides for all its clusters and phones. */
export interface CloudLimits {
  /** Resolves per MIC, hits and misses alike. */
  readonly resolvesPerHour: number;
  readonly resolvesPerDay: number;
  /** A released locator is not given out again for so long. */
  readonly quarantineDays: number;
  readonly voucherHours: number;
  /** Live locators of a cluster that was newly enrolled. */
  readonly defaultQuota: number;
  /** The part of the locator space that this cloud gives out, 7 digits each; two clouds for the same phones need parts of their own. */
  readonly firstLocator: string;
  readonly lastLocator: string;
}

export interface StoredLimits extends CloudLimits {
  readonly version: number;
}

export interface LimitsStore {
  read(tx?: Transaction): Promise<StoredLimits>;
  /** Undefined: the version is another by now. */
  update(tx: Transaction, limits: CloudLimits, version: number): Promise<StoredLimits | undefined>;
}
