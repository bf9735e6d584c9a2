import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '../../kernel/log.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
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
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
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

/** Deadlock, and serialisation failure: PostgreSQL rolled back and asks to try again. */
const tryAgain = new Set(['40P01', '40001']);
const attempts = 3;

/** Work that lost a deadlock runs again in a fresh transaction, so it must be nothing but database work. */
export function transactionsOf<Tables>(db: Kysely<Tables>): Transactions {
  return {
    async run(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await db.transaction().execute((tx) => work(tx as unknown as Transaction));
        } catch (error) {
          if (attempt >= attempts || !tryAgain.has((error as { code?: string }).code ?? '')) throw error;
        }
      }
    },
  };
}

/** The handle to query with: inside `tx` where one is given, else `db` itself. The one place that knows what a Transaction is. */
export function inTransaction<Tables>(db: Kysely<Tables>, tx?: Transaction): Kysely<Tables> {
  return tx === undefined ? db : (tx as unknown as KyselyTransaction<Tables>);
}
