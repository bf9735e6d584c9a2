import { type Kysely, sql } from 'kysely';
import type { MicDenial, MicDenyKind, MicDenyStore } from '../../domain/settings/mic-deny.ts';
import type { ListRequest, Page } from '../../domain/settings/resource.ts';
import type { Dependency } from '../../domain/settings/setting-fault.ts';
import type {
  CertificateFacts,
  TrustChoices,
  TrustedCertificate,
  TrustPurpose,
  TrustStore,
} from '../../domain/settings/trust-store.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';

const columns = [
  'purpose',
  'sha256',
  'der',
  'subject',
  'issuer',
  'serial_number',
  'not_before',
  'not_after',
  'description',
  'mic_root',
  'legacy_sha1',
  'expired_mics_until',
  'laboratory',
  'created_at',
] as const;

export class TrustCertificatesStore implements TrustStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(purpose?: TrustPurpose): Promise<readonly TrustedCertificate[]> {
    let query = this.#db.selectFrom('trust_certificate').select(columns).orderBy('subject').orderBy('sha256');
    if (purpose !== undefined) query = query.where('purpose', '=', purpose);
    return (await query.execute()).map(trusted);
  }

  async find(purpose: TrustPurpose, sha256: string, tx?: Transaction): Promise<TrustedCertificate | undefined> {
    let query = inTransaction(this.#db, tx)
      .selectFrom('trust_certificate')
      .select(columns)
      .where('purpose', '=', purpose)
      .where('sha256', '=', Buffer.from(sha256, 'hex'));
    if (tx !== undefined) query = query.forUpdate();
    const row = await query.executeTakeFirst();
    return row === undefined ? undefined : trusted(row);
  }

  async insert(
    tx: Transaction,
    purpose: TrustPurpose,
    facts: CertificateFacts,
    choices: TrustChoices,
  ): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await inTransaction(this.#db, tx)
      .insertInto('trust_certificate')
      .values({
        purpose,
        sha256: Buffer.from(facts.sha256, 'hex'),
        der: Buffer.from(facts.der),
        subject: facts.subject,
        issuer: facts.issuer,
        serial_number: facts.serialNumber,
        not_before: facts.notBefore,
        not_after: facts.notAfter,
        ...choiceColumns(choices),
      })
      // What a laboratory left there counts for nothing: giving it anew is an administrator's own word for it.
      .onConflict((conflict) =>
        conflict
          .columns(['purpose', 'sha256'])
          .doUpdateSet({ ...choiceColumns(choices), laboratory: false })
          .where('trust_certificate.laboratory', '=', true),
      )
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async update(tx: Transaction, purpose: TrustPurpose, sha256: string, choices: TrustChoices): Promise<void> {
    await inTransaction(this.#db, tx)
      .updateTable('trust_certificate')
      .set(choiceColumns(choices))
      .where('purpose', '=', purpose)
      .where('sha256', '=', Buffer.from(sha256, 'hex'))
      .execute();
  }

  async remove(tx: Transaction, purpose: TrustPurpose, sha256: string): Promise<void> {
    await inTransaction(this.#db, tx)
      .deleteFrom('trust_certificate')
      .where('purpose', '=', purpose)
      .where('sha256', '=', Buffer.from(sha256, 'hex'))
      .execute();
  }

  async phonesUnder(certificate: TrustedCertificate): Promise<Dependency | undefined> {
    if (certificate.purpose !== 'CallManager-trust') return undefined;
    const { rows } = await sql<{ count: string; names: string[] }>`
      with phone as (
        select distinct d.name from activation a join device d on d.id = a.device_id
        where a.mic_root_sha256 = ${Buffer.from(certificate.sha256, 'hex')} and a.device_id is not null
      )
      select (select count(*) from phone) as count, array(select name from phone order by name limit 10) as names`.execute(
      this.#db,
    );
    const count = Number(rows[0]!.count);
    return count === 0 ? undefined : { kind: 'phone', count, names: rows[0]!.names };
  }
}

const choiceColumns = (choices: TrustChoices) => ({
  description: choices.description,
  mic_root: choices.micRoot,
  legacy_sha1: choices.legacySha1,
  expired_mics_until: choices.expiredMicsUntil,
});

function trusted(row: {
  purpose: string;
  sha256: Buffer;
  der: Buffer;
  subject: string;
  issuer: string;
  serial_number: string;
  not_before: Date;
  not_after: Date;
  description: string;
  mic_root: boolean;
  legacy_sha1: boolean;
  expired_mics_until: Date | null;
  laboratory: boolean;
  created_at: Date;
}): TrustedCertificate {
  return {
    purpose: row.purpose as TrustPurpose,
    sha256: row.sha256.toString('hex'),
    der: row.der,
    subject: row.subject,
    issuer: row.issuer,
    serialNumber: row.serial_number,
    notBefore: row.not_before,
    notAfter: row.not_after,
    description: row.description,
    micRoot: row.mic_root,
    legacySha1: row.legacy_sha1,
    expiredMicsUntil: row.expired_mics_until?.toISOString() ?? null,
    laboratory: row.laboratory,
    createdAt: row.created_at,
  };
}

export class MicDenialsStore implements MicDenyStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(request: ListRequest): Promise<Page<MicDenial>> {
    const kind = request.filters?.['kind'];
    const where = [
      ...(request.search ? [searchCondition([sql`value`, sql`reason`], request.search)] : []),
      ...(kind === undefined ? [] : [sql<boolean>`kind = ${kind}`]),
    ];
    const page = await keysetPage<{ kind: string; value: string; reason: string; created_at: Date }>(
      this.#db,
      {
        from: sql`mic_deny`,
        select: sql`kind, value, reason, created_at`,
        where,
        sorts: { value: sql`value`, kind: sql`kind` },
        id: sql<string>`(kind || ':' || value)`,
        idType: 'text',
      },
      request,
    );
    return { ...page, items: page.items.map(denial) };
  }

  async find(kind: MicDenyKind, value: string, tx?: Transaction): Promise<MicDenial | undefined> {
    const row = await inTransaction(this.#db, tx)
      .selectFrom('mic_deny')
      .selectAll()
      .where('kind', '=', kind)
      .where('value', '=', value)
      .executeTakeFirst();
    return row === undefined ? undefined : denial(row);
  }

  async insert(tx: Transaction, kind: MicDenyKind, value: string, reason: string): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await inTransaction(this.#db, tx)
      .insertInto('mic_deny')
      .values({ kind, value, reason })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async remove(tx: Transaction, kind: MicDenyKind, value: string): Promise<boolean> {
    const { numDeletedRows } = await inTransaction(this.#db, tx)
      .deleteFrom('mic_deny')
      .where('kind', '=', kind)
      .where('value', '=', value)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

const denial = (row: { kind: string; value: string; reason: string; created_at: Date }): MicDenial => ({
  kind: row.kind as MicDenyKind,
  value: row.value,
  reason: row.reason,
  createdAt: row.created_at,
});

/** The ITL that is served; undefined before it was built for the first time. */
export async function newestTrustList(db: Kysely<Database>): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('trust_list')
    .select('bytes')
    .where('kind', '=', 'ITL')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.bytes;
}
