import { type Kysely, sql } from 'kysely';
import { tapsServiceName } from '../../domain/settings/taps-parameters.ts';
import type { TapsCounts, TapsSession, TapsStore } from '../../domain/taps/ports.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';

type SessionStore = Pick<
  TapsStore,
  'open' | 'note' | 'close' | 'closeLeftOpen' | 'sessions' | 'log' | 'removeOlderThan' | 'overview'
>;

type Row = Omit<TapsSession, 'endedAt'> & { readonly endedAt: Date | null };

const columns = sql`
  t.id, t.node, t.started_at AS "startedAt", t.ended_at AS "endedAt", t.device_name AS "deviceName", t.mac, t.model,
  t.auto_directory_number AS "autoDirectoryNumber", t.source_address AS "sourceAddress", t.language,
  t.directory_number AS "directoryNumber", t.prepared_name AS "preparedName", t.outcome, t.reason`;

/** The log of calls to TAPS. */
export function tapsSessionStore(
  db: Kysely<Database>,
  node: { readonly id: string; readonly name: string },
): SessionStore {
  return {
    async open({ id, deviceName, mac, model, autoDirectoryNumber, sourceAddress }) {
      await db
        .insertInto('taps_session')
        .values({
          id,
          node: node.name,
          device_name: deviceName,
          mac,
          model,
          auto_directory_number: autoDirectoryNumber,
          source_address: sourceAddress,
        })
        .execute();
    },

    async note(id, { language, directoryNumber }) {
      await db
        .updateTable('taps_session')
        .set({ language, directory_number: directoryNumber })
        .where('id', '=', id)
        .execute();
    },

    async close(id, { kind, reason }, preparedName) {
      await sql`UPDATE taps_session SET outcome = ${kind}, reason = ${reason ?? ''}, ended_at = now(),
                  prepared_name = CASE WHEN ${preparedName} = '' THEN prepared_name ELSE ${preparedName} END
                WHERE id = ${id}::uuid AND outcome = 'open'`.execute(db);
    },

    async closeLeftOpen() {
      const { numAffectedRows } = await sql`
        UPDATE taps_session SET outcome = 'abandoned', reason = 'taps_stopped', ended_at = now()
        WHERE node = ${node.name} AND outcome = 'open'`.execute(db);
      return Number(numAffectedRows ?? 0n);
    },

    async sessions(request) {
      const { outcome } = request.filters ?? {};
      const page = await keysetPage<Row>(
        db,
        {
          from: sql`taps_session AS t`,
          select: columns,
          where: [
            ...(request.search === undefined
              ? []
              : [
                  searchCondition(
                    [sql`t.device_name`, sql`t.prepared_name`, sql`t.directory_number`, sql`t.auto_directory_number`],
                    request.search,
                  ),
                ]),
            ...(outcome === undefined ? [] : [sql<boolean>`t.outcome = ${outcome}`]),
          ],
          sorts: { startedAt: sql`t.started_at` },
          id: sql<string>`t.id`,
          idType: 'uuid',
        },
        { ...request, sort: request.sort ?? '-startedAt' },
      );
      return { ...page, items: page.items.map(sessionOf) };
    },

    async log(limit) {
      const { rows } = await sql<Row>`
        SELECT ${columns} FROM taps_session t ORDER BY t.started_at DESC, t.id DESC LIMIT ${limit}`.execute(db);
      return rows.toReversed().map(sessionOf);
    },

    async removeOlderThan(days) {
      await sql`DELETE FROM taps_session WHERE ended_at < now() - make_interval(days => ${days}::integer)`.execute(db);
      await sql`DELETE FROM taps_guess WHERE window_started_at < now() - interval '1 day'`.execute(db);
    },

    async overview() {
      const { rows } = await sql<{
        prepared: string;
        auto: string;
        nodes: TapsCounts['nodes'];
      }>`
        SELECT (SELECT count(*) FROM device WHERE name LIKE 'BAT%' AND NOT requires_activation_code AND enabled) AS prepared,
               (SELECT count(*) FROM device WHERE auto_registered) AS auto,
               (SELECT coalesce(json_agg(json_build_object(
                         'node', n.name, 'up', coalesce(n.last_seen_at > now() - interval '10 seconds', false),
                         'activated', EXISTS (SELECT FROM node_service s WHERE s.node_id = n.id AND s.service = ${tapsServiceName} AND s.activated),
                         'openSessions', (SELECT count(*) FROM taps_session t WHERE t.node = n.name AND t.outcome = 'open')) ORDER BY n.name), '[]')
                FROM node n) AS nodes`.execute(db);
      const { prepared, auto, nodes } = rows[0]!;
      return { preparedPhones: Number(prepared), autoRegisteredPhones: Number(auto), nodes };
    },
  };
}

function sessionOf(row: Row): TapsSession {
  return { ...row, endedAt: row.endedAt ?? undefined };
}
