import { type Kysely, sql } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import type { AuditBatch } from '../../domain/bulk/buffered-audit.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** Rows go in unsealed, in the transaction of what they tell of: chaining there would make every commit wait for every other. */
export function auditLog(db: Kysely<Database>, node: string): AuditLog {
  return {
    async append(tx, entry) {
      await inTransaction(db, tx)
        .insertInto('audit_event')
        .values({
          actor: entry.actor.name,
          source_address: entry.actor.sourceAddress,
          action: entry.action,
          object_kind: entry.objectKind,
          object_id: entry.objectId ?? '',
          object_name: entry.objectName ?? '',
          detail: JSON.stringify(entry.detail ?? {}),
          node,
        })
        .execute();
    },
  };
}

/** Many rows at once. Each has the time its statement came to it, so that they stand in their order. */
export function auditBatch(db: Kysely<Database>, node: string): AuditBatch {
  return {
    async appendAll(tx, entries) {
      const rows = entries.map((entry, place) => ({
        place,
        actor: entry.actor.name,
        source_address: entry.actor.sourceAddress,
        action: entry.action,
        object_kind: entry.objectKind,
        object_id: entry.objectId ?? '',
        object_name: entry.objectName ?? '',
        detail: entry.detail ?? {},
      }));
      await sql`
        insert into audit_event (actor, source_address, action, object_kind, object_id, object_name, detail, node)
        select actor, source_address, action, object_kind, object_id, object_name, detail, ${node}
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e(place integer, actor text, source_address text, action text,
          object_kind text, object_id text, object_name text, detail jsonb)
        order by place`.execute(inTransaction(db, tx));
    },
  };
}
