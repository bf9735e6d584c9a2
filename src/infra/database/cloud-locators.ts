import { type Kysely, sql } from 'kysely';
import type { AllocationFacts, LocatorStore, LocatorUse } from '../../domain/cloud/locators.ts';
import type { CloudDatabase } from './cloud-schema.ts';
import { inTransaction } from './connect.ts';

export function locatorStore(db: Kysely<CloudDatabase>): LocatorStore {
  return {
    async openRequest(tx, clusterId, key, count) {
      const inside = inTransaction(db, tx);
      // Waits for whoever is at the same wish; after that its answer is there to be read.
      const { numInsertedOrUpdatedRows } = await inside
        .insertInto('allocation_request')
        .values({ cluster_id: clusterId, idempotency_key: key, count })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if ((numInsertedOrUpdatedRows ?? 0n) > 0n) return undefined;
      const row = await inside
        .selectFrom('allocation_request')
        .select(['count', 'locators', 'allocation_ids'])
        .where('cluster_id', '=', clusterId)
        .where('idempotency_key', '=', key)
        .executeTakeFirstOrThrow();
      const given = row.locators.map((locator, place) => ({ locator, allocationId: row.allocation_ids[place]! }));
      return { count: row.count, given };
    },

    async closeRequest(tx, clusterId, key, given) {
      await inTransaction(db, tx)
        .updateTable('allocation_request')
        .set({
          locators: given.map(({ locator }) => locator),
          allocation_ids: given.map(({ allocationId }) => allocationId),
        })
        .where('cluster_id', '=', clusterId)
        .where('idempotency_key', '=', key)
        .execute();
    },

    async reserve(tx, clusterId, count) {
      const { numAffectedRows } = await sql`
        update cluster set allocated = allocated + ${count}
        where id = ${clusterId}::uuid and state = 'active' and allocated + ${count} <= quota`.execute(
        inTransaction(db, tx),
      );
      return (numAffectedRows ?? 0n) > 0n;
    },

    async claim(tx, clusterId, wanted) {
      if (wanted.length === 0) return [];
      const { rows } = await sql<{ locator: number; allocation_id: string }>`
        insert into locator (locator, allocation_id, cluster_id)
        select w.locator, w.id, ${clusterId}::uuid
        from unnest(${wanted.map((use) => use.locator)}::int[], ${wanted.map((use) => use.allocationId)}::uuid[]) as w(locator, id)
        order by w.locator
        on conflict (locator) do update
          set allocation_id = excluded.allocation_id, cluster_id = excluded.cluster_id, allocated_at = now(), released_at = null,
              free_at = null, resolves = 0, last_resolved_at = null, last_mac = null, last_model = null, last_source = null
          where locator.free_at <= now()
        returning locator, allocation_id`.execute(inTransaction(db, tx));
      return rows.map((row) => ({ locator: row.locator, allocationId: row.allocation_id }));
    },

    async findFree(tx, from, to, count) {
      const { rows } = await sql<{ locator: number }>`
        select n as locator from generate_series(${from}::int, ${to}::int) n
        where not exists (select 1 from locator l where l.locator = n and (l.free_at is null or l.free_at > now()))
        limit ${count}`.execute(inTransaction(db, tx));
      return rows.map((row) => row.locator);
    },

    async release(clusterId, { locator, allocationId }, quarantineDays) {
      // Both or none: one statement.
      const { rows } = await sql<{ released: number }>`
        with gone as (
          update locator set released_at = now(), free_at = now() + make_interval(days => ${quarantineDays})
          where locator = ${locator} and allocation_id = ${allocationId}::uuid and cluster_id = ${clusterId}::uuid and released_at is null
          returning 1),
        counted as (
          update cluster set allocated = allocated - 1
          where id = ${clusterId}::uuid and state <> 'removed' and exists (select 1 from gone) returning 1)
        select (select count(*)::int from gone) as released, (select count(*) from counted)`.execute(db);
      return rows[0]!.released > 0;
    },

    async facts(clusterId, { locator, allocationId }) {
      const row = await live(db, clusterId)
        .where('locator', '=', locator)
        .where('allocation_id', '=', allocationId)
        .executeTakeFirst();
      return row && factsOf(row);
    },

    async list(clusterId, after, limit) {
      const rows = await live(db, clusterId).where('locator', '>', after).orderBy('locator').limit(limit).execute();
      return rows.map(factsOf);
    },
  };
}

function live(db: Kysely<CloudDatabase>, clusterId: string) {
  return db
    .selectFrom('locator')
    .select(['locator', 'allocation_id', 'allocated_at', 'resolves', 'last_resolved_at', 'last_mac', 'last_model'])
    .select(sql<string | null>`host(last_source)`.as('last_source'))
    .where('cluster_id', '=', clusterId)
    .where('released_at', 'is', null);
}

interface Row {
  locator: number;
  allocation_id: string;
  allocated_at: Date;
  resolves: number;
  last_resolved_at: Date | null;
  last_mac: string | null;
  last_model: string | null;
  last_source: string | null;
}

function factsOf(row: Row): AllocationFacts {
  const use: LocatorUse = { locator: row.locator, allocationId: row.allocation_id };
  return {
    ...use,
    allocatedAt: row.allocated_at,
    resolves: row.resolves,
    lastResolve:
      row.last_resolved_at === null
        ? undefined
        : {
            at: row.last_resolved_at,
            mac: row.last_mac ?? '',
            model: row.last_model ?? '',
            source: row.last_source ?? '',
          },
  };
}
