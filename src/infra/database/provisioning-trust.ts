import { type Kysely, sql } from 'kysely';
import type { TrustListStore } from '../../domain/provisioning/ports.ts';
import {
  type CertificatePurpose,
  rolesOfHeld,
  rolesOfTrusted,
  type VouchedRole,
} from '../../domain/provisioning/trust.ts';
import { inTransaction, oneTransaction } from './connect.ts';
import type { Database } from './schema.ts';

export function trustListStore(db: Kysely<Database>): TrustListStore {
  const find: TrustListStore['find'] = async (kind, contentHash) => {
    const row = await db
      .selectFrom('trust_list')
      .select('bytes')
      .where('kind', '=', kind)
      .where('content_hash', '=', Buffer.from(contentHash))
      .executeTakeFirst();
    return row?.bytes;
  };
  return {
    find,
    async keep(kind, contentHash, bytes) {
      // Two nodes may build the same content at once; the row decides whose octets everybody serves.
      await db
        .insertInto('trust_list')
        .values({ kind, content_hash: Buffer.from(contentHash), bytes: Buffer.from(bytes) })
        .onConflict((conflict) => conflict.columns(['kind', 'content_hash']).doNothing())
        .execute();
      return (await find(kind, contentHash)) ?? bytes;
    },
    async makeNewest(kind, contentHash) {
      // A new row for the same octets; a no-op when it is the newest already.
      await oneTransaction(db, async (open) => {
        const tx = inTransaction(db, open);
        const moved = await sql<{ content_hash: Buffer; bytes: Buffer; built_at: Date }>`
          DELETE FROM trust_list
           WHERE kind = ${kind} AND content_hash = ${Buffer.from(contentHash)}
             AND id < (SELECT max(id) FROM trust_list WHERE kind = ${kind})
          RETURNING content_hash, bytes, built_at`.execute(tx);
        for (const row of moved.rows)
          await tx
            .insertInto('trust_list')
            .values({ kind, ...row })
            .execute();
      });
    },
    async now() {
      const { rows } = await sql<{ now: string }>`SELECT extract(epoch FROM now())::bigint AS now`.execute(db);
      return Number(rows[0]!.now);
    },
  };
}

export interface KnownCertificate {
  readonly der: Uint8Array;
  readonly roles: readonly VouchedRole[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Every certificate TVS may speak of: the cluster's own, and CallManager-trust. */
export async function knownCertificates(db: Kysely<Database>): Promise<readonly KnownCertificate[]> {
  const { rows } = await sql<{
    der: Buffer;
    purpose: CertificatePurpose | null;
    mic_root: boolean;
    not_before: Date;
    not_after: Date;
  }>`
    SELECT der, purpose, false AS mic_root, created_at - interval '1 day' AS not_before, not_after FROM node_certificate
    UNION ALL
    SELECT der, NULL, mic_root, not_before, not_after FROM trust_certificate WHERE purpose = 'CallManager-trust'`.execute(
    db,
  );
  return rows.map((row) => ({
    der: row.der,
    roles: row.purpose === null ? rolesOfTrusted({ micRoot: row.mic_root }) : rolesOfHeld(row.purpose),
    notBefore: row.not_before.getTime(),
    notAfter: row.not_after.getTime(),
  }));
}
