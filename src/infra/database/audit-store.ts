import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AuditEntryShown, AuditReader } from '../../domain/audit/audit-reader.ts';
import type { Checkpoint, SealedRecord } from '../../domain/audit/chain.ts';
import type { ListRequest, Page } from '../../domain/settings/resource.ts';
import { type AuditRow, atText, auditColumns, recordOf } from './audit-rows.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';

const batch = 1000;

const filters: Readonly<Record<string, (value: string | boolean) => RawBuilder<boolean>>> = {
  actor: (value) => sql`actor = ${value}`,
  action: (value) => sql`(action = ${value} or action like ${`${String(value).replace(/[\\%_]/g, '\\$&')}.%`})`,
  objectKind: (value) => sql`object_kind = ${value}`,
  objectId: (value) => sql`object_id = ${value}`,
  objectName: (value) => sql`object_name = ${value}`,
  from: (value) => sql`at >= ${value}::timestamptz`,
  to: (value) => sql`at < ${value}::timestamptz`,
};

/** The audit log for reading. */
export class AuditStore implements AuditReader {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(request: ListRequest): Promise<Page<AuditEntryShown>> {
    const where: RawBuilder<boolean>[] = [];
    if (request.search)
      where.push(
        searchCondition(
          [sql`actor`, sql`action`, sql`object_name`, sql`source_address`, sql`detail::text`],
          request.search,
        ),
      );
    for (const [field, value] of Object.entries(request.filters ?? {}))
      if (value !== undefined && filters[field] !== undefined) where.push(filters[field](value));
    const page = await keysetPage<AuditRow>(
      this.#db,
      {
        from: sql`audit_event`,
        select: auditColumns,
        where,
        sorts: { at: sql`at` },
        id: sql<string>`ordinal`,
        idType: 'bigint',
      },
      { ...request, sort: request.sort ?? '-at' },
    );
    return {
      ...page,
      items: page.items.map((row) => ({
        ...recordOf(row),
        seq: row.seq === null ? undefined : Number(row.seq),
        hash: row.hash ?? undefined,
      })),
    };
  }

  async *chain(fromSeq = 1): AsyncGenerator<{ event: SealedRecord } | { checkpoint: Checkpoint }> {
    // Sealed rows only grow at the end: stopping at the last checkpoint of now makes the reading one snapshot.
    const end = await sql<{ seq: string | null }>`
      select greatest((select max(seq) from audit_checkpoint), (select max(seq) from audit_event)) as seq`.execute(
      this.#db,
    );
    const last = Number(end.rows[0]?.seq ?? 0);
    for (let from = fromSeq; from <= last; from += batch) {
      const to = Math.min(from + batch - 1, last);
      const [events, checkpoints] = await Promise.all([
        sql<AuditRow>`select ${auditColumns} from audit_event where seq between ${from} and ${to} order by seq`.execute(
          this.#db,
        ),
        sql<{ seq: string; hash: Buffer; at_text: string; signature: Buffer; key_id: string }>`
          select seq, hash, ${atText} as at_text, signature, key_id from audit_checkpoint
          where seq between ${from} and ${to} order by seq`.execute(this.#db),
      ]);
      let next = 0;
      const until = (seq: number): { checkpoint: Checkpoint }[] => {
        const found: { checkpoint: Checkpoint }[] = [];
        for (; next < checkpoints.rows.length && Number(checkpoints.rows[next]!.seq) <= seq; next++) {
          const row = checkpoints.rows[next]!;
          found.push({
            checkpoint: {
              seq: Number(row.seq),
              hash: row.hash,
              at: row.at_text,
              signature: row.signature,
              keyId: row.key_id,
            },
          });
        }
        return found;
      };
      for (const row of events.rows) {
        const seq = Number(row.seq);
        yield* until(seq - 1);
        yield { event: { ...recordOf(row), seq, prevHash: row.prev_hash!, hash: row.hash! } };
      }
      yield* until(to);
    }
  }

  async overdue(): Promise<number> {
    const { rows } = await sql<{ count: string }>`
      select count(*) from audit_event where seq is null and at < now() - interval '1 minute'`.execute(this.#db);
    return Number(rows[0]!.count);
  }
}
