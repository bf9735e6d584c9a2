import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Dependency } from '../../domain/settings/setting-fault.ts';
import type { Database } from './schema.ts';

/** One field of an object ↔ one column of its row. */
export type Column =
  | { readonly kind: 'plain'; readonly column: string }
  | { readonly kind: 'json'; readonly column: string }
  | {
      readonly kind: 'reference';
      /** Holds the id; the field holds the name. */
      readonly column: string;
      readonly table: string;
      /** In sentences. */
      readonly title: string;
    }
  /** Not a column: read by an expression over the row `t`, written by `afterWrite`. */
  | { readonly kind: 'computed'; readonly select: RawBuilder<unknown> };

export const plain = (column: string): Column => ({ kind: 'plain', column });
export const json = (column: string): Column => ({ kind: 'json', column });
export const reference = (column: string, table: string, title: string): Column => ({
  kind: 'reference',
  column,
  table,
  title,
});

/** Rows of another table that refer to one of ours. */
export interface DependencyQuery {
  readonly kind: string;
  /** A query with one column `name`, given our row's id. */
  readonly rows: (id: string) => RawBuilder<{ name: string }>;
}

/** How one kind of settings object lies in the database. The row is `t` in every expression. */
export interface SettingsTable<T> {
  readonly table: keyof Database & string;
  readonly columns: { readonly [K in keyof T & string]: Column };
  /** The name in URLs and sentences. */
  readonly name: RawBuilder<string>;
  readonly byName: (name: string) => RawBuilder<boolean>;
  /** Where `search` looks. */
  readonly searched: readonly RawBuilder<string>[];
  /** Sort field → expression. The first is the default. Ties are broken by id. */
  readonly sorts: Readonly<Record<string, RawBuilder<unknown>>>;
  /** Filter field → condition. */
  readonly filters?: Readonly<Record<string, (value: string | boolean) => RawBuilder<boolean>>>;
  readonly dependencies: readonly DependencyQuery[];
  /** Before the row is written: make room for it. */
  readonly beforeWrite?: (db: Kysely<Database>, value: T, id: string | undefined) => Promise<void>;
  /** Writes what is not a column of the row itself. */
  readonly afterWrite?: (db: Kysely<Database>, id: string, value: T) => Promise<void>;
}

/** Dependants whose own column `column` holds our id, called by their column `name`. */
export function dependants(kind: string, table: string, column: string, name = 'name'): DependencyQuery {
  return {
    kind,
    rows: (id) =>
      sql`select ${sql.ref(`d.${name}`)} as name from ${sql.table(table)} as d where ${sql.ref(`d.${column}`)} = ${id}::uuid`,
  };
}

/** Counts and names what depends on a row: at most ten names of each kind. */
export async function dependencyRecords(
  db: Kysely<Database>,
  queries: readonly DependencyQuery[],
  id: string,
): Promise<readonly Dependency[]> {
  const found: Dependency[] = [];
  for (const query of queries) {
    const { rows } = await sql<{ count: string; names: string[] }>`
      with dependant as (${query.rows(id)})
      select (select count(*) from dependant) as count,
             array(select name from dependant order by name limit 10) as names`.execute(db);
    const count = Number(rows[0]!.count);
    if (count > 0) found.push({ kind: query.kind, count, names: rows[0]!.names });
  }
  return found;
}
