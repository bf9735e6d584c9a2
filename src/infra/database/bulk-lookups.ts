import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SelectionQuery } from '../../domain/bulk/job.ts';
import type { BulkLookups } from '../../domain/bulk/ports.ts';
import type { Owner } from '../../domain/devices/ports.ts';
import { phoneConditions } from './devices-list-store.ts';
import { type PhoneRead, selectPhones, toPhone } from './devices-read.ts';
import type { Database } from './schema.ts';

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
