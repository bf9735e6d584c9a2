import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InsertObject, type Kysely, sql } from 'kysely';
import { Fault } from '../../kernel/errors.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { inTransaction } from '../database/connect.ts';
import type { Database } from '../database/schema.ts';

/** Another running node has this node's name. */
export class NodeNameFault extends Fault<'node_name_taken'> {}

export interface NodeOptions {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly name: string;
  readonly address: string;
  readonly ports: Readonly<Record<string, number>>;
  readonly version: string;
  /** UUID of the data directory this process has locked: one process per directory, so it names the process as well. */
  readonly instance: string;
}

export interface ClusterNode {
  readonly id: string;
  readonly name: string;
  readonly address: string;
}

/** The right to be the node of this name, as far as it could be seen; `joinCluster` makes sure. */
export interface NodeClaim extends ClusterNode {
  /** The heartbeat that was there, as text; undefined: there was none. */
  readonly seenAt: string | undefined;
}

/** A heartbeat older than this many seconds says that its process is gone. */
const staleAfter = 15;
/** A younger one is watched for so long, in ms: a process that lives moves it every 2 s. */
const watchFor = 7_000;
const lookEvery = 500;
const lockKey = 0x6672_6e64;

interface Row {
  readonly id: string;
  readonly address: string;
  readonly instance: string | null;
  readonly seenAt: string | null;
  readonly fresh: boolean | null;
}

/**
 * Who this node is in the database: known by its name, or new with an id of its own. Writes nothing. Throws `node_name_taken` while another
 * process lives under that name; where one may have died just now, it watches for some seconds.
 */
export async function claimNode(options: NodeOptions): Promise<NodeClaim> {
  const { db, name, address } = options;
  const until = performance.now() + watchFor;
  let first: string | null | undefined;
  for (;;) {
    const row = await find(db, name);
    if (row === undefined) return { id: randomUUID(), name, address, seenAt: undefined };
    const claim = { id: row.id, name, address, seenAt: row.seenAt ?? undefined };
    if (isFree(row, options)) return claim;
    first ??= row.seenAt;
    if (row.seenAt !== first) throw taken(row, options);
    if (performance.now() > until) return claim;
    await sleep(lookEvery);
  }
}

/**
 * Makes the node part of the cluster, all or nothing: its row, its certificates (`keep`), and for a new one the last place in the default Call Manager
 * group, while there is room (five). Throws `node_name_taken` when somebody else became the node of that name since `claim`.
 */
export async function joinCluster(
  options: NodeOptions,
  claim: NodeClaim,
  keep: (tx: Transaction) => Promise<void>,
): Promise<void> {
  const { name, address, version, instance } = options;
  const row = { address, ports: JSON.stringify(options.ports), version, instance, last_seen_at: sql<Date>`now()` };
  await options.transactions.run(async (tx) => {
    const db = inTransaction(options.db, tx);
    await sql`select pg_advisory_xact_lock(${lockKey})`.execute(db);
    const known = await find(db, name);
    if (known !== undefined && !isFree(known, options) && known.seenAt !== (claim.seenAt ?? null))
      throw taken(known, options);
    if (known !== undefined && known.id !== claim.id) throw taken(known, options);
    if (known === undefined) await add(db, { id: claim.id, name, ...row });
    else await db.updateTable('node').set(row).where('id', '=', known.id).execute();
    await keep(tx);
  });
}

async function add(db: Kysely<Database>, row: InsertObject<Database, 'node'> & { readonly id: string }): Promise<void> {
  const group = await db
    .selectFrom('call_manager_group')
    .select('id')
    .where('tftp_default', '=', true)
    .forUpdate()
    .executeTakeFirst();
  const first = (await db.selectFrom('node').select('id').limit(1).executeTakeFirst()) === undefined;
  await db
    .insertInto('node')
    .values({ ...row, is_publisher: first })
    .execute();
  if (group === undefined) return;
  await sql`insert into call_manager_group_member (group_id, node_id, priority)
    select ${group.id}, ${row.id}, n from generate_series(0, 4) as n
    where not exists (select 1 from call_manager_group_member where group_id = ${group.id} and priority >= n)
    order by n limit 1`.execute(db);
}

async function find(db: Kysely<Database>, name: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select id, address, instance, last_seen_at::text as "seenAt",
      last_seen_at > now() - make_interval(secs => ${staleAfter}) as fresh
    from node where name = ${name}`.execute(db);
  return rows[0];
}

/** Left in order, dead for long, or this very node before it was killed. */
function isFree(row: Row, { instance, address }: NodeOptions): boolean {
  return row.instance === null || row.fresh !== true || (row.instance === instance && row.address === address);
}

function taken(row: Row, { name, address }: NodeOptions): NodeNameFault {
  return new NodeNameFault(
    'caller',
    'node_name_taken',
    `another node runs under the name ${name}, at ${row.address}; this one is at ${address}`,
    {
      remedy: `Give this node a name of its own with node.name (FIRSTRING_NODE_NAME). If it takes the place of the one at ${row.address}, stop that one first.`,
      detail: { address: row.address },
    },
  );
}

export interface HeartbeatOptions {
  readonly db: Kysely<Database>;
  readonly nodeId: string;
  readonly instance: string;
  readonly onChange: (up: boolean, error?: unknown) => void;
  /** Somebody else runs under this node's name now, or an administrator removed it. Told once. */
  readonly onReplaced: () => void;
}

export interface Heartbeat extends AsyncDisposable {
  /** Whether the database answered the last time it was asked. */
  readonly up: boolean;
  readonly replaced: boolean;
}

const pause = 2_000;
const pauseWhileDown = 500;
const patience = 2_500;

/**
 * Keeps `node.last_seen_at` fresh and so finds out whether the database answers and takes writes. Disposing it leaves the name free for whoever starts
 * next.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { db, nodeId, instance } = options;
  let up = true;
  let replaced = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const mine = () => db.updateTable('node').where('id', '=', nodeId).where('instance', '=', instance);
  const beat = async () => {
    let answered = true;
    let problem: unknown;
    try {
      const { numUpdatedRows } = await inTime(mine().set({ last_seen_at: sql<Date>`now()` }).executeTakeFirstOrThrow());
      if (numUpdatedRows === 0n && !replaced && !closed) {
        replaced = true;
        options.onReplaced();
      }
    } catch (error) {
      answered = false;
      problem = error;
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
    get replaced() {
      return replaced;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await running;
      if (up) await inTime(mine().set({ instance: null }).execute()).catch(() => {});
    },
  };
}

async function inTime<T>(asked: Promise<T>): Promise<T> {
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    giveUp = setTimeout(() => failed(new Error('the database does not answer')), patience);
  });
  asked.catch(() => {});
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(giveUp);
  }
}
