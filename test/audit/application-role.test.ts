import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rightsOf, tooManyRights } from '../../src/infra/database/application-role.ts';
import { type Migration, migrate, readMigrations } from '../../src/infra/database/migrate.ts';
import { startPostgres } from '../../src/infra/postgres/supervisor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

/** Migrations of the time when one role owned everything. */
const beforeTheGuard = (migration: Migration, _: number, all: readonly Migration[]) =>
  migration.number < all.find(({ name }) => name.endsWith('_audit_guard.sql'))!.number;

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await database.pool.query(
    `insert into audit_event (actor, action, object_kind) values ('anna', 'test.done', 'test')`,
  );
});
afterAll(() => database[Symbol.asyncDispose]());

describe('the role the program signs in as', () => {
  it('is neither superuser nor owner of the audit log', async () => {
    const rights = await rightsOf(database.url);
    expect(rights).toMatchObject({ superuser: false, ownsAuditLog: false });
    expect(tooManyRights(rights)).toBeUndefined();
    expect(tooManyRights(await rightsOf(database.ownerUrl))).toContain('database.migrationUrl');
  });

  it.each([
    `update audit_event set actor = 'eve'`,
    `update audit_event set seq = null, prev_hash = null, hash = null`,
    'delete from audit_event',
    'truncate audit_event',
    'alter table audit_event disable trigger audit_event_immutable',
    'alter table audit_event disable trigger all',
    'drop trigger audit_event_immutable on audit_event',
    'alter table audit_event owner to current_user',
    'drop table audit_event cascade',
    `insert into audit_event (actor, action, object_kind, at) values ('eve', 'x', 'x', '2020-01-01')`,
    `insert into audit_event (actor, action, object_kind, seq, prev_hash, hash) values ('eve', 'x', 'x', 9, '', '')`,
    `insert into audit_event (actor, action, object_kind, ordinal) overriding system value values ('eve', 'x', 'x', 1)`,
    `insert into audit_event (actor, action, object_kind, transaction) values ('eve', 'x', 'x', '3')`,
    `insert into audit_checkpoint (seq, hash, signature, key_id) values (1, '', '', '')`,
    `update audit_checkpoint set signature = ''`,
    'delete from audit_checkpoint',
    'truncate audit_checkpoint',
    'alter table audit_checkpoint disable trigger all',
    `create or replace function audit_event_immutable() returns trigger language plpgsql as 'begin return new; end'`,
    `create function audit_event_immutable() returns trigger language plpgsql as 'begin return new; end'`,
    'set session_replication_role = replica',
    'set role firstring',
    'alter role current_user superuser',
    `update schema_migration set checksum = ''`,
  ])('may not: %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|428C9)$/),
    });
  });

  it('cannot seal rows out of order, twice, or with a chain that does not fit', async () => {
    const { rows } = await database.pool.query('select id from audit_event');
    const seal = (after: number, previous: string, ids = [rows[0].id]) =>
      database.pool.query(`select seal_audit_events($1, $2, $3, $4, 'x', 'k')`, [
        after,
        ids,
        ids.map(() => Buffer.from(previous, 'hex')),
        ids.map((_, place) => Buffer.alloc(32, place + 1)),
      ]);
    const none = '00'.repeat(32);
    for (const [after, previous, ids] of [
      [5, none],
      [0, '11'.repeat(32)],
      [0, none, []],
      [0, none, [rows[0].id, rows[0].id]],
    ] as const)
      await expect(seal(after, previous, ids && [...ids])).rejects.toMatchObject({ code: '23514' });
    await seal(0, none);
    await expect(seal(0, none)).rejects.toMatchObject({ code: '23514' });
    await expect(seal(1, '01'.repeat(32))).rejects.toMatchObject({ code: '23514' });
  });

  it('keeps even the owner from changing a sealed row or a checkpoint by mistake', async () => {
    for (const statement of [
      'truncate audit_event',
      'delete from audit_event',
      'truncate audit_checkpoint',
      `update audit_checkpoint set key_id = ''`,
    ])
      await expect(database.asOwner(statement)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('migrations', () => {
  it('of a database that one role owned until now open it for the other role, the job queue included', async () => {
    await using old = await testDatabase({ empty: true });
    const all = await readMigrations();
    await migrate(old.ownerUrl, all.filter(beforeTheGuard));
    const application = database.url.replace(/\/test_\d+_\d+/, /\/test_\d+_\d+/.exec(old.ownerUrl)![0]);
    await migrate(old.ownerUrl, undefined, { applicationUrl: application });
    const client = new pg.Client({ connectionString: application });
    await client.connect();
    try {
      await client.query(`insert into audit_event (actor, action, object_kind) values ('anna', 'test.done', 'test')`);
      await client.query(`select graphile_worker.add_job('x', '{}'::json)`);
      expect((await client.query('select count(*)::int as n from graphile_worker.jobs')).rows[0].n).toBe(1);
    } finally {
      await client.end();
    }
    // Nothing to do for it: a node without the owner's password starts.
    expect(await migrate(application)).toEqual([]);
  });

  it('that a role may not make are refused with the way out', async () => {
    await using old = await testDatabase({ empty: true });
    const application = database.url.replace(/\/test_\d+_\d+/, /\/test_\d+_\d+/.exec(old.ownerUrl)![0]);
    await expect(migrate(application)).rejects.toMatchObject({
      code: 'migration_not_allowed',
      remedy: expect.stringContaining('database.migrationUrl'),
    });
  });
});

it('a data directory of a release with one role gets the other at the next start', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'one-role-'));
  try {
    {
      await using postgres = await startPostgres({ directory, log: silentLog, settings: { fsync: 'off' } });
      const client = new pg.Client({ connectionString: postgres.ownerUrl });
      await client.connect();
      await client.query('drop role firstring_application');
      await client.end();
      await migrate(postgres.ownerUrl, (await readMigrations()).filter(beforeTheGuard));
    }
    await rm(join(directory, 'postgres.application-password'));
    await using postgres = await startPostgres({ directory, log: silentLog, settings: { fsync: 'off' } });
    await migrate(postgres.ownerUrl, undefined, { applicationUrl: postgres.url });
    expect(await rightsOf(postgres.url)).toEqual({
      role: 'firstring_application',
      superuser: false,
      ownsAuditLog: false,
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
