import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeWatch, noteStatement } from '../../src/infra/database/change-watch.ts';
import { type CommitMark, commitMark, fateOf } from '../../src/infra/database/commit-fate.ts';
import type { Changes } from '../../src/kernel/transaction.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function transaction(end: 'commit' | 'rollback' | 'open') {
  const tx = await database.db.startTransaction().execute();
  await sql`insert into route_partition (name) values (${`p${Math.random()}`})`.execute(tx);
  const mark = (await commitMark(tx))!;
  if (end !== 'open') await tx[end]().execute();
  return { tx, mark };
}
const fate = (mark: CommitMark) => fateOf(database.db, mark, 300);
const afterCrash = (mark: CommitMark) => ({ ...mark, generation: `${mark.generation.split(' ')[0]} before the crash` });

it('a transaction that only read has nothing to be asked for', async () => {
  const tx = await database.db.startTransaction().execute();
  await sql`select count(*) from device`.execute(tx);
  expect(await commitMark(tx)).toBeUndefined();
  await tx.rollback().execute();
});

it('a commit, a rollback and a transaction that is still open are told apart', async () => {
  expect(await fate((await transaction('commit')).mark)).toBe('committed');
  expect(await fate((await transaction('rollback')).mark)).toBe('aborted');
  const open = await transaction('open');
  expect(await fate(open.mark)).toBe('unknown');
  const later = fateOf(database.db, open.mark, 60_000);
  await open.tx.commit().execute();
  expect(await later).toBe('committed');
});

it('after a crash only what is not there is certain: its number may be another’s by now', async () => {
  const [{ mark: done }, { mark: undone }] = [await transaction('commit'), await transaction('rollback')];
  expect(await fate(afterCrash(done))).toBe('unknown');
  expect(await fate(afterCrash(undone))).toBe('aborted');
  const { rows } = await sql<{
    next: string;
  }>`select (pg_snapshot_xmax(pg_current_snapshot())::text::numeric + 1000)::text as next`.execute(database.db);
  expect(await fate(afterCrash({ ...done, xid: rows[0]!.next }))).toBe('aborted');
});

it('after a failover nothing is certain', async () => {
  const { mark } = await transaction('rollback');
  expect(await fate({ ...mark, generation: `FFFFFFFF ${mark.generation.split(' ')[1]}` })).toBe('unknown');
});

it('a watch sees what transactions and single statements change, and what may have been changed', async () => {
  const seen = (work: (changes: Changes) => Promise<unknown>) =>
    changeWatch.during(async (changes) => {
      await work(changes).catch(() => {});
      return { ...changes };
    });
  const insert = sql`insert into route_partition (name) values (${'seen'})`;
  expect(await seen(() => sql`select name from device for update`.execute(database.db))).toEqual({
    made: false,
    inDoubt: false,
  });
  expect(await seen(() => insert.execute(database.db))).toEqual({ made: true, inDoubt: false });
  // Refused: the name is taken.
  expect(await seen(() => insert.execute(database.db))).toEqual({ made: false, inDoubt: false });
  const update = sql`update device set description = 'x' where false`;
  expect(
    await seen(() =>
      database.transactions.run(async (tx) => {
        await update.execute(tx as never);
        await sql`insert into route_partition (name) values ('undone')`.execute(tx as never);
        throw new Error('rolled back');
      }),
    ),
  ).toEqual({ made: false, inDoubt: false });
  expect(
    await seen(() =>
      database.transactions.run((tx) => sql`insert into route_partition (name) values ('done')`.execute(tx as never)),
    ),
  ).toEqual({ made: true, inDoubt: false });
  const lost = {
    level: 'error',
    query: insert.compile(database.db),
    error: new Error('Connection terminated unexpectedly'),
  };
  expect(await seen(async () => noteStatement(lost as never))).toEqual({ made: false, inDoubt: true });
});
