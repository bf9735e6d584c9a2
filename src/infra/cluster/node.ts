import { type Kysely, sql } from 'kysely';
import type { Transactions } from '../../kernel/transaction.ts';
import { inTransaction } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';

export interface NodeOptions {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly name: string;
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly version: string;
}

export interface ClusterNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** The row of this node, made at its first start. A new node joins the default Call Manager group, as its last member, while there is room for it (five). */
export async function registerNode(options: NodeOptions): Promise<ClusterNode> {
  const { name, address, version } = options;
  const ports = JSON.stringify(options.ports);
  return options.transactions.run(async (tx) => {
    const db = inTransaction(options.db, tx);
    const group = await db
      .selectFrom('call_manager_group')
      .select('id')
      .where('tftp_default', '=', true)
      .forUpdate()
      .executeTakeFirst();
    const known = await db.selectFrom('node').select(['id', 'address']).where('name', '=', name).executeTakeFirst();
    if (known !== undefined) {
      await db
        .updateTable('node')
        .set({ address, ports, version, last_seen_at: sql<Date>`now()` })
        .where('id', '=', known.id)
        .execute();
      return { id: known.id, name, address };
    }
    const first = (await db.selectFrom('node').select('id').limit(1).executeTakeFirst()) === undefined;
    const { id } = await db
      .insertInto('node')
      .values({ name, address, ports, version, is_publisher: first, last_seen_at: sql<Date>`now()` })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (group !== undefined) {
      await sql`insert into call_manager_group_member (group_id, node_id, priority)
        select ${group.id}, ${id}, n from generate_series(0, 4) as n
        where not exists (select 1 from call_manager_group_member where group_id = ${group.id} and priority >= n)
        order by n limit 1`.execute(db);
    }
    return { id, name, address };
  });
}

export interface HeartbeatOptions {
  readonly db: Kysely<Database>;
  readonly nodeId: string;
  readonly onChange: (up: boolean, error?: unknown) => void;
}

export interface Heartbeat extends AsyncDisposable {
  /** Whether the database answered the last time it was asked. */
  readonly up: boolean;
}

const pause = 2_000;
const pauseWhileDown = 500;
const patience = 2_500;

/** Keeps `node.last_seen_at` fresh and so finds out whether the database answers and takes writes. */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  let up = true;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const beat = async () => {
    let answered = true;
    let problem: unknown;
    let giveUp: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, failed) => {
        giveUp = setTimeout(() => failed(new Error('the database does not answer')), patience);
      });
      const asked = options.db
        .updateTable('node')
        .set({ last_seen_at: sql<Date>`now()` })
        .where('id', '=', options.nodeId)
        .execute();
      asked.catch(() => {});
      await Promise.race([asked, late]);
    } catch (error) {
      answered = false;
      problem = error;
    } finally {
      clearTimeout(giveUp);
    }
    if (answered !== up && !closed) {
      up = answered;
      options.onChange(up, problem);
    }
    if (!closed) timer = setTimeout(turn, up ? pause : pauseWhileDown);
  };
  const turn = () => {
    running = beat();
  };
  turn();
  return {
    get up() {
      return up;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
