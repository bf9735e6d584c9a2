import { type Kysely, sql } from 'kysely';
import type {
  ReadRevocationList,
  RevocationListStore,
  StoredRevocationList,
} from '../../domain/settings/revocation-lists.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** `pg_advisory_xact_lock` key: uploads go one after the other, so that the limits over all lists hold. */
const lockKey = 0x6672_6372;

const octets = (hex: string) => Buffer.from(hex, 'hex');

export class RevocationListsStore implements RevocationListStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(): Promise<readonly StoredRevocationList[]> {
    return (await this.#select(this.#db).orderBy('issuer').orderBy('id').execute()).map(stored);
  }

  async find(id: string, tx?: Transaction): Promise<StoredRevocationList | undefined> {
    let query = this.#select(inTransaction(this.#db, tx)).where('id', '=', octets(id));
    if (tx !== undefined) query = query.forUpdate();
    const row = await query.executeTakeFirst();
    return row && stored(row);
  }

  async content(id: string): Promise<Uint8Array | undefined> {
    const row = await this.#db
      .selectFrom('certificate_revocation_list')
      .select('der')
      .where('id', '=', octets(id))
      .executeTakeFirst();
    return row?.der;
  }

  async put(tx: Transaction, list: ReadRevocationList): Promise<boolean> {
    const db = inTransaction(this.#db, tx);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(db);
    const values = {
      issuer: list.issuer,
      issuer_sha256: octets(list.issuerSha256),
      number: list.number,
      this_update: list.thisUpdate,
      next_update: list.nextUpdate,
      partial: list.partial,
      entries: list.entries,
      revoked: Buffer.from(list.revoked),
      der: Buffer.from(list.der),
      sha256: octets(list.sha256),
    };
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('certificate_revocation_list')
      .values({ id: octets(list.id), ...values })
      // Numbers grow with each list (RFC 5280 §5.2.3); where one has none, its date decides.
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ ...values, created_at: sql`now()` })
          .where(sql<boolean>`case when excluded.number is null or certificate_revocation_list.number is null
            then excluded.this_update > certificate_revocation_list.this_update
            else excluded.number > certificate_revocation_list.number
              and excluded.this_update >= certificate_revocation_list.this_update end`),
      )
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async totals(tx: Transaction): Promise<{ lists: number; entries: number }> {
    const row = await inTransaction(this.#db, tx)
      .selectFrom('certificate_revocation_list')
      .select(({ fn }) => [fn.countAll().as('lists'), fn.sum('entries').as('entries')])
      .executeTakeFirstOrThrow();
    return { lists: Number(row.lists), entries: Number(row.entries ?? 0) };
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await inTransaction(this.#db, tx).deleteFrom('certificate_revocation_list').where('id', '=', octets(id)).execute();
  }

  #select(db: Kysely<Database>) {
    return db
      .selectFrom('certificate_revocation_list')
      .select([
        'id',
        'issuer',
        'issuer_sha256',
        'number',
        'this_update',
        'next_update',
        'partial',
        'entries',
        'sha256',
        'created_at',
        sql<boolean>`coalesce(next_update < now(), false)`.as('overdue'),
      ]);
  }
}

/** How many lists should have been followed by another before now. */
export async function overdueRevocationLists(db: Kysely<Database>): Promise<readonly { readonly issuer: string }[]> {
  return db
    .selectFrom('certificate_revocation_list')
    .select('issuer')
    .where('next_update', '<', sql<Date>`now()`)
    .orderBy('issuer')
    .execute();
}

function stored(row: {
  id: Buffer;
  issuer: string;
  issuer_sha256: Buffer;
  number: string | null;
  this_update: Date;
  next_update: Date | null;
  partial: boolean;
  entries: number;
  sha256: Buffer;
  created_at: Date;
  overdue: boolean;
}): StoredRevocationList {
  return {
    id: row.id.toString('hex'),
    issuer: row.issuer,
    issuerSha256: row.issuer_sha256.toString('hex'),
    number: row.number,
    thisUpdate: row.this_update,
    nextUpdate: row.next_update,
    partial: row.partial,
    entries: row.entries,
    sha256: row.sha256.toString('hex'),
    overdue: row.overdue,
    createdAt: row.created_at,
  };
}
