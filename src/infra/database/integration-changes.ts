import { type Kysely, sql } from 'kysely';
import type { ChangeLog, LoggedChange } from '../../domain/integrations/change-log.ts';
import type { Database } from './schema.ts';

/** Changes by their place in the audit log. */
export function changeLog(db: Kysely<Database>): ChangeLog {
  return {
    async queueId() {
      const { id } = await db.selectFrom('cluster').select('id').executeTakeFirstOrThrow();
      return id;
    },
    async range() {
      const { rows } = await sql<{ first: string; last: string }>`
        SELECT coalesce(min(seq), 0) AS first, coalesce(max(seq), 0) AS last FROM audit_event`.execute(db);
      return { first: Number(rows[0]!.first), last: Number(rows[0]!.last) };
    },
    async since(id, kinds, most) {
      // The place in the chain is given after the commit: whoever asks for what came since never passes over a slow transaction.
      const { rows } = await sql<Omit<LoggedChange, 'id'> & { id: string }>`
        SELECT seq AS id, object_kind AS "objectKind", object_id AS "objectId", action,
          CASE WHEN jsonb_typeof(detail->'changed') = 'object' THEN ARRAY(SELECT jsonb_object_keys(detail->'changed')) ELSE '{}' END AS changed
        FROM audit_event WHERE seq >= ${id} AND object_kind = ANY (${[...kinds]}::text[])
        ORDER BY seq LIMIT ${most}`.execute(db);
      return rows.map((row) => ({ ...row, id: Number(row.id) }));
    },
  };
}
