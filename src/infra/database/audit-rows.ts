import { sql } from 'kysely';
import type { AuditRecord } from '../../domain/audit/chain.ts';

export interface AuditRow {
  id: string;
  at_text: string;
  actor: string;
  source_address: string;
  action: string;
  object_kind: string;
  object_id: string;
  object_name: string;
  detail: unknown;
  node: string;
  ordinal: string;
  seq: string | null;
  prev_hash: Buffer | null;
  hash: Buffer | null;
}

/** An instant with all its microseconds, which a Date would lose. */
export const atText = sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const auditColumns = sql`id, ${atText} as at_text, actor, source_address, action, object_kind, object_id, object_name,
  detail, node, ordinal, seq, prev_hash, hash`;

export function recordOf(row: AuditRow): AuditRecord {
  return {
    id: row.id,
    at: row.at_text,
    actor: row.actor,
    sourceAddress: row.source_address,
    action: row.action,
    objectKind: row.object_kind,
    objectId: row.object_id,
    objectName: row.object_name,
    detail: row.detail,
    node: row.node,
  };
}
