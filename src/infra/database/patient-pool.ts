import { connect } from 'node:net';
import pg from 'pg';
import { outageOf } from '../../kernel/outage.ts';
import {
  connectionsBusy,
  type DatabaseFault,
  databaseSilent,
  databaseUnreachable,
  isDatabaseOutage,
  requestGivenUp,
} from './database-fault.ts';
import type { Silence } from './silence.ts';
import { currentScope } from './work-scope.ts';

/** How long the database may take, in ms. */
export interface Patience {
  /** A connection to be made, or to come free. */
  readonly connect: number;
  readonly statement: number;
  /** For a lock that somebody else holds. */
  readonly lock: number;
  /** A transaction in which nothing is asked any more. */
  readonly idleInTransaction: number;
}

export interface PoolOptions {
  readonly url: string;
  readonly max: number;
  /** What `pg_stat_activity` shows. */
  readonly name: string;
  readonly patience: Patience;
  /** Further settings of the session: `-c name=value`. */
  readonly settings?: string;
  /** While it is silent nothing waits: what is under way fails, and what comes is refused at once. */
  readonly silence?: Silence | undefined;
  /** Called when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: ((error: Error) => void) | undefined;
  /** Called when the database refused a statement because its disk is full. */
  readonly onFull?: (() => void) | undefined;
}

/** PostgreSQL keeps to the time by itself; this much later (ms) it is clear that it does not answer. */
const grace = 2_000;
/** For connections to say goodbye when the pool is closed, in ms. */
const farewell = 1_500;

type Callback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: boolean | Error) => void,
) => void;

/**
 * A pool in which nothing waits for ever: not for a connection, not for a lock, not for an answer that never comes. A statement whose asker has
 * gone (`WorkScope.signal`) is cancelled. Rejects with DatabaseFault where the database itself has not spoken.
 */
export class PatientPool extends pg.Pool {
  readonly #silence: Silence | undefined;
  readonly #max: number;
  readonly #open = new Set<pg.PoolClient>();
  readonly #endWatch: (() => void) | undefined;

  constructor({ url, max, name, patience, settings, silence, onIdleError, onFull }: PoolOptions) {
    super({
      connectionString: url,
      max,
      connectionTimeoutMillis: patience.connect,
      statement_timeout: patience.statement,
      lock_timeout: patience.lock,
      idle_in_transaction_session_timeout: patience.idleInTransaction,
      keepAlive: true,
      application_name: name,
      ...(settings === undefined ? {} : { options: settings }),
    });
    this.#max = max;
    this.#silence = silence;
    // An idle connection that breaks emits here; without a listener it would end the process.
    this.on('error', (error) => onIdleError?.(error));
    this.on('connect', (client) => {
      // The same holds for one that breaks while it is lent out; its query rejects too.
      client.on('error', () => {});
      this.#open.add(client);
      makePatient(client, patience.statement + grace, onFull);
    });
    this.on('remove', (client) => this.#open.delete(client));
    this.#endWatch = silence?.onChange((silent) => {
      if (silent) this.#cutAll();
    });
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    const lent = this.#lend();
    if (callback === undefined) return lent;
    lent.then(
      (client) => callback(undefined, client, client.release),
      (error: Error) => callback(error, undefined, () => {}),
    );
    return undefined;
  }

  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | undefined {
    const ended = this.#end();
    if (callback === undefined) return ended;
    ended.then(callback, callback);
    return undefined;
  }

  async #end(): Promise<void> {
    this.#endWatch?.();
    const late = setTimeout(() => this.#cutAll(), farewell);
    try {
      await super.end();
    } finally {
      clearTimeout(late);
    }
  }

  #lend(): Promise<pg.PoolClient> {
    const silence = this.#silence;
    if (silence?.silent) return Promise.reject(databaseSilent());
    return new Promise((resolve, reject) => {
      let waiting = true;
      const settle = (then: () => void) => {
        waiting = false;
        stop?.();
        then();
      };
      const stop = silence?.onChange((silent) => {
        if (silent) settle(() => reject(databaseSilent()));
      });
      super.connect().then(
        (client) => (waiting ? settle(() => resolve(client)) : client.release()),
        (error: Error) => settle(() => reject(this.#told(error))),
      );
    });
  }

  /** The driver says "timeout" for two things that have nothing in common. */
  #told(error: Error): Error {
    if (error.message === 'timeout exceeded when trying to connect') return connectionsBusy(this.#max, error);
    if (error.message === 'Connection terminated due to connection timeout') return databaseSilent({ cause: error });
    return isDatabaseOutage(error) ? databaseUnreachable(error) : error;
  }

  #cutAll(): void {
    for (const client of this.#open) cut(client, databaseSilent({ sent: true }));
  }
}

/** Why a connection was cut: whatever its holder still asks fails for the same reason. */
const cutWith = new WeakMap<pg.PoolClient, DatabaseFault>();

/** Its query rejects with `fault`, and the pool puts another connection in its place. */
function cut(client: pg.PoolClient, fault: DatabaseFault): void {
  if (cutWith.has(client)) return;
  cutWith.set(client, fault);
  client.connection.stream.destroy(fault);
}

/** Every query ends: by its answer, by time, or because nobody wants the answer any more. */
function makePatient(client: pg.PoolClient, patience: number, onFull: (() => void) | undefined): void {
  const failed = (error: unknown) => {
    if (outageOf(error) === 'full') onFull?.();
  };
  const ask = client.query.bind(client) as (...given: unknown[]) => unknown;
  const begin = (signal: AbortSignal | undefined) => {
    const timer = setTimeout(() => cut(client, databaseSilent({ sent: true })), patience).unref();
    const giveUp = () => {
      cancel(client);
      cut(client, requestGivenUp());
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    return () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
  };
  const patient = (...given: unknown[]): unknown => {
    const signal = currentScope()?.signal;
    // A connection in the middle of a transaction must not go back to the pool.
    if (signal?.aborted) cut(client, requestGivenUp());
    const fault = cutWith.get(client);
    const callback = given.at(-1);
    if (fault !== undefined) {
      if (typeof callback !== 'function') return Promise.reject(fault);
      process.nextTick(callback, fault);
      return undefined;
    }
    const end = begin(signal);
    if (typeof callback === 'function') {
      const told = (...answer: unknown[]) => {
        end();
        failed(answer[0]);
        callback(...answer);
      };
      return ask(...given.slice(0, -1), told);
    }
    const asked = ask(...given);
    if (asked instanceof Promise)
      asked.then(end, (error: unknown) => {
        end();
        failed(error);
      });
    else end();
    return asked;
  };
  client.query = patient as typeof client.query;
}

const cancelRequest = 80_877_102;

/**
 * CancelRequest of PostgreSQL's protocol, on a connection of its own: the server stops what this connection is doing. The connection is not used
 * again, so that a cancellation that comes late meets nobody else's statement.
 */
function cancel(client: pg.PoolClient): void {
  const { host, port, processID, secretKey } = client as pg.PoolClient & {
    readonly processID?: number | null;
    readonly secretKey?: unknown;
  };
  if (typeof processID !== 'number' || typeof secretKey !== 'number') return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(cancelRequest, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(5_000, () => socket.destroy());
  socket.on('error', () => {});
  socket.end(message);
}
