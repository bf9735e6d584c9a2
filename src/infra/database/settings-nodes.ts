import { type Kysely, sql } from 'kysely';
import type { NodeRecord, NodeStore } from '../../domain/settings/node-service.ts';
import { StillReferenced } from '../../domain/settings/resource.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';
import { dependencyRecords } from './settings-table.ts';

interface Row {
  id: string;
  name: string;
  address: string;
  description: string;
  is_publisher: boolean;
  ports: Record<string, number>;
  version: string;
  last_seen_at: Date | null;
  up: boolean;
}

const select = sql`id, name, address, description, is_publisher, ports, version, last_seen_at,
  coalesce(last_seen_at > now() - interval '10 seconds', false) as up`;

export class NodesStore implements NodeStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async list(): Promise<readonly NodeRecord[]> {
    const { rows } = await sql<Row>`select ${select} from node order by name`.execute(this.#db);
    return rows.map(recordOf);
  }

  async find(name: string, tx?: Transaction): Promise<NodeRecord | undefined> {
    const lock = tx === undefined ? sql`` : sql`for no key update`;
    const { rows } = await sql<Row>`select ${select} from node where name = ${name} ${lock}`.execute(
      inTransaction(this.#db, tx),
    );
    return rows[0] === undefined ? undefined : recordOf(rows[0]);
  }

  async update(tx: Transaction, id: string, fields: { address: string; description: string }): Promise<void> {
    await inTransaction(this.#db, tx).updateTable('node').set(fields).where('id', '=', id).execute();
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    try {
      await inTransaction(this.#db, tx).deleteFrom('node').where('id', '=', id).execute();
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      throw code === '23503' || code === '23001' ? new StillReferenced('still referenced', { cause: error }) : error;
    }
  }

  async promote(tx: Transaction): Promise<string | undefined> {
    const { rows } = await sql<{ name: string }>`
      update node set is_publisher = true
      where id = (select id from node order by coalesce(last_seen_at > now() - interval '10 seconds', false) desc, created_at limit 1)
      returning name`.execute(inTransaction(this.#db, tx));
    return rows[0]?.name;
  }

  dependencies(id: string) {
    return dependencyRecords(
      this.#db,
      [
        {
          kind: 'call-manager-group',
          rows: (node) => sql`select g.name from call_manager_group g
            join call_manager_group_member m on m.group_id = g.id where m.node_id = ${node}::uuid`,
        },
        {
          kind: 'registration',
          rows: (node) => sql`select device_name as name from registration where node_id = ${node}::uuid`,
        },
      ],
      id,
    );
  }

  async switches(id: string, tx?: Transaction) {
    const rows = await inTransaction(this.#db, tx)
      .selectFrom('node_service')
      .select(['service', 'activated', 'changed_at'])
      .where('node_id', '=', id)
      .execute();
    return new Map(rows.map((each) => [each.service, { activated: each.activated, changedAt: each.changed_at }]));
  }

  async setSwitch(tx: Transaction, id: string, service: string, activated: boolean): Promise<void> {
    await inTransaction(this.#db, tx)
      .insertInto('node_service')
      .values({ node_id: id, service, activated })
      .onConflict((conflict) =>
        conflict.columns(['node_id', 'service']).doUpdateSet({ activated, changed_at: sql<Date>`now()` }),
      )
      .execute();
  }
}

function recordOf(row: Row): NodeRecord {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    description: row.description,
    publisher: row.is_publisher,
    ports: row.ports,
    version: row.version,
    lastSeenAt: row.last_seen_at ?? undefined,
    up: row.up,
  };
}
