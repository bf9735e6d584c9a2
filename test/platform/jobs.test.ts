import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/infra/database/connect.ts';
import { startJobs } from '../../src/infra/jobs/runner.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { testDatabase } from '../support/database.ts';

async function eventually(look: () => boolean): Promise<void> {
  const patience = AbortSignal.timeout(30_000);
  while (!look()) {
    patience.throwIfAborted();
    await new Promise((done) => setTimeout(done, 10));
  }
}

describe('jobs', () => {
  it('run what a committed transaction asked for, and nothing of one that was rolled back', async () => {
    await using database = await testDatabase();
    const ran: unknown[] = [];
    await using _jobs = await startJobs({
      pool: database.pool,
      jobs: { note: async (payload) => void ran.push(payload) },
      crons: [],
      log: silentLog,
      onGivenUp: () => {},
    });
    const ask = (n: number, fail: boolean) =>
      database.transactions.run(async (tx) => {
        await sql`select graphile_worker.add_job('note', ${JSON.stringify({ n })}::json)`.execute(
          inTransaction(database.db, tx),
        );
        if (fail) throw new Error('rolled back');
      });
    await expect(ask(1, true)).rejects.toThrow('rolled back');
    await ask(2, false);
    await eventually(() => ran.length > 0);
    expect(ran).toEqual([{ n: 2 }]);
  });

  it('are told of when they are given up', async () => {
    await using database = await testDatabase();
    const given: string[] = [];
    await using _jobs = await startJobs({
      pool: database.pool,
      jobs: { fails: () => Promise.reject(new Error('never works')) },
      crons: [],
      log: silentLog,
      onGivenUp: (job) => given.push(job),
    });
    await sql`select graphile_worker.add_job('fails', '{}'::json, max_attempts => 1)`.execute(database.db);
    await eventually(() => given.length > 0);
    expect(given).toEqual(['fails']);
  });

  // Again and again, because what breaks depends on the query that the cut hits: the runner's first one did most harm.
  it.for([1, 2, 3, 4, 5, 6])('go on after every connection to the database was cut (%i)', async () => {
    await using database = await testDatabase();
    const ran: unknown[] = [];
    await using _jobs = await startJobs({
      pool: database.pool,
      jobs: { note: async (payload) => void ran.push(payload) },
      crons: [],
      log: silentLog,
      onGivenUp: () => {},
    });
    const cut = sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    await cut.execute(database.db);
    await sql`select graphile_worker.add_job('note', '{"n":3}'::json)`.execute(database.db);
    await eventually(() => ran.length > 0);
    expect(ran).toEqual([{ n: 3 }]);
  });
});
