import { type Kysely, sql } from 'kysely';
import type { LocatorStore } from '../../domain/mra/ports.ts';
import { readiness } from '../../domain/mra/rules.ts';
import type { Locator } from '../../identifiers/activation-code.ts';
import { inTransaction, oneTransaction } from './connect.ts';
import { readMraFacts } from './mra-cloud-store.ts';
import type { Database } from './schema.ts';

/** A code is made within seconds; a node that dies while it makes one leaves the locator to others after this. Seconds. */
const reservedFor = 120;

/** The cloud's locators. Rows another transaction works on are skipped, so that many codes are made at once. */
export function locatorStore(db: Kysely<Database>): LocatorStore {
  return {
    async readyCluster() {
      const [connection, facts] = await Promise.all([
        db.selectFrom('cloud_connection').select(['enabled', 'cluster_id']).executeTakeFirstOrThrow(),
        readMraFacts(db),
      ]);
      const enrolled = connection.cluster_id === null ? undefined : ({} as never);
      return readiness({ enabled: connection.enabled, enrolled }, facts) === 'ready'
        ? (connection.cluster_id ?? undefined)
        : undefined;
    },

    async reserve(clusterId) {
      const { rows } = await sql<{ allocation_id: string; locator: string }>`
        update mra_locator set state = 'reserved', due_at = now() + make_interval(secs => ${reservedFor})
        where allocation_id = (
          select allocation_id from mra_locator
          where cluster_id = ${clusterId}::uuid and state = 'stock'
          order by allocated_at limit 1 for update skip locked)
        returning allocation_id, locator`.execute(db);
      const found = rows[0] ?? (await reclaim(db, clusterId));
      if (found === undefined) return undefined;
      return {
        allocationId: found.allocation_id,
        locator: found.locator as Locator,
        left: await countStock(db, clusterId),
      };
    },

    async unreserve(allocationId) {
      await sql`update mra_locator set state = 'stock', due_at = null where allocation_id = ${allocationId}::uuid and state = 'reserved'`.execute(
        db,
      );
    },

    stock: (clusterId) => countStock(db, clusterId),

    async openOrder(clusterId, count) {
      const open = await db
        .selectFrom('mra_locator_order')
        .select(['idempotency_key', 'count'])
        .where('cluster_id', '=', clusterId)
        .where('done_at', 'is', null)
        .orderBy('created_at')
        .limit(1)
        .executeTakeFirst();
      const order =
        open ??
        (await db
          .insertInto('mra_locator_order')
          .values({ cluster_id: clusterId, count })
          .returning(['idempotency_key', 'count'])
          .executeTakeFirstOrThrow());
      return { idempotencyKey: order.idempotency_key, count: order.count };
    },

    async hasOpenOrder(clusterId) {
      const { rows } = await sql`
        select from mra_locator_order where cluster_id = ${clusterId}::uuid and done_at is null limit 1`.execute(db);
      return rows.length > 0;
    },

    fill(clusterId, idempotencyKey, allocations) {
      return oneTransaction(db, async (open) => {
        const tx = inTransaction(db, open);
        // In one order for everybody, so that two that store the same answer do not lock each other out.
        const sorted = [...allocations].sort((a, b) => (a.locator < b.locator ? -1 : 1));
        const { rows } = await sql<{ state: string }>`
          insert into mra_locator (allocation_id, cluster_id, locator, state)
          select given.allocation_id, ${clusterId}::uuid, given.locator, 'stock'
          from unnest(${sorted.map((each) => each.allocationId)}::uuid[], ${sorted.map((each) => each.locator)}::text[])
               with ordinality as given (allocation_id, locator, n)
          order by given.n
          on conflict (allocation_id) do nothing returning state`.execute(tx);
        await sql`update mra_locator_order set done_at = now() where idempotency_key = ${idempotencyKey}::uuid and done_at is null`.execute(
          tx,
        );
        return rows.filter(({ state }) => state === 'stock').length;
      });
    },

    async dropOrder(idempotencyKey) {
      await sql`update mra_locator_order set done_at = now() where idempotency_key = ${idempotencyKey}::uuid and done_at is null`.execute(
        db,
      );
    },

    async releasing(limit) {
      const rows = await db
        .selectFrom('mra_locator')
        .select(['allocation_id', 'locator', 'cluster_id'])
        .where('state', '=', 'releasing')
        .where('due_at', '<=', sql<Date>`now()`)
        .orderBy('due_at')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        allocationId: row.allocation_id,
        locator: row.locator,
        clusterId: row.cluster_id,
      }));
    },

    async released(allocationId) {
      await sql`update mra_locator set state = 'released', released_at = now(), due_at = null
        where allocation_id = ${allocationId}::uuid and state = 'releasing'`.execute(db);
    },

    async postpone(allocationId, seconds) {
      await sql`update mra_locator set due_at = now() + make_interval(secs => ${seconds})
        where allocation_id = ${allocationId}::uuid and state = 'releasing'`.execute(db);
    },

    async trim(clusterId, keep) {
      await sql`update mra_locator set state = 'releasing', due_at = now()
        where allocation_id in (
          select allocation_id from mra_locator where cluster_id = ${clusterId}::uuid and state = 'stock'
          order by allocated_at offset ${keep} for update skip locked)`.execute(db);
    },

    async forget(days) {
      await sql`delete from mra_locator_order where done_at < now() - make_interval(days => ${days})`.execute(db);
      const { numAffectedRows } = await sql`
        delete from mra_locator m where state = 'released' and released_at < now() - make_interval(days => ${days})
          and not exists (select from activation_code c where c.allocation_id = m.allocation_id)`.execute(db);
      return Number(numAffectedRows ?? 0n);
    },
  };
}

/** A reservation whose time is over: whoever had it is gone. */
async function reclaim(
  db: Kysely<Database>,
  clusterId: string,
): Promise<{ allocation_id: string; locator: string } | undefined> {
  const { rows } = await sql<{ allocation_id: string; locator: string }>`
    update mra_locator set due_at = now() + make_interval(secs => ${reservedFor})
    where allocation_id = (
      select allocation_id from mra_locator
      where cluster_id = ${clusterId}::uuid and state = 'reserved' and due_at <= now()
      order by allocated_at limit 1 for update skip locked)
    returning allocation_id, locator`.execute(db);
  return rows[0];
}

async function countStock(db: Kysely<Database>, clusterId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from mra_locator
    where cluster_id = ${clusterId}::uuid and (state = 'stock' or state = 'reserved' and due_at <= now())`.execute(db);
  return rows[0]!.count;
}
