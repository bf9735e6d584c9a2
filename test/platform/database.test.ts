import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { inTransaction, waitForDatabase } from '../../src/infra/database/connect.ts';
import { type Migration, MigrationFault, migrate } from '../../src/infra/database/migrate.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { testDatabase } from '../support/database.ts';
import { freePortBase } from '../support/ports.ts';

const step = (number: number, name: string, text: string): Migration => ({
  number,
  name,
  sql: text,
  checksum: `sum of ${text}`,
});

describe('migrations', () => {
  it('applies each file once, in order', async () => {
    await using database = await testDatabase({ empty: true });
    const files = [
      step(1, '0001-a.sql', 'create table a (x integer)'),
      step(2, '0002-b.sql', 'alter table a add y integer'),
    ];
    expect(await migrate(database.url, files)).toEqual(['0001-a.sql', '0002-b.sql']);
    expect(await migrate(database.url, files)).toEqual([]);
  });

  it('lets one of several nodes migrate while the others wait', async () => {
    await using database = await testDatabase({ empty: true });
    const files = [step(1, '0001-a.sql', 'create table a (x integer); select pg_sleep(0.1)')];
    const results = await Promise.all([1, 2, 3].map(() => migrate(database.url, files)));
    expect(results.flat()).toEqual(['0001-a.sql']);
  });

  it('leaves nothing of a file that fails, and says its line', async () => {
    await using database = await testDatabase({ empty: true });
    const files = [step(1, '0001-a.sql', 'create table a (x integer);\ncreate table b (\n  x no_such_type)')];
    await expect(migrate(database.url, files)).rejects.toThrow(/0001-a\.sql \(line 3\): .*no_such_type/);
    const { rows } = await sql`select 1 from pg_tables where tablename = 'a'`.execute(database.db);
    expect(rows).toEqual([]);
  });

  it('refuses a file that was changed after it was applied', async () => {
    await using database = await testDatabase({ empty: true });
    await migrate(database.url, [step(1, '0001-a.sql', 'create table a (x integer)')]);
    const error = await migrate(database.url, [step(1, '0001-a.sql', 'create table a (y integer)')]).catch((e) => e);
    expect(error).toBeInstanceOf(MigrationFault);
    expect(error.code).toBe('migration_changed');
  });

  it('refuses a database that is newer than the program', async () => {
    await using database = await testDatabase({ empty: true });
    const first = step(1, '0001-a.sql', 'create table a (x integer)');
    await migrate(database.url, [first, step(2, '0002-b.sql', 'select 1')]);
    await expect(migrate(database.url, [first])).rejects.toMatchObject({ code: 'database_newer' });
  });
});

describe('waiting for a database', () => {
  it('ends at once when it is there', async () => {
    await using database = await testDatabase({ empty: true });
    await waitForDatabase(database.url, { log: silentLog, signal: AbortSignal.timeout(60_000) });
  });

  it('tells that it waits, and gives up in the end', async () => {
    const said: string[] = [];
    const log = { ...silentLog, warn: (_: object, message: string) => void said.push(message) };
    const nobody = `postgresql://firstring:x@127.0.0.1:${await freePortBase(1)}/firstring`;
    const waiting = waitForDatabase(nobody, { log, signal: AbortSignal.timeout(60_000), patience: 600 });
    await expect(waiting).rejects.toMatchObject({ code: 'database_not_reached' });
    expect(said).toEqual(['the start waits for the database and tries again']);
  });

  it('does not wait for what will not become better', async () => {
    await using database = await testDatabase({ empty: true });
    const wrong = database.url.replace(/:[^:@/]+@/, ':wrong@');
    const waiting = waitForDatabase(wrong, { log: silentLog, signal: AbortSignal.timeout(60_000) });
    await expect(waiting).rejects.toMatchObject({ code: 'database_refused' });
  });
});

describe('the shipped migrations', () => {
  it('fit an empty database, and a second run finds nothing to do', async () => {
    await using database = await testDatabase();
    expect(await migrate(database.url)).toEqual([]);
  });
});

describe('transactions', () => {
  it('rolls back what its work rejects', async () => {
    await using database = await testDatabase({ empty: true });
    await sql`create table a (x integer)`.execute(database.db);
    const failing = database.transactions.run(async (tx) => {
      await sql`insert into a values (1)`.execute(inTransaction(database.db, tx));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await sql`select * from a`.execute(database.db)).rows).toEqual([]);
  });

  it('runs work that lost a deadlock again', async () => {
    await using database = await testDatabase({ empty: true });
    const { db, transactions } = database;
    await sql`create table a (x integer primary key, n integer not null)`.execute(db);
    await sql`insert into a values (1, 0), (2, 0)`.execute(db);
    let arrived = 0;
    let bothHere = () => {};
    const both = new Promise<void>((done) => {
      bothHere = done;
    });
    const work = (first: number, second: number) =>
      transactions.run(async (tx) => {
        const inside = inTransaction(db, tx);
        await sql`update a set n = n + 1 where x = ${first}`.execute(inside);
        if (++arrived === 2) bothHere();
        await both;
        await sql`update a set n = n + 1 where x = ${second}`.execute(inside);
      });
    await Promise.all([work(1, 2), work(2, 1)]);
    expect(arrived).toBeGreaterThan(2);
    expect((await sql`select n from a`.execute(db)).rows).toEqual([{ n: 2 }, { n: 2 }]);
  });
});
