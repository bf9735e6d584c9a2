import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SelectionQuery } from '../../domain/bulk/job.ts';
import { type BulkLookups, type KnownLine, type LineName, lineKey } from '../../domain/bulk/ports.ts';
import type { Owner } from '../../domain/devices/ports.ts';
import { phoneConditions } from './devices-list-store.ts';
import { type PhoneRead, selectPhones, toPhone } from './devices-read.ts';
import type { Database } from './schema.ts';

/** Phones named beside the one in question. */
const phonesTold = 3;

/** What a selection demands of `device d`. */
export function selectionCondition(query: SelectionQuery): RawBuilder<boolean> {
  const { all: _, job, ...conditions } = query;
  const where = phoneConditions(conditions);
  if (job !== undefined)
    where.push(
      sql<boolean>`d.id in (select device_id from bulk_job_row where job_id = ${job} and state = 'done' and action in ('add', 'change', 'code'))`,
    );
  return where.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(where, sql` and `)})`;
}

export function bulkLookups(db: Kysely<Database>): BulkLookups {
  return {
    async owners(userIds) {
      if (userIds.length === 0) return new Map();
      const wanted = [...new Set(userIds.map((each) => each.toLowerCase()))];
      const { rows } = await sql<Owner>`
        select id, user_id as "userId", first_name as "firstName", last_name as "lastName", mail from end_user
        where lower(user_id) = any(${wanted})`.execute(db);
      return new Map(rows.map((row) => [row.userId.toLowerCase(), row]));
    },

    async phones(names) {
      if (names.length === 0) return new Map();
      const { rows } = await sql<{ id: string; name: string; model: string }>`
        select id, name, model from device where name = any(${[...new Set(names)]})`.execute(db);
      return new Map(rows.map(({ name, ...rest }) => [name, rest]));
    },

    async partitions(names) {
      const { rows } = await sql<{ name: string }>`
        select name from route_partition where name = any(${[...names]})`.execute(db);
      return new Set(rows.map((row) => row.name));
    },

    async mraServiceDomains(names) {
      if (names.length === 0) return new Set();
      const { rows } = await sql<{ name: string }>`
        select w.name from unnest(${[...names]}::text[]) as w(name)
        where exists (select from mra_service_domain d where d.name = w.name or d.domain = lower(w.name))`.execute(db);
      return new Set(rows.map((row) => row.name));
    },

    async lines(wanted) {
      if (wanted.length === 0) return new Map();
      const { rows } = await sql<LineName & KnownLine>`
        select w.number as "directoryNumber", w.partition, l.description, l.alerting_name as "alertingName", coalesce(
          (select array_agg(few.name order by few.name) from (
            select d.name from device_line dl join device d on d.id = dl.device_id where dl.line_id = l.id order by d.name limit ${phonesTold + 1}
          ) few), '{}') as phones
        from unnest(${wanted.map((line) => line.directoryNumber)}::text[], ${wanted.map((line) => line.partition)}::text[]) as w(number, partition)
        join route_partition p on p.name = w.partition
        join line l on l.directory_number = w.number and l.route_partition_id = p.id`.execute(db);
      return new Map(
        rows.map(({ description, alertingName, phones, ...name }) => [
          lineKey(name),
          { description, alertingName, phones },
        ]),
      );
    },

    async linesOf(deviceIds) {
      if (deviceIds.length === 0) return new Map();
      const { rows } = await sql<{ id: string; lines: LineName[] }>`
        select dl.device_id as id,
          jsonb_agg(jsonb_build_object('directoryNumber', l.directory_number, 'partition', p.name) order by dl.line_index) as lines
        from device_line dl join line l on l.id = dl.line_id join route_partition p on p.id = l.route_partition_id
        where dl.device_id = any(${[...new Set(deviceIds)]}::uuid[]) group by dl.device_id`.execute(db);
      return new Map(rows.map((row) => [row.id, row.lines]));
    },

    async select(query, { limit, after }) {
      const position = after === undefined ? sql`` : sql`and d.name > ${after}`;
      const ids = await sql<{ id: string }>`
        select d.id from device d where ${selectionCondition(query)} ${position} order by d.name limit ${limit}`.execute(
        db,
      );
      if (ids.rows.length === 0) return [];
      const { rows } = await sql<PhoneRead>`
        ${selectPhones} where d.id = any(${ids.rows.map((row) => row.id)}::uuid[]) order by d.name`.execute(db);
      return rows.map(toPhone);
    },

    async mostLines(query) {
      const { rows } = await sql<{ most: number | null }>`
        select max(dl.line_index)::integer as most from device d join device_line dl on dl.device_id = d.id
        where ${selectionCondition(query)}`.execute(db);
      return rows[0]?.most ?? 0;
    },
  };
}
