import pg from 'pg';
import { shortPatience } from './connect.ts';

/** Columns of the audit log that are the database's and the sealer's to fill in. */
const guarded = ['id', 'at', 'ordinal', 'transaction', 'seq', 'prev_hash', 'hash'];

/** Tables a role may read and add to, and never change. */
const appendOnly = ['audit_event', 'audit_checkpoint'];

/** Name of the role that `url` signs in as. */
export async function roleOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, ...shortPatience });
  await client.connect();
  try {
    return (await client.query<{ role: string }>('select current_user as role')).rows[0]!.role;
  } finally {
    await client.end();
  }
}

/** Whether a table or the job queue is still closed to `role`. */
export async function lacksGrants(owner: pg.Client, role: string): Promise<boolean> {
  const { rows } = await owner.query<{ lacking: boolean }>(
    `select exists (
       select from pg_class c
       where c.relnamespace in (current_schema()::regnamespace, to_regnamespace('graphile_worker')) and c.relkind in ('r', 'p')
         and (not has_table_privilege($1, c.oid, 'select')
           or (c.relrowsecurity and c.relowner <> (select oid from pg_roles where rolname = $1)
             and not exists (select from pg_policy p where p.polrelid = c.oid and (select oid from pg_roles where rolname = $1) = any (p.polroles))))
     ) as lacking`,
    [role],
  );
  return rows[0]!.lacking;
}

/**
 * Gives the application's role what it needs of the tables `owner` is signed in for, and nothing that would let it rewrite the audit log:
 * no ownership, no TRUNCATE, no trigger, and of the audit log only reading and adding. Granting again what is granted changes nothing.
 */
export async function grantApplication(owner: pg.Client, role: string): Promise<void> {
  const to = pg.escapeIdentifier(role);
  await owner.query('begin');
  try {
    await grantTables(owner, to);
    await grantAuditLog(owner, to);
    await grantJobs(owner, role, to);
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback').catch(() => {});
    throw error;
  }
}

async function grantTables(owner: pg.Client, to: string): Promise<void> {
  const schema = await owner.query<{ schema: string }>('select current_schema() as schema');
  const within = pg.escapeIdentifier(schema.rows[0]!.schema);
  await owner.query(`grant usage on schema ${within} to ${to}`);
  await owner.query(`grant usage on all sequences in schema ${within} to ${to}`);
  for (const table of await tablesOf(owner, 'current_schema()')) {
    if (appendOnly.includes(table)) continue;
    const rights = table === 'schema_migration' ? 'select' : 'select, insert, update, delete';
    await owner.query(`grant ${rights} on ${within}.${pg.escapeIdentifier(table)} to ${to}`);
  }
}

async function grantAuditLog(owner: pg.Client, to: string): Promise<void> {
  const { rows } = await owner.query<{ name: string; chained: boolean }>(`
    select attname as name, exists (select from pg_attribute where attrelid = to_regclass('audit_event') and attname = 'seq') as chained
    from pg_attribute where attrelid = to_regclass('audit_event') and attnum > 0 and not attisdropped order by attnum`);
  if (rows.length === 0) return;
  await owner.query(`revoke all on audit_event from ${to}`);
  await owner.query(`grant select on audit_event to ${to}`);
  // Of a log without a chain (the cloud's) the instant is still the database's.
  const given = rows.map((each) => each.name).filter((name) => !guarded.includes(name));
  await owner.query(
    `grant insert (${given.map((name) => pg.escapeIdentifier(name)).join(', ')}) on audit_event to ${to}`,
  );
  if (!rows[0]!.chained) return;
  await owner.query(`revoke all on audit_checkpoint from ${to}`);
  await owner.query(`grant select on audit_checkpoint to ${to}`);
  await owner.query(`grant execute on function seal_audit_events, analyze_bulk_job_rows to ${to}`);
}

/** The job queue's tables have row-level security without a policy: only their owner would see a job. */
async function grantJobs(owner: pg.Client, role: string, to: string): Promise<void> {
  const there = await owner.query<{ there: boolean }>(`select to_regnamespace('graphile_worker') is not null as there`);
  if (!there.rows[0]!.there) return;
  await owner.query(`grant usage on schema graphile_worker to ${to}`);
  await owner.query(`grant usage, select on all sequences in schema graphile_worker to ${to}`);
  await owner.query(`grant execute on all functions in schema graphile_worker to ${to}`);
  for (const table of await tablesOf(owner, "'graphile_worker'")) {
    const rights = table === 'migrations' ? 'select' : 'select, insert, update, delete';
    await owner.query(`grant ${rights} on graphile_worker.${pg.escapeIdentifier(table)} to ${to}`);
  }
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'graphile_worker'::regnamespace and c.relrowsecurity
       and not exists (select from pg_policy p where p.polrelid = c.oid and (select oid from pg_roles where rolname = $1) = any (p.polroles))`,
    [role],
  );
  for (const { name } of rows)
    await owner.query(
      `create policy ${pg.escapeIdentifier(`application ${role}`.slice(0, 63))} on graphile_worker.${pg.escapeIdentifier(name)} to ${to} using (true) with check (true)`,
    );
}

async function tablesOf(owner: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = (${schema})::text::regnamespace and relkind in ('r', 'v', 'p') order by relname`,
  );
  return rows.map((each) => each.name);
}

/** What the role of this connection could do to the audit log beyond adding to it. */
export interface RoleRights {
  readonly role: string;
  readonly superuser: boolean;
  readonly ownsAuditLog: boolean;
}

/** What `url` signs in as. Rejects when the database does not answer. */
export async function rightsOf(url: string): Promise<RoleRights> {
  const client = new pg.Client({ connectionString: url, ...shortPatience });
  await client.connect();
  try {
    const { rows } = await client.query<RoleRights>(`
      select current_user as role, (select rolsuper from pg_roles where rolname = current_user) as superuser,
        coalesce((select pg_has_role(current_user, relowner, 'MEMBER') from pg_class where oid = to_regclass('audit_event')), false) as "ownsAuditLog"`);
    return rows[0]!;
  } finally {
    await client.end();
  }
}

/** Undefined: as it should be. */
export function tooManyRights({ role, superuser, ownsAuditLog }: RoleRights): string | undefined {
  if (!superuser && !ownsAuditLog) return undefined;
  const what = superuser ? 'is a superuser' : 'owns the audit log';
  return `database.url signs in as ${role}, which ${what}: whoever takes over the program could rewrite the audit log. Use a role of its own there and give the owner as database.migrationUrl (docs/operations.md)`;
}
