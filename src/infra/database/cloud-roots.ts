import type { Kysely } from 'kysely';
import type { ManufacturerRoot, RootStore } from '../../domain/cloud/operation.ts';
import { readCertificate } from '../../domain/trust/certificate.ts';
import type { MicDenyList, TrustedCertificate } from '../../domain/trust/mic-path.ts';
import { equalBytes } from '../../kernel/bytes.ts';
import { revokedIn } from '../crypto/issuer-signature.ts';
import type { CloudDatabase } from './cloud-schema.ts';
import { inTransaction } from './connect.ts';

export function rootStore(db: Kysely<CloudDatabase>): RootStore {
  return {
    async list(tx): Promise<readonly ManufacturerRoot[]> {
      const rows = await inTransaction(db, tx)
        .selectFrom('manufacturer_root')
        .selectAll()
        .orderBy('not_after')
        .orderBy('sha256')
        .execute();
      return rows.map((row) => ({
        der: row.der,
        sha256: row.sha256.toString('hex'),
        subject: row.subject,
        issuer: row.issuer,
        serialNumber: row.serial_number,
        notBefore: row.not_before,
        notAfter: row.not_after,
        selfSigned: row.self_signed,
        description: row.description,
        legacySha1: row.legacy_sha1,
        expiredMicsUntil: row.expired_mics_until ?? undefined,
        createdAt: row.created_at,
      }));
    },
    async insert(tx, facts, choices) {
      const { issuer, subject } = readCertificate(facts.der);
      const chosen = {
        description: choices.description,
        legacy_sha1: choices.legacySha1,
        expired_mics_until: choices.expiredMicsUntil ?? null,
      };
      const { numInsertedOrUpdatedRows } = await inTransaction(db, tx)
        .insertInto('manufacturer_root')
        .values({
          sha256: Buffer.from(facts.sha256, 'hex'),
          der: Buffer.from(facts.der),
          subject: facts.subject,
          issuer: facts.issuer,
          serial_number: facts.serialNumber,
          not_before: facts.notBefore,
          not_after: facts.notAfter,
          self_signed: equalBytes(issuer, subject),
          ...chosen,
        })
        // What a laboratory left there counts for nothing: giving it anew is an operator's own word for it.
        .onConflict((conflict) =>
          conflict
            .column('sha256')
            .doUpdateSet({ ...chosen, laboratory: false })
            .where('manufacturer_root.laboratory', '=', true),
        )
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },
    async update(tx, sha256, choices) {
      const { numUpdatedRows } = await inTransaction(db, tx)
        .updateTable('manufacturer_root')
        .set({
          description: choices.description,
          legacy_sha1: choices.legacySha1,
          expired_mics_until: choices.expiredMicsUntil ?? null,
        })
        .where('sha256', '=', Buffer.from(sha256, 'hex'))
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async remove(tx, sha256) {
      return inTransaction(db, tx)
        .deleteFrom('manufacturer_root')
        .where('sha256', '=', Buffer.from(sha256, 'hex'))
        .returning('subject')
        .executeTakeFirst();
    },
  };
}

/** The cloud's manufacturer roots as the MIC inspector takes them. Nothing is denied by name: a cluster that knows of a bad MIC refuses it itself. */
export async function readManufacturerTrust(
  db: Kysely<CloudDatabase>,
  laboratory: boolean,
): Promise<{ readonly trusted: readonly TrustedCertificate[]; readonly denied: MicDenyList }> {
  const rows = await db
    .selectFrom('manufacturer_root')
    .select(['der', 'sha256', 'self_signed', 'legacy_sha1', 'expired_mics_until'])
    .where((where) => (laboratory ? where.lit(true) : where('laboratory', '=', false)))
    .execute();
  const trusted = rows.map((row) => ({
    certificate: readCertificate(new Uint8Array(row.der)),
    sha256: new Uint8Array(row.sha256),
    micRoot: row.self_signed,
    legacySha1: row.legacy_sha1,
    expiredMicsUntil: row.expired_mics_until?.getTime(),
  }));
  return { trusted, denied: { serials: new Set(), keys: new Set(), macs: new Set(), revoked: revokedIn([]) } };
}
