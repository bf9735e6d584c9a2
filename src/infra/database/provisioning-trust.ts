import { X509Certificate } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { KeptTrustList, TrustListStore } from '../../domain/provisioning/ports.ts';
import {
  type CertificatePurpose,
  type HeldCertificate,
  rolesOfHeld,
  rolesOfTrusted,
  type VouchedRole,
} from '../../domain/provisioning/trust.ts';
import { readCertificate } from '../../domain/trust/certificate.ts';
import { revokedIn } from '../crypto/issuer-signature.ts';
import { readRevoked } from './activation-trust-store.ts';
import { inTransaction, oneTransaction } from './connect.ts';
import type { Database } from './schema.ts';

const lockKey = 0x6672_746c;

export function trustListStore(db: Kysely<Database>): TrustListStore {
  return {
    newest: (kind) => newestList(db, kind),
    renew: (kind, build) =>
      oneTransaction(db, async (open) => {
        const tx = inTransaction(db, open);
        await sql`select pg_advisory_xact_lock(${lockKey})`.execute(tx);
        const { rows } = await sql<{
          now: string;
        }>`SELECT extract(epoch FROM clock_timestamp())::bigint AS now`.execute(tx);
        const made = build({
          certificates: await heldCertificates(tx),
          newest: await newestList(tx, kind),
          now: Number(rows[0]!.now),
        });
        if (made === undefined) return;
        // Not the transaction's time: it waited for the lock, and the list before was good until now.
        await sql`INSERT INTO trust_list (kind, content_hash, bytes, built_at)
          VALUES (${kind}, ${Buffer.from(made.contentHash)}, ${Buffer.from(made.bytes)}, clock_timestamp())`.execute(
          tx,
        );
      }),
  };
}

async function newestList(db: Kysely<Database>, kind: 'ITL' | 'CTL'): Promise<KeptTrustList | undefined> {
  const { rows } = await sql<{ content_hash: Buffer; bytes: Buffer; doubtful: boolean }>`
    SELECT content_hash, bytes, EXISTS (SELECT FROM config_change WHERE reason = 'restored' AND at > built_at) AS doubtful
      FROM trust_list WHERE kind = ${kind} ORDER BY id DESC LIMIT 1`.execute(db);
  const row = rows[0];
  return row && { contentHash: row.content_hash, bytes: row.bytes, doubtful: row.doubtful };
}

/** The certificates the cluster holds keys of, those of all nodes included. */
export async function heldCertificates(db: Kysely<Database>): Promise<readonly HeldCertificate[]> {
  const rows = await db
    .selectFrom('node_certificate')
    .leftJoin('node', 'node.id', 'node_certificate.node_id')
    .select(['node_certificate.purpose', 'node_certificate.der', 'node.name'])
    .orderBy('node_certificate.purpose')
    .orderBy('node.name')
    .execute();
  return rows.map((row) => ({
    purpose: row.purpose as CertificatePurpose,
    nodeName: row.name ?? undefined,
    der: row.der,
  }));
}

export interface KnownCertificate {
  readonly der: Uint8Array;
  readonly roles: readonly VouchedRole[];
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Every certificate TVS may speak of: the cluster's own, and CallManager-trust; what a laboratory put there only where one runs, and nothing that
 * its manufacturer revoked.
 */
export async function knownCertificates(
  db: Kysely<Database>,
  laboratory: boolean,
): Promise<readonly KnownCertificate[]> {
  const { rows } = await sql<{
    der: Buffer;
    purpose: CertificatePurpose | null;
    mic_root: boolean;
    not_before: Date;
    not_after: Date;
  }>`
    SELECT der, purpose, false AS mic_root, created_at AS not_before, not_after FROM node_certificate
    UNION ALL
    SELECT der, NULL, mic_root, not_before, not_after FROM trust_certificate WHERE purpose = 'CallManager-trust' AND (NOT laboratory OR ${laboratory})`.execute(
    db,
  );
  const revoked = revokedIn(await readRevoked(db));
  const counts = (row: { purpose: CertificatePurpose | null; der: Buffer }) =>
    row.purpose !== null || !revoked.has(readCertificate(row.der));
  return rows.filter(counts).map((row) => ({
    der: row.der,
    roles: row.purpose === null ? rolesOfTrusted({ micRoot: row.mic_root }) : rolesOfHeld(row.purpose),
    notBefore: row.purpose === null ? row.not_before.getTime() : Date.parse(new X509Certificate(row.der).validFrom),
    notAfter: row.not_after.getTime(),
  }));
}
