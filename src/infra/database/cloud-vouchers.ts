import { type Kysely, sql } from 'kysely';
import type { VoucherRecord, VoucherStore } from '../../domain/cloud/enrolment.ts';
import type { CloudDatabase } from './cloud-schema.ts';
import { inTransaction } from './connect.ts';

export function voucherStore(db: Kysely<CloudDatabase>): VoucherStore {
  return {
    async insert(tx, { hash, note, forClusterId, createdBy, hours }) {
      const row = await inTransaction(db, tx)
        .insertInto('voucher')
        .values({
          hash: Buffer.from(hash),
          note,
          for_cluster_id: forClusterId ?? null,
          created_by: createdBy,
          expires_at: sql<Date>`now() + make_interval(hours => ${hours})`,
          redeemed_by: null,
          cluster_id: null,
          key_sha256: null,
          certificate_sha256: null,
        })
        .returning(['id', 'expires_at'])
        .executeTakeFirstOrThrow();
      return { id: row.id, expiresAt: row.expires_at };
    },

    async redeem(tx, hash, keySha256, source) {
      const { rows } = await sql<{ id: string; note: string; for_cluster_id: string | null }>`
        update voucher set redeemed_at = now(), key_sha256 = ${Buffer.from(keySha256)}, redeemed_by = ${source}::inet
        where hash = ${Buffer.from(hash)} and redeemed_at is null and revoked_at is null and expires_at > now()
        returning id, note, for_cluster_id`.execute(inTransaction(db, tx));
      const row = rows[0];
      return row && { id: row.id, note: row.note, forClusterId: row.for_cluster_id ?? undefined };
    },

    async noteResult(tx, id, clusterId, certificateSha256) {
      await inTransaction(db, tx)
        .updateTable('voucher')
        .set({ cluster_id: clusterId, certificate_sha256: Buffer.from(certificateSha256) })
        .where('id', '=', id)
        .execute();
    },

    async given(tx, hash, keySha256) {
      const { rows } = await sql<{ cluster_id: string; certificate_sha256: Buffer }>`
        select v.cluster_id, v.certificate_sha256 from voucher v join cluster c on c.id = v.cluster_id
        where v.hash = ${Buffer.from(hash)} and v.key_sha256 = ${Buffer.from(keySha256)} and v.expires_at > now() and c.state = 'active'`.execute(
        inTransaction(db, tx),
      );
      const row = rows[0];
      return row && { clusterId: row.cluster_id, certificateSha256: row.certificate_sha256 };
    },

    async revoke(tx, id) {
      const { numAffectedRows } = await sql`
        update voucher set revoked_at = now()
        where id = ${id}::uuid and redeemed_at is null and revoked_at is null and expires_at > now()`.execute(
        inTransaction(db, tx),
      );
      return (numAffectedRows ?? 0n) > 0n;
    },

    async find(id) {
      return (await read(db, sql`where v.id = ${id}::uuid`))[0];
    },

    list: (limit) => read(db, sql`order by v.created_at desc, v.id limit ${limit}`),
  };
}

interface Row {
  id: string;
  note: string;
  state: VoucherRecord['state'];
  created_by: string;
  created_at: Date;
  expires_at: Date;
  redeemed_at: Date | null;
  cluster_id: string | null;
  cluster_name: string | null;
}

async function read(db: Kysely<CloudDatabase>, rest: ReturnType<typeof sql>): Promise<readonly VoucherRecord[]> {
  const { rows } = await sql<Row>`
    select v.id, v.note, v.created_by, v.created_at, v.expires_at, v.redeemed_at, c.id as cluster_id, c.name as cluster_name,
      case when v.redeemed_at is not null then 'used' when v.revoked_at is not null then 'revoked'
           when v.expires_at <= now() then 'expired' else 'open' end as state
    from voucher v left join cluster c on c.id = coalesce(v.cluster_id, v.for_cluster_id) ${rest}`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    note: row.note,
    state: row.state,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    redeemedAt: row.redeemed_at ?? undefined,
    cluster: row.cluster_id === null ? undefined : { id: row.cluster_id, name: row.cluster_name! },
  }));
}
