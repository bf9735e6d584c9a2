import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
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
