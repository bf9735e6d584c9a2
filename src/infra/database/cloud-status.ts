import { type Kysely, sql } from 'kysely';
import type {
  CloudAuditQuery,
  CloudAuditRow,
  CloudFigures,
  CloudOverview,
  ClusterFigures,
} from '../../domain/cloud/overview.ts';
import type { CloudDatabase } from './cloud-schema.ts';

/** What the operator sees of the whole cloud. */
export function cloudOverview(db: Kysely<CloudDatabase>): CloudOverview {
  return {
    async figures(): Promise<CloudFigures> {
      const { rows } = await sql<{
        active: number;
        suspended: number;
        live: number;
        quarantined: number;
        space: number;
        open_vouchers: number;
        now: Date;
      }>`
        select
          (select count(*)::int from cluster where state = 'active') as active,
          (select count(*)::int from cluster where state = 'suspended') as suspended,
          (select coalesce(sum(allocated), 0)::int from cluster) as live,
          (select count(*)::int from locator where free_at > now()) as quarantined,
          (select last_locator - first_locator + 1 from cloud_setting) as space,
          (select count(*)::int from voucher where redeemed_at is null and revoked_at is null and expires_at > now()) as open_vouchers,
          now() as now`.execute(db);
      const row = rows[0]!;
      return {
        clusters: { active: row.active, suspended: row.suspended },
        locators: {
          live: row.live,
          quarantined: row.quarantined,
          free: Math.max(0, row.space - row.live - row.quarantined),
          space: row.space,
        },
        openVouchers: row.open_vouchers,
        resolves: await outcomes(db, undefined),
        at: row.now,
      };
    },

    async ofCluster(id): Promise<ClusterFigures> {
      return { resolves: await outcomes(db, id) };
    },

    async audit({ limit, before, action }: CloudAuditQuery): Promise<readonly CloudAuditRow[]> {
      let query = db
        .selectFrom('audit_event')
        .select([
          'ordinal',
          'at',
          'actor',
          'source_address',
          'action',
          'object_kind',
          'object_id',
          'object_name',
          'detail',
        ])
        .orderBy('ordinal', 'desc')
        .limit(limit);
      if (before !== undefined) query = query.where('ordinal', '<', before);
      if (action !== undefined) query = query.where('action', '=', action);
      return (await query.execute()).map((row) => ({
        ordinal: row.ordinal,
        at: row.at,
        actor: row.actor,
        sourceAddress: row.source_address,
        action: row.action,
        objectKind: row.object_kind,
        objectId: row.object_id,
        objectName: row.object_name,
        detail: row.detail as Record<string, unknown>,
      }));
    },
  };
}

async function outcomes(db: Kysely<CloudDatabase>, clusterId: string | undefined) {
  const { rows } = await sql<{ outcome: string; day: number; total: number }>`
    select outcome, sum(count)::float8 as total, coalesce(sum(count) filter (where hour > now() - interval '24 hours'), 0)::float8 as day
    from resolve_count where ${clusterId === undefined ? sql`true` : sql`cluster_id = ${clusterId}::uuid`}
    group by outcome`.execute(db);
  return Object.fromEntries(rows.map(({ outcome, day, total }) => [outcome, { day, total }]));
}

/** What is over: sessions are swept elsewhere; here go spent limits, freed locators, old answers and counts. Returns how many rows went. */
export async function sweepCloud(db: Kysely<CloudDatabase>): Promise<number> {
  const statements = [
    sql`delete from mic_use where stamps[1] < now() - interval '1 day'`,
    // A wish is repeated within minutes or hours; after this long the locators stand on their own.
    sql`delete from allocation_request where created_at < now() - interval '30 days'`,
    sql`delete from locator where free_at <= now()`,
    sql`delete from resolve_count where hour < now() - interval '400 days'`,
    sql`delete from voucher where expires_at < now() - interval '400 days'`,
  ];
  let gone = 0n;
  for (const statement of statements) gone += (await statement.execute(db)).numAffectedRows ?? 0n;
  return Number(gone);
}
