import { type Kysely, type Selectable, sql } from 'kysely';
import type {
  SignedInTenant,
  Tenant,
  TenantCertificate,
  TenantChange,
  TenantQuery,
  TenantSettings,
  TenantState,
  TenantStore,
} from '../../domain/cloud/tenant.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { CloudClusterTable, CloudDatabase } from './cloud-schema.ts';
import { inTransaction } from './connect.ts';

/** A replaced certificate is good for so long after a younger one was first used: other nodes of the cluster may still hold it. */
const overlap = sql`interval '1 hour'`;

const shownColumns = [
  'id',
  'name',
  'state',
  'activation_domain',
  'enabled',
  'cluster_hint',
  'trust_version',
  'quota',
  'allocated',
  'version',
  'enrolled_at',
  'last_seen_at',
] as const;

export function tenantStore(db: Kysely<CloudDatabase>): TenantStore {
  const handle = (tx?: Transaction) => inTransaction(db, tx);
  return {
    async insert(tx, tenant) {
      const row = await handle(tx)
        .insertInto('cluster')
        .values(tenant)
        .returning(shownColumns)
        .executeTakeFirstOrThrow();
      return tenantOf(row);
    },

    async find(id, tx) {
      const row = await handle(tx).selectFrom('cluster').select(shownColumns).where('id', '=', id).executeTakeFirst();
      return row && tenantOf(row);
    },

    async findForChange(tx, id) {
      const row = await handle(tx)
        .selectFrom('cluster')
        .select(shownColumns)
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst();
      return row && tenantOf(row);
    },

    page: (query) => page(db, query),
    signIn: (sha256) => signIn(db, sha256),

    async addCertificate(tx, id, { sha256, der, notAfter }) {
      await handle(tx)
        .insertInto('cluster_certificate')
        .values({ sha256: Buffer.from(sha256), cluster_id: id, der: Buffer.from(der), not_after: notAfter })
        .execute();
    },

    async certificate(tx, sha256): Promise<TenantCertificate | undefined> {
      const row = await handle(tx)
        .selectFrom('cluster_certificate')
        .select(['sha256', 'der', 'not_after'])
        .where('sha256', '=', Buffer.from(sha256))
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row && { sha256: row.sha256, der: row.der, notAfter: row.not_after };
    },

    async certificatesOf(id) {
      const rows = await db
        .selectFrom('cluster_certificate')
        .select(['not_after', 'created_at'])
        .where('cluster_id', '=', id)
        .where('revoked_at', 'is', null)
        .where('not_after', '>', sql<Date>`now()`)
        .where(sql<boolean>`(replaced_at is null or replaced_at > now() - ${overlap})`)
        .orderBy('created_at', 'desc')
        .execute();
      return rows.map((row) => ({ notAfter: row.not_after, createdAt: row.created_at }));
    },

    async changeSettings(tx, id, settings: TenantSettings) {
      await handle(tx)
        .updateTable('cluster')
        .set({
          activation_domain: settings.activationDomain ?? null,
          enabled: settings.enabled,
          cluster_hint: Buffer.from(settings.clusterHint),
        })
        .where('id', '=', id)
        .execute();
    },

    async change(tx, id, { name, quota, state }: TenantChange) {
      const row = await handle(tx)
        .updateTable('cluster')
        .set({
          version: sql<number>`version + 1`,
          ...(name === undefined ? {} : { name }),
          ...(quota === undefined ? {} : { quota }),
          ...(state === undefined ? {} : { state }),
        })
        .where('id', '=', id)
        .returning(shownColumns)
        .executeTakeFirstOrThrow();
      return tenantOf(row);
    },

    async replaceTrust(tx, id, version, certificates) {
      const { numUpdatedRows } = await handle(tx)
        .updateTable('cluster')
        .set({ trust_version: version, trust: certificates.map((der) => Buffer.from(der)) })
        .where('id', '=', id)
        .where((where) => where.and([where('trust_version', '<', String(version))]))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    async trust(id, tx) {
      const row = await handle(tx)
        .selectFrom('cluster')
        .select(['trust_version', 'trust'])
        .where('id', '=', id)
        .executeTakeFirst();
      return { version: Number(row?.trust_version ?? 0), certificates: row?.trust ?? [] };
    },

    async remove(tx, id) {
      const inside = handle(tx);
      await sql`update cluster_certificate set revoked_at = now() where cluster_id = ${id}::uuid and revoked_at is null`.execute(
        inside,
      );
      await sql`
        update voucher set revoked_at = now()
        where for_cluster_id = ${id}::uuid and redeemed_at is null and revoked_at is null`.execute(inside);
      await sql`
        update locator set released_at = now(), free_at = now() + make_interval(days => s.quarantine_days)
        from cloud_setting s where cluster_id = ${id}::uuid and released_at is null`.execute(inside);
      await sql`
        update cluster set state = 'removed', removed_at = now(), enabled = false, allocated = 0, trust = '{}', version = version + 1
        where id = ${id}::uuid and state <> 'removed'`.execute(inside);
    },

    async quarantined(id) {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from locator where cluster_id = ${id}::uuid and free_at > now()`.execute(db);
      return rows[0]!.n;
    },
  };
}

/** One look for each request; only the first use of a certificate, and one use a minute, write anything. */
async function signIn(db: Kysely<CloudDatabase>, sha256: Uint8Array): Promise<SignedInTenant | undefined> {
  const row = await db
    .selectFrom('cluster_certificate as k')
    .innerJoin('cluster', 'cluster.id', 'k.cluster_id')
    .select(shownColumns.map((column) => `cluster.${column}` as const))
    .select(['k.not_after', 'k.first_used_at', 'k.created_at as certificate_made'])
    .select(sql<boolean>`cluster.last_seen_at is null or cluster.last_seen_at < now() - interval '1 minute'`.as('note'))
    .where('k.sha256', '=', Buffer.from(sha256))
    .where('k.revoked_at', 'is', null)
    .where(sql<boolean>`k.not_after > now()`)
    .where(sql<boolean>`(k.replaced_at is null or k.replaced_at > now() - ${overlap})`)
    .where('cluster.state', '<>', 'removed')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.first_used_at === null) {
    await sql`update cluster_certificate set first_used_at = now() where sha256 = ${Buffer.from(sha256)}`.execute(db);
    await sql`
      update cluster_certificate o set replaced_at = now() from cluster_certificate n
      where n.sha256 = ${Buffer.from(sha256)} and o.cluster_id = n.cluster_id and o.created_at < n.created_at and o.replaced_at is null`.execute(
      db,
    );
  }
  if (row.note) {
    await sql`update cluster set last_seen_at = now() where id = ${row.id}::uuid and state <> 'removed'`.execute(db);
  }
  return { tenant: tenantOf(row), certificateNotAfter: row.not_after };
}

async function page(db: Kysely<CloudDatabase>, query: TenantQuery) {
  let from = db.selectFrom('cluster');
  from = query.state === undefined ? from.where('state', '<>', 'removed') : from.where('state', '=', query.state);
  if (query.search !== undefined && query.search !== '') {
    const like = `%${query.search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    from = from.where(
      sql<boolean>`(lower(name) like ${like} or lower(coalesce(activation_domain, '')) like ${like} or id::text like ${like})`,
    );
  }
  const { total } = await from.select(sql<number>`count(*)::int`.as('total')).executeTakeFirstOrThrow();
  if (query.after !== undefined) {
    from = from.where(sql<boolean>`(lower(name), id) > (lower(${query.after.name}::text), ${query.after.id}::uuid)`);
  }
  const rows = await from
    .select(shownColumns)
    .orderBy(sql`lower(name)`)
    .orderBy('id')
    .limit(query.limit ?? 50)
    .execute();
  return { items: rows.map(tenantOf), total };
}

type Row = Pick<Selectable<CloudClusterTable>, (typeof shownColumns)[number]>;

function tenantOf(row: Row): Tenant {
  return {
    id: row.id,
    name: row.name,
    state: row.state as TenantState,
    activationDomain: row.activation_domain ?? undefined,
    enabled: row.enabled,
    clusterHint: row.cluster_hint ?? undefined,
    trustVersion: Number(row.trust_version),
    quota: row.quota,
    allocated: row.allocated,
    version: row.version,
    enrolledAt: row.enrolled_at,
    lastSeenAt: row.last_seen_at ?? undefined,
  };
}
