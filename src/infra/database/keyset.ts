import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ListRequest, Page } from '../../domain/settings/resource.ts';
import { SettingFault } from '../../domain/settings/setting-fault.ts';
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../kernel/bytes.ts';
import { say } from '../../texts/say.ts';
import type { Database } from './schema.ts';

export interface KeysetQuery {
  /** `table as t`, joins included. */
  readonly from: RawBuilder<unknown>;
  readonly select: RawBuilder<unknown>;
  readonly where: readonly RawBuilder<boolean>[];
  /** Sort field → expression; the first is the default. */
  readonly sorts: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Unique: breaks ties. */
  readonly id: RawBuilder<string>;
  readonly idType: 'uuid' | 'bigint' | 'text';
}

/**
 * One page by position in the order, not by counting rows: as quick on the last page as on the first, and steady while rows come and go.
 * The cursor is the sort value and id of the last row shown.
 */
export async function keysetPage<Row>(
  db: Kysely<Database>,
  query: KeysetQuery,
  request: ListRequest,
): Promise<Page<Row>> {
  const limit = request.limit ?? 50;
  const wanted = request.sort ?? Object.keys(query.sorts)[0]!;
  const descending = wanted.startsWith('-');
  const field = descending ? wanted.slice(1) : wanted;
  const sort = query.sorts[field];
  if (sort === undefined)
    throw new SettingFault('caller', say('invalid_value.sort', { field, sorts: Object.keys(query.sorts).join(', ') }), {
      field: 'sort',
    });
  const direction = descending ? sql`desc` : sql`asc`;
  const where = all(query.where);
  const idType = sql.raw(query.idType);
  const after = request.cursor === undefined ? undefined : readCursor(request.cursor, wanted, query.idType);
  const position =
    after === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(${sort}, ${query.id}) ${descending ? sql`<` : sql`>`} (${after.value}, ${after.id}::${idType})`;
  const [page, count] = await Promise.all([
    sql<Row & { keyset_sort: string; keyset_id: string }>`
      select ${query.select}, (${sort})::text as keyset_sort, (${query.id})::text as keyset_id
      from ${query.from} where ${where} and ${position}
      order by ${sort} ${direction}, ${query.id} ${direction} limit ${limit + 1}`.execute(db),
    sql<{ total: string }>`select count(*) as total from ${query.from} where ${where}`.execute(db),
  ]);
  const shown = page.rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    // What the cursor is made of is no part of a row.
    items: shown.map(({ keyset_sort: _sort, keyset_id: _id, ...row }) => row as unknown as Row),
    total: Number(count.rows[0]!.total),
    ...(page.rows.length > limit && last !== undefined
      ? { nextCursor: writeCursor(wanted, last.keyset_sort, last.keyset_id) }
      : {}),
  };
}

/** Anywhere in any of the expressions, in any case. */
export function searchCondition(expressions: readonly RawBuilder<string>[], text: string): RawBuilder<boolean> {
  const pattern = `%${text.replace(/[\\%_]/g, (each) => `\\${each}`)}%`;
  return sql<boolean>`(${sql.join(
    expressions.map((each) => sql`${each} ilike ${pattern}`),
    sql` or `,
  )})`;
}

function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

function writeCursor(sort: string, value: string, id: string): string {
  return toBase64url(utf8(JSON.stringify([sort, value, id])));
}

const idForms = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  bigint: /^\d{1,18}$/,
  text: /^[^\0]{0,200}$/,
};

function readCursor(cursor: string, sort: string, idType: KeysetQuery['idType']): { value: string; id: string } {
  const bad = () => new SettingFault('caller', say('invalid_cursor'), { field: 'cursor' });
  try {
    const parts: unknown = JSON.parse(fromUtf8(fromBase64url(cursor) ?? new Uint8Array([0xff])));
    if (
      Array.isArray(parts) &&
      parts.length === 3 &&
      parts.every((each) => typeof each === 'string' && !each.includes('\0'))
    ) {
      const [of, value, id] = parts as [string, string, string];
      if (of === sort && idForms[idType].test(id) && value.isWellFormed()) return { value, id };
    }
  } catch {
    throw bad();
  }
  throw bad();
}
