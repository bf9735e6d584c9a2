import { type Kysely, sql } from 'kysely';
import type { RecordedEvent, Stranger, TimelineStore } from '../../domain/onboarding/timeline.ts';
import type { Database } from './schema.ts';

/** The columns of RecordedEvent. */
export const eventColumns = sql`id, at, attempt, device_name AS "deviceName", mac, model, step, result, reason, detail, node, source_address AS "sourceAddress"`;

/** A row of `eventColumns`: what is NULL there is absent here. */
export function toEvent(row: RecordedEvent): RecordedEvent {
  return { ...row, deviceName: row.deviceName ?? undefined, mac: row.mac ?? undefined, model: row.model ?? undefined };
}

export function timelineStore(db: Kysely<Database>): TimelineStore {
  return {
    async events({ deviceId, deviceName, mac, limit }) {
      const columns = eventColumns;
      // One index walk per way to be meant; a name counts only where no other device's events carry it.
      const parts = [
        ...(deviceId === undefined
          ? []
          : [
              sql`(SELECT ${columns} FROM onboarding_event WHERE device_id = ${deviceId}::uuid ORDER BY id DESC LIMIT ${limit})`,
            ]),
        ...(mac === undefined
          ? []
          : [sql`(SELECT ${columns} FROM onboarding_event WHERE mac = ${mac} ORDER BY id DESC LIMIT ${limit})`]),
        ...(deviceName === undefined
          ? []
          : [
              sql`(SELECT ${columns} FROM onboarding_event WHERE device_name = ${deviceName} AND device_id IS NULL ORDER BY id DESC LIMIT ${limit})`,
            ]),
      ];
      if (parts.length === 0) return [];
      const { rows } = await sql<RecordedEvent>`
        SELECT * FROM (${sql.join(parts, sql` UNION `)}) story ORDER BY id DESC LIMIT ${limit}`.execute(db);
      return rows.map(toEvent).sort((a, b) => a.at.getTime() - b.at.getTime() || Number(BigInt(a.id) - BigInt(b.id)));
    },

    async now() {
      const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(db);
      return rows[0]!.now;
    },

    async strangers(limit) {
      const { rows } = await sql<Stranger & { model: string | null }>`
        SELECT last.mac, last.model, last.at AS "lastSeenAt", last.step AS "lastStep", last.result AS "lastResult", last.reason AS "lastReason", last.events::integer
        FROM (
          SELECT DISTINCT ON (mac) mac, model, at, step, result, reason, count(*) OVER (PARTITION BY mac) AS events
          FROM (SELECT * FROM onboarding_event WHERE mac IS NOT NULL ORDER BY id DESC LIMIT 20000) lately
          ORDER BY mac, id DESC
        ) last
        WHERE NOT EXISTS (SELECT 1 FROM device WHERE name = 'SEP' || last.mac)
        ORDER BY last.at DESC LIMIT ${limit}`.execute(db);
      return rows.map((row) => ({ ...row, model: row.model ?? undefined }));
    },
  };
}

/** Forgets events older than so many days, in bites that hold no lock for long. Returns how many. */
export async function forgetTimeline(db: Kysely<Database>, days: number, bite = 5_000): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const { numAffectedRows } = await sql`
      DELETE FROM onboarding_event WHERE id IN (
        SELECT id FROM onboarding_event WHERE at < now() - make_interval(days => ${days}) ORDER BY at LIMIT ${bite})`.execute(
      db,
    );
    const count = Number(numAffectedRows ?? 0n);
    forgotten += count;
    if (count < bite) return forgotten;
  }
}
