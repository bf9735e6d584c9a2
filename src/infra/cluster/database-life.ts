import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/schema.ts';

const lockKey = 0x6672_646c;

/**
 * Looks whether this is the database of the last look: by system identifier, timeline and database number. After a restore, a promotion of a
 * standby or a move it is another one, which may have lost changes that phones have seen. From then on all files for phones carry an order
 * that is later than any before, or phones that hold a newer one would refuse them. Resolves with whether it was another one.
 */
export async function noteDatabaseLife(db: Kysely<Database>): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
    const fingerprint = await fingerprintOf(tx);
    const { rows } = await sql<{ fingerprint: string }>`SELECT fingerprint FROM database_life`.execute(tx);
    const known = rows[0]?.fingerprint;
    if (known === fingerprint) return false;
    await sql`INSERT INTO database_life (fingerprint) VALUES (${fingerprint})
      ON CONFLICT (singleton) DO UPDATE SET fingerprint = excluded.fingerprint`.execute(tx);
    if (known === undefined) return false;
    await sql`INSERT INTO config_change (epoch, reason)
      SELECT greatest(extract(epoch FROM clock_timestamp())::bigint, max(epoch) + 1), 'restored' FROM config_change`.execute(
      tx,
    );
    // Of the rest only the newest counts.
    await sql`DELETE FROM config_change WHERE reason <> 'restored' AND epoch < (SELECT max(epoch) FROM config_change)`.execute(
      tx,
    );
    await sql`SELECT pg_notify('config_changed', '*')`.execute(tx);
    return true;
  });
}

/** Some hosts of PostgreSQL keep parts of it from ordinary roles; what may be seen is enough. */
async function fingerprintOf(db: Kysely<Database>): Promise<string> {
  const { rows: may } = await sql<{ system: boolean; wal: boolean }>`
    SELECT has_function_privilege('pg_control_system()', 'execute') AS system,
           has_function_privilege('pg_walfile_name(pg_lsn)', 'execute')
             AND has_function_privilege('pg_current_wal_insert_lsn()', 'execute') AS wal`.execute(db);
  const system = may[0]?.system === true ? sql`(SELECT system_identifier::text FROM pg_control_system())` : sql`''`;
  // The first eight digits of a WAL file's name are the timeline.
  const timeline = may[0]?.wal === true ? sql`left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)` : sql`''`;
  const { rows } = await sql<{ fingerprint: string }>`
    SELECT ${system} || '-' || ${timeline} || '-' || oid AS fingerprint FROM pg_database WHERE datname = current_database()`.execute(
    db,
  );
  return rows[0]!.fingerprint;
}
