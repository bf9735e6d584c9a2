import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, type Transaction as KyselyTransaction, PostgresDialect } from 'kysely';
import pg from 'pg';
import { Fault } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { OutcomeUnknown, type Transaction, type Transactions } from '../../kernel/transaction.ts';
import { inOneTransaction, noteStatement, watched } from './change-watch.ts';
import { type CommitMark, commitMark, type Fate, fateOf } from './commit-fate.ts';
import { DatabaseFault, isDatabaseOutage } from './database-fault.ts';
import { asksToTryAgain } from './outage.ts';
import { type Patience, PatientPool } from './patient-pool.ts';
import type { Database } from './schema.ts';
import type { Silence } from './silence.ts';
import { currentScope } from './work-scope.ts';

/**
 * How long the database may take, by what it is asked for. The one place that says so; everything that speaks to PostgreSQL for longer than a
 * moment takes one of these.
 */
export const databasePatience = {
  /** Requests that somebody waits for. */
  usual: { connect: 2_500, statement: 10_000, lock: 5_000, idleInTransaction: 30_000 },
  /** Lists, searches and exports over a million rows. */
  reading: { connect: 2_500, statement: 20_000, lock: 5_000, idleInTransaction: 30_000 },
  /** Jobs, sweeps, bulk files, steps of the start: nobody waits. */
  background: { connect: 10_000, statement: 300_000, lock: 120_000, idleInTransaction: 120_000 },
  /** A phone's handshake: each statement finds its rows by key. */
  handshake: { connect: 2_500, statement: 5_000, lock: 3_000, idleInTransaction: 10_000 },
} as const satisfies Readonly<Record<string, Patience>>;

/** A migration takes as long as it takes, whatever the role's own settings are. For the driver. */
export const migrationPatience = {
  connectionTimeoutMillis: databasePatience.background.connect,
  keepAlive: true,
  options: '-c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0',
} as const;

/** For a connection that is asked a few short things. For the driver. */
export const shortPatience = {
  connectionTimeoutMillis: databasePatience.usual.connect,
  statement_timeout: databasePatience.usual.statement,
  query_timeout: databasePatience.usual.statement,
  lock_timeout: databasePatience.usual.lock,
  idle_in_transaction_session_timeout: databasePatience.usual.idleInTransaction,
  keepAlive: true,
} as const;

/** Connections beside the usual ones, at most: few, so that what takes long does not take everything. */
export const sideConnections = { reading: 4, background: 6 } as const;

/** `Tables`: which database it is; the cluster's own where nothing is said. */
export interface OpenDatabase<Tables = Database> extends AsyncDisposable {
  /** Takes its connections by the WorkScope it is asked in. */
  readonly db: Kysely<Tables>;
  /** The usual connections. */
  readonly pool: pg.Pool;
  readonly transactions: Transactions;
}

export interface DatabaseOptions {
  /** Most usual connections at once; those of `sideConnections` come on top. */
  readonly max: number;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
  /** Of whoever watches this database: while it is silent, nothing waits for it. */
  readonly silence?: Silence;
  /** Called when the database refused a statement because its disk is full. */
  readonly onFull?: () => void;
  /** Everything may take as long as in the background: for commands, which a person can interrupt. */
  readonly unhurried?: boolean;
}

/** Opens no connection yet: the first query does, and so does every one after an outage. */
export function openDatabase<Tables = Database>(url: string, options: DatabaseOptions): OpenDatabase<Tables> {
  const { max, onIdleError, onFull, silence, unhurried } = options;
  const common = { url, silence, onIdleError, onFull };
  const pool = new PatientPool({
    ...common,
    max,
    name: 'firstring',
    patience: unhurried ? databasePatience.background : databasePatience.usual,
  });
  const side = (purpose: keyof typeof sideConnections) =>
    new PatientPool({
      ...common,
      max: sideConnections[purpose],
      name: `firstring ${purpose}`,
      patience: databasePatience[purpose],
    });
  const sides = { reading: side('reading'), background: side('background') };
  const db = new Kysely<Tables>({
    log: noteStatement,
    dialect: new PostgresDialect({
      pool: {
        connect: () => {
          const connections = currentScope()?.connections;
          return (connections === undefined ? pool : sides[connections]).connect();
        },
        async end() {
          await Promise.all([pool.end(), sides.reading.end(), sides.background.end()]);
        },
      },
    }),
  });
  return {
    db,
    pool,
    transactions: transactionsOf(db),
    async [Symbol.asyncDispose]() {
      await db.destroy();
      // Where nothing was asked through `db`, it does not know of the pool.
      if (!pool.ending) await pool.end();
    },
  };
}

export class DatabaseStartFault extends Fault<'database_not_reached' | 'database_refused'> {}

export interface WaitOptions {
  readonly log: Log;
  readonly signal: AbortSignal;
  /** For a database that is not there at all, in ms. Default 30,000. One that is there and slow, full or starting is waited for as long as it takes. */
  readonly patience?: number;
}

/** Nobody there: refused, no such name yet, no route. */
const notThere = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
/** While it waits, it says so this often, in ms. */
const sayEvery = 30_000;

/**
 * Resolves when the database takes connections. A database that starts together with us needs a moment, and one that is out of connections gives
 * one back some time. Rejects when nobody is there in time, with a DatabaseStartFault, and with the signal's reason.
 */
export async function waitForDatabase(url: string, { log, signal, patience = 30_000 }: WaitOptions): Promise<void> {
  const until = Date.now() + patience;
  const say = waitingWords(log);
  for (;;) {
    signal.throwIfAborted();
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: databasePatience.background.connect,
      query_timeout: databasePatience.background.connect,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return;
    } catch (error) {
      const code = (error as { code?: string }).code ?? '';
      const missing = notThere.has(code);
      if (missing ? Date.now() > until : !isDatabaseOutage(error)) throw startFault(error, code, missing);
      say(error);
    } finally {
      client.end().catch(() => {});
    }
    await pauseUnlessStopped(500, signal);
  }
}

/**
 * Runs `attempt` until it succeeds, as long as nothing but the database's slowness or absence is in the way; says so. `attempt` undoes what it
 * began when it fails. Rejects with the signal's reason when that is aborted in between.
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  { log, signal }: Pick<WaitOptions, 'log' | 'signal'>,
): Promise<T> {
  const say = waitingWords(log);
  for (let pause = 500; ; pause = Math.min(pause * 2, 5_000)) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!isDatabaseOutage(error)) throw error;
      say(error);
    }
    await pauseUnlessStopped(pause, signal);
  }
}

function waitingWords(log: Log): (error: unknown) => void {
  let nextAt = 0;
  return (error) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + sayEvery;
    const { code, message } = error as { code?: string; message?: string };
    log.warn({ reason: message, code }, 'the start waits for the database and tries again');
  };
}

function startFault(cause: unknown, code: string, missing: boolean): DatabaseStartFault {
  const { message } = cause as Error;
  return missing
    ? new DatabaseStartFault('caller', 'database_not_reached', `cannot reach the database: ${message} (${code})`, {
        remedy:
          'Start PostgreSQL, or correct database.url (FIRSTRING_DATABASE_URL); leave it out for the embedded one.',
        cause,
      })
    : new DatabaseStartFault('caller', 'database_refused', `the database refuses this node: ${message}`, {
        remedy: 'Correct name, password and database in database.url (FIRSTRING_DATABASE_URL).',
        cause,
      });
}

function pauseUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

const attempts = 3;

/** How long a commit whose answer got lost is looked for, in ms; and where somebody watches who waits for it. */
const lookPatience = 2_500;
const watcherPatience = 3_600_000;
/** A database that has fallen silent will hardly answer this question, and a door answers within 3 s. */
const silentPatience = 300;

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
  const fate = await fateOf(db, mark, cause instanceof DatabaseFault ? silentPatience : lookPatience);
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
