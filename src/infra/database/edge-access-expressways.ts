import { X509Certificate } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Expressway, ExpresswayStore } from '../../domain/edge-access/expressways.ts';
import { fromHex } from '../../kernel/bytes.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';
import type { ExpresswayTable } from './schema-edge-access.ts';

export const expresswayChangedChannel = 'expressway_changed';

export function expresswayStore(db: Kysely<Database>): ExpresswayStore {
  const on = (tx: Transaction | undefined) => (tx === undefined ? db : inTransaction(db, tx));
  return {
    async list() {
      return (await db.selectFrom('expressway').selectAll().orderBy('name').execute()).map(expresswayOf);
    },
    async find(id, tx) {
      const row = await on(tx).selectFrom('expressway').selectAll().where('id', '=', id).executeTakeFirst();
      return row && expresswayOf(row);
    },
    async bySha256(sha256, tx) {
      const row = await inTransaction(db, tx)
        .selectFrom('expressway')
        .selectAll()
        .where('certificate_sha256', '=', Buffer.from(fromHex(sha256)))
        .executeTakeFirst();
      return row && expresswayOf(row);
    },
    async insert(tx, name, certificate, createdBy) {
      const row = await inTransaction(db, tx)
        .insertInto('expressway')
        .values({
          name,
          certificate_der: Buffer.from(certificate.der),
          certificate_sha256: Buffer.from(fromHex(certificate.sha256)),
          not_after: certificate.notAfter,
          created_by: createdBy,
        })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      return row?.id ?? 'name-taken';
    },
    async remove(tx, id) {
      const { numDeletedRows } = await inTransaction(db, tx)
        .deleteFrom('expressway')
        .where('id', '=', id)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

function expresswayOf(row: Selectable<ExpresswayTable>): Expressway {
  return {
    id: row.id,
    name: row.name,
    sha256: row.certificate_sha256.toString('hex'),
    subject: new X509Certificate(row.certificate_der).subject?.split('\n').join(', ') ?? '',
    notAfter: row.not_after,
    createdBy: row.created_by,
    createdAt: row.created_at,
  };
}

/** Name by lower-case hex of the certificate's SHA-256. */
export async function readExpresswayPins(db: Kysely<Database>): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('expressway').select(['name', 'certificate_sha256']).execute();
  return new Map(rows.map((row) => [row.certificate_sha256.toString('hex'), row.name]));
}
