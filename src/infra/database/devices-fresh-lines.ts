import { type Kysely, sql } from 'kysely';
import type { WantedLine } from '../../domain/devices/lines.ts';
import type { LineName, SetLines } from '../../domain/devices/ports.ts';
import type { Database } from './schema.ts';

/** `lacking`: a line appeared that the statement could not see; the slower way, which looks again, finds it. */
type FreshLines = SetLines | { readonly kind: 'lacking'; readonly made: readonly LineName[] };

/** Gives a device that has no lines yet its lines, and makes directory numbers that do not exist: all in one statement. */
export async function putFreshLines(
  on: Kysely<Database>,
  deviceId: string,
  lines: readonly WantedLine[],
): Promise<FreshLines> {
  if (lines.length === 0) return { kind: 'set', made: [] };
  const wanted = lines.map((line, place) => ({
    place,
    number: line.directoryNumber,
    partition: line.partition,
    label: line.label,
    display: line.display,
    max_calls: line.maxCalls,
    busy_trigger: line.busyTrigger,
    description: line.description,
    alerting_name: line.alertingName,
  }));
  const { rows } = await sql<{ put: number; missing: number | null; made: readonly LineName[] | null }>`
    WITH asked AS (
      SELECT w.*, p.id AS partition_id
      FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) AS w(place integer, number text, partition text, label text, display text,
        max_calls integer, busy_trigger integer, description text, alerting_name text)
      LEFT JOIN route_partition p ON p.name = w.partition
    ), there AS (
      -- One look into the index per line, whatever the planner thinks of the number of lines.
      SELECT held.* FROM asked CROSS JOIN LATERAL (
        SELECT l.id, l.directory_number, l.route_partition_id FROM line l
        WHERE l.directory_number = asked.number AND l.route_partition_id = asked.partition_id FOR KEY SHARE
      ) held
    ), made AS (
      INSERT INTO line (directory_number, route_partition_id, description, alerting_name)
      SELECT number, partition_id, description, alerting_name FROM asked
      WHERE NOT EXISTS (SELECT 1 FROM asked WHERE partition_id IS NULL)
        AND NOT EXISTS (SELECT 1 FROM there WHERE directory_number = number AND route_partition_id = partition_id)
      ORDER BY number, partition_id
      ON CONFLICT (directory_number, route_partition_id) DO NOTHING
      RETURNING id, directory_number, route_partition_id
    ), found AS (
      SELECT asked.*, held.id AS line_id FROM asked
      JOIN (SELECT * FROM there UNION ALL SELECT * FROM made) held
        ON held.directory_number = asked.number AND held.route_partition_id = asked.partition_id
    ), put AS (
      INSERT INTO device_line (device_id, line_index, line_id, label, display, max_calls, busy_trigger)
      SELECT ${deviceId}::uuid, place + 1, line_id, label, display, max_calls, busy_trigger FROM found
      WHERE (SELECT count(*) FROM found) = ${lines.length}
      RETURNING 1
    )
    SELECT (SELECT count(*)::integer FROM put) AS put,
      (SELECT min(place) FROM asked WHERE partition_id IS NULL) AS missing,
      (SELECT json_agg(json_build_object('id', made.id, 'directoryNumber', made.directory_number, 'partition', p.name) ORDER BY asked.place)
        FROM made JOIN route_partition p ON p.id = made.route_partition_id
        JOIN asked ON asked.number = made.directory_number AND asked.partition_id = made.route_partition_id) AS made`.execute(
    on,
  );
  const { put, missing, made } = rows[0]!;
  if (missing !== null) return { kind: 'missing-partition', index: missing };
  return { kind: put === lines.length ? 'set' : 'lacking', made: made ?? [] };
}
