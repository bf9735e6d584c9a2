import { sql } from 'kysely';
import { auditLog } from '../database/audit-log.ts';
import { openDatabase } from '../database/connect.ts';
import { openHeadLog } from './head-log.ts';

export interface RestoreStatement {
  readonly databaseUrl: string;
  /** The node's data directory, locked by the caller. */
  readonly directory: string;
  readonly node: string;
  readonly by: string;
  readonly reason: string;
}

/** Records, in this node's log of heads and in the audit log, that the table as it stands now is where it goes on. */
export async function stateRestore(statement: RestoreStatement): Promise<{ stated: boolean; seq: number }> {
  const { databaseUrl, directory, node, by, reason } = statement;
  await using database = openDatabase(databaseUrl, { max: 1 });
  await using heads = await openHeadLog(directory);
  const { rows } = await sql<{ seq: string; hash: Buffer }>`
    select seq, hash from audit_event where seq is not null order by seq desc limit 1`.execute(database.db);
  const head = rows[0] === undefined ? undefined : { seq: Number(rows[0].seq), hash: rows[0].hash.toString('hex') };
  const seq = head?.seq ?? 0;
  const { last } = heads;
  const at =
    last === undefined
      ? undefined
      : await sql<{ hash: Buffer }>`select hash from audit_event where seq = ${last.seq}`.execute(database.db);
  const fits = last === undefined || last.seq === 0 || at?.rows[0]?.hash.toString('hex') === last.hash;
  const mark = heads.watermark;
  const late =
    mark !== undefined &&
    (
      await sql`
        select from audit_event where seq is null and ordinal <= ${mark.ordinal}
          and coalesce(pg_visible_in_snapshot(transaction, ${mark.snapshot}::pg_snapshot), true) limit 1`.execute(
        database.db,
      )
    ).rows.length > 0;
  if (fits && heads.broken === undefined && !late) return { stated: false, seq };
  await database.transactions.run((tx) =>
    auditLog(database.db, node).append(tx, {
      actor: { name: by, sourceAddress: '' },
      action: 'audit-log.restored',
      objectKind: 'audit-log',
      detail: { reason, event: seq, previousEvent: last?.seq ?? null },
    }),
  );
  await heads.restored(head, by, reason);
  return { stated: true, seq };
}
