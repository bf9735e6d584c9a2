import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  databasePatience,
  type OpenDatabase,
  openDatabase,
  sideConnections,
} from '../../src/infra/database/connect.ts';
import { watchDatabase } from '../../src/infra/database/silence.ts';
import { inBackground, withinScope } from '../../src/infra/database/work-scope.ts';
import { root } from '../support/all-in-one.ts';
import { testDatabase } from '../support/database.ts';
import { silentLine } from '../support/silent-line.ts';

/** Long beside the 2 s that silence takes to be noticed, short beside the statement's own time. */
const soon = 8_000;

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, failed) => {
    timer = setTimeout(() => failed(new Error(`not done within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function until(look: () => Promise<boolean>, patience = 20_000): Promise<void> {
  for (const end = AbortSignal.timeout(patience); !(await look()); await new Promise((done) => setTimeout(done, 50)))
    end.throwIfAborted();
}

const sleeping = async ({ db }: Pick<OpenDatabase, 'db'>, mark: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where state = 'active' and query like ${`%pg_sleep%${mark}%`} and pid <> pg_backend_pid()`.execute(db);
  return rows[0]!.count;
};
const sleep = ({ db }: Pick<OpenDatabase, 'db'>, mark: string, seconds = 60) =>
  sql`select pg_sleep(${sql.lit(seconds)}) as ${sql.ref(mark)}`.execute(db);

describe('patience with the database', () => {
  it('has a time for every statement, every lock and every idle transaction, by what it is for', async () => {
    await using database = await testDatabase({ empty: true });
    const settings = async () => {
      const { rows } = await sql<{ name: string; setting: string }>`
        select name, setting from pg_settings
        where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`.execute(
        database.db,
      );
      return Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
    };
    const expected = ({
      statement,
      lock,
      idleInTransaction,
    }: (typeof databasePatience)[keyof typeof databasePatience]) => ({
      statement_timeout: statement,
      lock_timeout: lock,
      idle_in_transaction_session_timeout: idleInTransaction,
    });
    expect(await settings()).toEqual(expected(databasePatience.usual));
    expect(await inBackground(settings)).toEqual(expected(databasePatience.background));
    expect(await withinScope({ connections: 'reading' }, settings)).toEqual(expected(databasePatience.reading));
  });

  it('fails what is under way when the database falls silent, refuses what comes, and goes on when it speaks', async () => {
    await using database = await testDatabase({ empty: true });
    await using line = await silentLine(database.url);
    await using watch = watchDatabase(line.url);
    await using open = openDatabase(line.url, { max: 2, silence: watch });
    await sql`select 1`.execute(open.db);
    const work = open.transactions.run(async () => {
      line.silence();
      await sql`select 2`.execute(open.db);
    });
    // The two connections are taken: these wait for one.
    const waiting = [1, 2, 3].map(() => sql`select 3`.execute(open.db));
    for (const each of [work, ...waiting])
      await within(soon, expect(each).rejects.toMatchObject({ code: 'database_unavailable' }));
    expect(watch.silent).toBe(true);
    const before = performance.now();
    await expect(sql`select 4`.execute(open.db)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(performance.now() - before).toBeLessThan(1_000);
    line.speak();
    await until(async () => !watch.silent);
    expect((await sql<{ five: number }>`select 5 as five`.execute(open.db)).rows).toEqual([{ five: 5 }]);
  });

  it('does not call a database silent that refuses connections', async () => {
    await using database = await testDatabase({ empty: true });
    const line = await silentLine(database.url);
    await using watch = watchDatabase(line.url);
    await using open = openDatabase(line.url, { max: 2, silence: watch });
    await sql`select 1`.execute(open.db);
    await line[Symbol.asyncDispose]();
    await until(() =>
      sql`select 1`.execute(open.db).then(
        () => false,
        (error: { cause?: { code?: string } }) => error.cause?.code === 'ECONNREFUSED',
      ),
    );
    expect(watch.silent).toBe(false);
  });

  it('cancels in the database what nobody waits for any more, and lends the connection to nobody', async () => {
    await using database = await testDatabase({ empty: true });
    const gone = new AbortController();
    const asked = withinScope({ connections: 'reading', signal: gone.signal }, () => sleep(database, 'given_up'));
    asked.catch(() => {});
    await until(async () => (await sleeping(database, 'given_up')) === 1);
    gone.abort();
    await expect(asked).rejects.toMatchObject({ code: 'request_given_up' });
    await until(async () => (await sleeping(database, 'given_up')) === 0);
    const later = withinScope({ connections: 'reading', signal: gone.signal }, () =>
      sql`select 1`.execute(database.db),
    );
    await expect(later).rejects.toMatchObject({ code: 'request_given_up' });
    const { rows } = await withinScope({ connections: 'reading' }, () => sql`select 1 as one`.execute(database.db));
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('takes nothing back to the pool from the middle of a transaction that was given up', async () => {
    await using database = await testDatabase({ empty: true });
    const gone = new AbortController();
    const work = withinScope({ connections: 'reading', signal: gone.signal }, () =>
      database.db.transaction().execute(async (tx) => {
        await sql`create temporary table half (n integer)`.execute(tx);
        gone.abort();
        await sql`select 1`.execute(tx);
      }),
    );
    await expect(work).rejects.toMatchObject({ code: 'request_given_up' });
    for (let turn = 0; turn < sideConnections.reading * 2; turn++) {
      const { rows } = await withinScope({ connections: 'reading' }, () =>
        sql<{ half: string | null; busy: boolean }>`select to_regclass('half')::text as half`.execute(database.db),
      );
      expect(rows).toEqual([{ half: null }]);
    }
  });

  it('keeps the usual connections free while many long reads wait for theirs', async () => {
    await using database = await testDatabase({ empty: true, max: 2 });
    const gone = new AbortController();
    const reads = Array.from({ length: 12 }, () =>
      withinScope({ connections: 'reading', signal: gone.signal }, () => sleep(database, 'long_read')).catch(
        (error: { code: string }) => error.code,
      ),
    );
    await until(async () => (await sleeping(database, 'long_read')) === sideConnections.reading);
    expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    // Those that got no connection are told so; the others run until they are given up.
    const told = await Promise.race([Promise.all(reads.slice(sideConnections.reading)), undefined]);
    expect(told ?? (await Promise.all(reads.slice(sideConnections.reading)))).toEqual(
      Array.from({ length: 12 - sideConnections.reading }, () => 'database_busy'),
    );
    gone.abort();
    await Promise.all(reads);
    await until(async () => (await sleeping(database, 'long_read')) === 0);
  });
});

it('nothing in the program speaks to PostgreSQL without saying how patient it is', async () => {
  const folder = join(root, 'src');
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    for (const [call] of text.matchAll(/new pg\.(?:Pool|Client)\([^;]*;/g))
      if (!/Patience\b|query_timeout/.test(call) && !name.endsWith('silence.ts')) found.push(`${name}: ${call}`);
  }
  expect(found).toEqual([]);
});
