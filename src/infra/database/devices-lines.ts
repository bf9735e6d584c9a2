import { type Kysely, sql } from 'kysely';
import type { WantedLine } from '../../domain/devices/lines.ts';
import type { LineName, SetLines } from '../../domain/devices/ports.ts';
import { putFreshLines } from './devices-fresh-lines.ts';
import type { Database } from './schema.ts';

interface HeldLine {
  readonly line_index: number;
  readonly line_id: string;
  readonly label: string;
  readonly display: string;
  readonly max_calls: number;
  readonly busy_trigger: number;
}

/**
 * Makes the device's lines these, touching only rows that differ: every touched row gives the phone's file a new version stamp. `fresh`: it has
 * none yet.
 */
export async function setDeviceLines(
  on: Kysely<Database>,
  deviceId: string,
  wanted: readonly WantedLine[],
  fresh = false,
): Promise<SetLines> {
  const quick = fresh ? await putFreshLines(on, deviceId, wanted) : undefined;
  if (quick !== undefined && quick.kind !== 'lacking') return quick;
  const resolved = await resolveLines(on, wanted);
  if (resolved.kind === 'missing-partition') return resolved;
  const held = await heldLines(on, deviceId);
  const target = new Map(wanted.map((line, i) => [i + 1, { lineId: resolved.ids[i]!, line }]));
  const same = (row: HeldLine) => {
    const now = target.get(row.line_index);
    return (
      now !== undefined &&
      now.lineId === row.line_id &&
      now.line.label === row.label &&
      now.line.display === row.display &&
      now.line.maxCalls === row.max_calls &&
      now.line.busyTrigger === row.busy_trigger
    );
  };
  const kept = new Set(held.filter(same).map((row) => row.line_index));
  const stale = held.filter((row) => !kept.has(row.line_index)).map((row) => row.line_index);
  if (stale.length > 0) {
    await on.deleteFrom('device_line').where('device_id', '=', deviceId).where('line_index', 'in', stale).execute();
  }
  const added = [...target].filter(([index]) => !kept.has(index));
  if (added.length > 0) {
    await on
      .insertInto('device_line')
      .values(
        added.map(([index, { lineId, line }]) => ({
          device_id: deviceId,
          line_index: index,
          line_id: lineId,
          label: line.label,
          display: line.display,
          max_calls: line.maxCalls,
          busy_trigger: line.busyTrigger,
        })),
      )
      .execute();
  }
  return { kind: 'set', made: [...(quick?.made ?? []), ...resolved.made] };
}

async function heldLines(on: Kysely<Database>, deviceId: string): Promise<readonly HeldLine[]> {
  const { rows } = await sql<HeldLine>`
    SELECT line_index, line_id, label, display, max_calls, busy_trigger FROM device_line WHERE device_id = ${deviceId}`.execute(
    on,
  );
  return rows;
}

type Resolved =
  | { readonly kind: 'resolved'; readonly ids: readonly string[]; readonly made: readonly LineName[] }
  | { readonly kind: 'missing-partition'; readonly index: number };

/** Ids of the lines, made where they do not exist. A line that is there stays as it is, and stays there until the transaction ends. */
async function resolveLines(on: Kysely<Database>, wanted: readonly WantedLine[]): Promise<Resolved> {
  if (wanted.length === 0) return { kind: 'resolved', ids: [], made: [] };
  const names = [...new Set(wanted.map((line) => line.partition))];
  const partitions = new Map(
    (await on.selectFrom('route_partition').select(['id', 'name']).where('name', 'in', names).execute()).map((row) => [
      row.name,
      row.id,
    ]),
  );
  const missing = wanted.findIndex((line) => !partitions.has(line.partition));
  if (missing !== -1) return { kind: 'missing-partition', index: missing };

  const ids = new Map<string, string>();
  const made: LineName[] = [];
  const key = (directoryNumber: string, partitionId: string) => `${directoryNumber}\0${partitionId}`;
  // In one order, so that two phones with the same new lines never wait for each other in a circle.
  const open = wanted
    .map((line) => ({ line, partitionId: partitions.get(line.partition)! }))
    .sort((a, b) => (key(a.line.directoryNumber, a.partitionId) < key(b.line.directoryNumber, b.partitionId) ? -1 : 1));
  while (ids.size < open.length) {
    const lacking = open.filter(({ line, partitionId }) => !ids.has(key(line.directoryNumber, partitionId)));
    const { rows: there } = await sql<{ id: string; directory_number: string; route_partition_id: string }>`
      SELECT id, directory_number, route_partition_id FROM line
      WHERE (directory_number, route_partition_id) IN (${sql.join(lacking.map(({ line, partitionId }) => sql`(${line.directoryNumber}, ${partitionId}::uuid)`))})
      FOR KEY SHARE`.execute(on);
    for (const row of there) ids.set(key(row.directory_number, row.route_partition_id), row.id);
    for (const { line, partitionId } of lacking) {
      if (ids.has(key(line.directoryNumber, partitionId))) continue;
      const inserted = await on
        .insertInto('line')
        .values({
          directory_number: line.directoryNumber,
          route_partition_id: partitionId,
          description: line.description,
          alerting_name: line.alertingName,
        })
        .onConflict((conflict) => conflict.columns(['directory_number', 'route_partition_id']).doNothing())
        .returning('id')
        .executeTakeFirst();
      // Somebody else just made it: the next round finds it.
      if (inserted === undefined) continue;
      ids.set(key(line.directoryNumber, partitionId), inserted.id);
      made.push({ id: inserted.id, directoryNumber: line.directoryNumber, partition: line.partition });
    }
  }
  return {
    kind: 'resolved',
    ids: wanted.map((line) => ids.get(key(line.directoryNumber, partitions.get(line.partition)!))!),
    made,
  };
}
