import { type Kysely, type RawBuilder, sql } from 'kysely';
import {
  type ListRequest,
  type Page,
  type ResourceStore,
  StillReferenced,
  type Stored,
} from '../../domain/settings/resource.ts';
import { SettingFault, unknownReference } from '../../domain/settings/setting-fault.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { inTransaction } from './connect.ts';
import { keysetPage, searchCondition } from './keyset.ts';
import type { Database } from './schema.ts';
import { dependencyRecords, type SettingsTable } from './settings-table.ts';

type Row = { id: string; name: string; version: number } & Record<string, unknown>;

/** Any kind of settings object, as its table description says. */
export class SettingsStore<T extends object> implements ResourceStore<T> {
  readonly #db: Kysely<Database>;
  readonly #table: SettingsTable<T>;
  readonly #fields: readonly (keyof T & string)[];
  readonly #select: RawBuilder<unknown>;

  constructor(db: Kysely<Database>, table: SettingsTable<T>) {
    this.#db = db;
    this.#table = table;
    this.#fields = Object.keys(table.columns) as (keyof T & string)[];
    const fields = this.#fields.map(
      (field) => sql`${this.#expression(field)} as ${sql.ref(`field.${field}`.replace('.', '_'))}`,
    );
    this.#select = sql`t.id, ${table.name} as name, t.version, ${sql.join(fields)}`;
  }

  async list(request: ListRequest): Promise<Page<Stored<T>>> {
    const table = this.#table;
    const where: RawBuilder<boolean>[] = [];
    if (request.search !== undefined && request.search !== '')
      where.push(searchCondition(table.searched, request.search));
    for (const [field, value] of Object.entries(request.filters ?? {})) {
      const filter = table.filters?.[field];
      if (value !== undefined && filter !== undefined) where.push(filter(value));
    }
    const page = await keysetPage<Row>(
      this.#db,
      { from: this.#from(), select: this.#select, where, sorts: table.sorts, id: sql<string>`t.id`, idType: 'uuid' },
      request,
    );
    return { ...page, items: page.items.map((row) => this.#stored(row)) };
  }

  async find(name: string, tx?: Transaction): Promise<Stored<T> | undefined> {
    const lock = tx === undefined ? sql`` : sql`for update of t`;
    const { rows } = await sql<Row>`
      select ${this.#select} from ${this.#from()} where ${this.#table.byName(name)} ${lock}`.execute(
      inTransaction(this.#db, tx),
    );
    return rows[0] === undefined ? undefined : this.#stored(rows[0]);
  }

  async insert(tx: Transaction, value: T): Promise<Stored<T> | undefined> {
    const db = inTransaction(this.#db, tx);
    const columns = await this.#write(db, value);
    await this.#table.beforeWrite?.(db, value, undefined);
    // A taken name must not abort the transaction: it is an answer.
    const { rows } = await sql<{ id: string }>`
      insert into ${sql.table(this.#table.table)} (${sql.join(columns.map(([column]) => sql.ref(column)))})
      values (${sql.join(columns.map(([, expression]) => expression))})
      on conflict do nothing returning id`
      .execute(db)
      .catch(refused);
    const id = rows[0]?.id;
    if (id === undefined) return undefined;
    await this.#table.afterWrite?.(db, id, value);
    return this.#byId(db, id);
  }

  async update(tx: Transaction, current: Stored<T>, value: T): Promise<Stored<T> | undefined> {
    const db = inTransaction(this.#db, tx);
    const columns = await this.#write(db, value);
    await this.#table.beforeWrite?.(db, value, current.id);
    const set = columns.map(([column, expression]) => sql`${sql.ref(column)} = ${expression}`);
    try {
      await sql`update ${sql.table(this.#table.table)} set ${sql.join(set)}, version = version + 1 where id = ${current.id}::uuid`
        .execute(db)
        .catch(refused);
    } catch (error) {
      if ((error as { code?: unknown }).code === '23505') return undefined;
      throw error;
    }
    await this.#table.afterWrite?.(db, current.id, value);
    return this.#byId(db, current.id);
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await sql`delete from ${sql.table(this.#table.table)} where id = ${id}::uuid`
      .execute(inTransaction(this.#db, tx))
      .catch((error: unknown) => {
        const code = (error as { code?: unknown }).code;
        // 23001 is what PostgreSQL 18 says for ON DELETE RESTRICT; earlier ones say 23503.
        throw code === '23503' || code === '23001' ? new StillReferenced('still referenced', { cause: error }) : error;
      });
  }

  dependencies(id: string) {
    return dependencyRecords(this.#db, this.#table.dependencies, id);
  }

  #from(): RawBuilder<unknown> {
    return sql`${sql.table(this.#table.table)} as t`;
  }

  async #byId(db: Kysely<Database>, id: string): Promise<Stored<T>> {
    const { rows } = await sql<Row>`select ${this.#select} from ${this.#from()} where t.id = ${id}::uuid`.execute(db);
    return this.#stored(rows[0]!);
  }

  #expression(field: keyof T & string): RawBuilder<unknown> {
    const column = this.#table.columns[field];
    switch (column.kind) {
      case 'computed':
        return column.select;
      case 'reference':
        return sql`(select r.name from ${sql.table(column.table)} as r where r.id = ${sql.ref(`t.${column.column}`)})`;
      default:
        return sql.ref(`t.${column.column}`);
    }
  }

  /** Column → value. References are looked up and held, so that what they name cannot vanish before the commit. */
  async #write(db: Kysely<Database>, value: T): Promise<[string, RawBuilder<unknown>][]> {
    const columns: [string, RawBuilder<unknown>][] = [];
    for (const field of this.#fields) {
      const column = this.#table.columns[field];
      const given = value[field] as unknown;
      if (column.kind === 'plain') columns.push([column.column, sql`${given}`]);
      if (column.kind === 'json') columns.push([column.column, sql`${JSON.stringify(given)}::jsonb`]);
      if (column.kind === 'reference') {
        if (given === null) columns.push([column.column, sql`null`]);
        else {
          const { rows } = await sql<{ id: string }>`
            select id from ${sql.table(column.table)} where name = ${given} for key share`.execute(db);
          if (rows[0] === undefined) throw unknownReference(field, column.title, String(given));
          columns.push([column.column, sql`${rows[0].id}::uuid`]);
        }
      }
    }
    return columns;
  }

  #stored(row: Row): Stored<T> {
    const value = Object.fromEntries(this.#fields.map((field) => [field, row[`field_${field}`]])) as unknown as T;
    return { id: row.id, name: row.name, version: row.version, value };
  }
}

/** The schema's own limits are the last word: a value they refuse is the caller's mistake. */
function refused(error: unknown): never {
  const code = (error as { code?: unknown }).code;
  if (code === '23514') throw new SettingFault('caller', say('invalid_value.together'), { cause: error });
  throw error;
}
