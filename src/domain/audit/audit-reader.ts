import type { ListRequest, Page } from '../settings/resource.ts';
import type { AuditRecord, Checkpoint, SealedRecord } from './chain.ts';

/** A row as shown: `seq` and `hash` are absent until it is sealed, within a second. */
export interface AuditEntryShown extends AuditRecord {
  readonly seq: number | undefined;
  readonly hash: Uint8Array | undefined;
}

export interface AuditReader {
  list(request: ListRequest): Promise<Page<AuditEntryShown>>;
  /** The chain in order, each checkpoint after its event, from one snapshot's end. */
  chain(fromSeq?: number): AsyncIterable<{ event: SealedRecord } | { checkpoint: Checkpoint }>;
  /** Rows that wait for longer than a minute. */
  overdue(): Promise<number>;
}

export interface AuditKey {
  readonly keyId: string;
  /** SPKI, PEM. */
  readonly publicKeyPem: string;
}
