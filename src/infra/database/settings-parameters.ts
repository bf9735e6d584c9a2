import { type Kysely, sql } from 'kysely';
import type { ParameterStore } from '../../domain/settings/parameter-service.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';

/** Until the transaction ends, nobody else changes a parameter: few rows, rarely changed, and some have none to lock. */
export async function lockParameters(db: Kysely<Database>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('parameters'))`.execute(db);
}

export class ParametersStore implements ParameterStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async lock(tx: Transaction): Promise<void> {
    await lockParameters(inTransaction(this.#db, tx));
  }

  async serviceValues(tx?: Transaction) {
    const rows = await inTransaction(this.#db, tx)
      .selectFrom('service_parameter as p')
      .leftJoin('node as n', 'n.id', 'p.node_id')
      .select(['p.service', 'p.name', 'p.value', 'n.name as node'])
      .orderBy('n.name')
      .execute();
    return rows.map((each) => ({ ...each, node: each.node ?? undefined }));
  }

  async setServiceValue(
    tx: Transaction,
    service: string,
    name: string,
    node: string | undefined,
    value: string | undefined,
  ): Promise<boolean> {
    const db = inTransaction(this.#db, tx);
    let nodeId: string | null = null;
    if (node !== undefined) {
      const row = await db.selectFrom('node').select('id').where('name', '=', node).forKeyShare().executeTakeFirst();
      if (row === undefined) return false;
      nodeId = row.id;
    }
    if (value === undefined)
      await sql`delete from service_parameter where service = ${service} and name = ${name}
        and node_id is not distinct from ${nodeId}::uuid`.execute(db);
    else
      await sql`insert into service_parameter (service, name, node_id, value) values (${service}, ${name}, ${nodeId}::uuid, ${value})
        on conflict (service, name, node_id) do update set value = excluded.value`.execute(db);
    return true;
  }

  async enterpriseValues(tx?: Transaction): Promise<ReadonlyMap<string, string>> {
    const rows = await inTransaction(this.#db, tx)
      .selectFrom('enterprise_parameter')
      .select(['name', 'value'])
      .execute();
    return new Map(rows.map((each) => [each.name, each.value]));
  }

  async setEnterpriseValue(tx: Transaction, name: string, value: string | undefined): Promise<void> {
    const db = inTransaction(this.#db, tx);
    if (value === undefined) await db.deleteFrom('enterprise_parameter').where('name', '=', name).execute();
    else
      await db
        .insertInto('enterprise_parameter')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
  }
}
