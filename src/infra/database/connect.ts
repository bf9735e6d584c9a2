import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '../../kernel/log.ts';
import { OutcomeUnknown, type Transaction, type Transactions } from '../../kernel/transaction.ts';
import { inOneTransaction, noteStatement, watched } from './change-watch.ts';
import { type CommitMark, commitMark, type Fate, fateOf } from './commit-fate.ts';
import { asksToTryAgain } from './outage.ts';
import type { Database } from './schema.ts';

/** `Tables`: which database it is; the cluster's own where nothing is said. */
export interface OpenDatabase<Tables = Database> extends AsyncDisposable {
  readonly db: Kysely<Tables>;
  readonly pool: pg.Pool;
  readonly transactions: Transactions;
}

export interface DatabaseOptions {
  /** Most connections at once. */
  readonly max: number;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

/** A connection attempt that takes longer than this counts as failed, so that a lost database is an answer and not a hang. In ms. */
const connectionPatience = 5_000;

/** Opens no connection yet: the first query does, and so does every one after an outage. */
export function openDatabase<Tables = Database>(url: string, options: DatabaseOptions): OpenDatabase<Tables> {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    connectionTimeoutMillis: connectionPatience,
    keepAlive: true,
    application_name: 'firstring',
  });
  // An idle connection that breaks emits here; without a listener it would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // The same holds for one that breaks while it is lent out; its query rejects too.
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: noteStatement });
  return {
    db,
    pool,
    transactions: transactionsOf(db),
    async [Symbol.asyncDispose]() {
      await db.destroy();
    },
  };
}

export interface WaitOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** In ms. Default 30,000. */
  readonly patience?: number;
}

/** Not there yet: refused, no such name yet, no route, starting up, shutting down. Anything else will not become better. */
const notYet = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03', '57P01']);

/** Resolves when the database takes connections. A database that starts together with us needs a moment; rejects when it is not there in time. */
export async function waitForDatabase(url: string, { log, signal, patience = 30_000 }: WaitOptions): Promise<void> {
  const until = Date.now() + patience;
  for (let told = false; ; told = true) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectionPatience });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      if (!notYet.has(code) || Date.now() > until || signal.aborted) throw error;
      if (!told) log.warn({ reason: code }, 'waiting for the database');
    } finally {
      await client.end().catch(() => {});
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

const attempts = 3;

/** How long a commit whose answer got lost is looked for, in ms; and where somebody watches who waits for it. */
const lookPatience = 2_500;
const watcherPatience = 3_600_000;

/**
 * Work that lost a deadlock runs again in a fresh transaction, so it must be nothing but database work. Where the answer to a commit gets lost, the
 * database is asked whether it took place.
 */
export function transactionsOf<Tables>(db: Kysely<Tables>): Transactions {
  return {
    async run(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await oneTransaction(db, work);
        } catch (error) {
          if (attempt >= attempts || !asksToTryAgain(error)) throw error;
        }
      }
    },
  };
}

/** One transaction, begun once: for work that cannot be begun anew. */
export async function oneTransaction<Tables, T>(db: Kysely<Tables>, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const watch = watched();
  const open = await db.startTransaction().execute();
  const tx = open as unknown as Transaction;
  // Also gives the connection back; where it is gone, the pool throws it away.
  const rollBack = () =>
    open
      .rollback()
      .execute()
      .catch(() => {});
  let result: T;
  let mark: CommitMark | undefined;
  try {
    [result, mark] = await inOneTransaction(async () => {
      const done = await work(tx);
      const changed = await commitMark(open);
      if (changed !== undefined) await watch?.options.beforeCommit?.(tx);
      return [done, changed] as const;
    });
  } catch (error) {
    await rollBack();
    throw error;
  }
  try {
    await open.commit().execute();
  } catch (error) {
    await rollBack();
    // What only read has its result.
    if (mark === undefined) return result;
    const fate = isRefusal(error) ? 'aborted' : await soughtFate(db, mark, error);
    if (fate === 'aborted') throw error;
    if (fate === 'unknown') {
      if (watch !== undefined) watch.changes.inDoubt = true;
      throw new OutcomeUnknown(error);
    }
  }
  if (watch !== undefined && mark !== undefined) watch.changes.made = true;
  return result;
}

/** PostgreSQL answered the commit, and the answer was no: a deferred constraint, a lost serialisation, a transaction that had failed. */
const isRefusal = (error: unknown) => /^(?:23|25|40|P0)/.test(String((error as { code?: unknown }).code ?? ''));

async function soughtFate<Tables>(db: Kysely<Tables>, mark: CommitMark, cause: unknown): Promise<Fate> {
  const fate = await fateOf(db, mark, lookPatience);
  const { onDoubt, wasCommitted } = watched()?.options ?? {};
  if (fate !== 'unknown' || onDoubt === undefined) return fate;
  onDoubt(new OutcomeUnknown(cause));
  const later = await fateOf(db, mark, watcherPatience);
  if (later !== 'unknown' || wasCommitted === undefined) return later;
  return (await wasCommitted()) ? 'committed' : 'aborted';
}

/** The handle to query with: inside `tx` where one is given, else `db` itself. The one place that knows what a Transaction is. */
export function inTransaction<Tables>(db: Kysely<Tables>, tx?: Transaction): Kysely<Tables> {
  return tx === undefined ? db : (tx as unknown as KyselyTransaction<Tables>);
}
