import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Logger, runMigrations } from 'graphile-worker';
import pg from 'pg';
import { Fault } from '../../kernel/errors.ts';
import { grantApplication, lacksGrants, roleOf } from './application-role.ts';
import { migrationPatience } from './connect.ts';

export type MigrationFaultCode =
  | 'migration_misnamed'
  | 'migration_changed'
  | 'migration_failed'
  | 'migration_not_allowed'
  | 'database_newer'
  | 'database_too_old';

/** The database's schema and this program do not fit. */
export class MigrationFault extends Fault<MigrationFaultCode> {}

export interface Migration {
  readonly number: number;
  /** File name: `0001-devices.sql`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

const folder = fileURLToPath(new URL('../../../migrations/', import.meta.url));
/** `pg_advisory_lock` key: of several nodes that start at once, one migrates and the rest wait. */
const lockKey = 0x6672_6d69;
/** `integer` of PostgreSQL 15.0. */
const oldestServer = 150_000;

/** The cloud's own migrations, for a database of its own. */
export const cloudMigrations = `${folder}cloud/`;

/** Reads `NNNN-name.sql`, in order, without gaps. */
export async function readMigrations(directory: string = folder): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d+)[-_]/.exec(name)?.[1] ?? Number.NaN);
      if (number !== index + 1) {
        throw new MigrationFault('ours', 'migration_misnamed', `migrations/${name}: expected number ${index + 1} here`);
      }
      const sql = await readFile(`${directory}/${name}`, 'utf8');
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

export interface MigrateOptions {
  /** Default true: the job queue's own schema too. */
  readonly jobs?: boolean;
  /** What the program itself connects with. Its role is given what it needs when it is another one than the owner's. */
  readonly applicationUrl?: string;
}

/**
 * Brings the database to this program's schema: each file in its own transaction, under an advisory lock, and the job queue's own schema.
 * `url` signs in as the owner of the schema; any other role may look whether all is done, and gets `migration_not_allowed` when it is not.
 * Returns the names of what was applied. A file that was changed after it was applied, or a database newer than this program, is refused.
 */
export async function migrate(
  url: string,
  migrations?: readonly Migration[],
  options: MigrateOptions = {},
): Promise<readonly string[]> {
  const wanted = migrations ?? (await readMigrations());
  const { applicationUrl = url } = options;
  const application = applicationUrl === url ? undefined : await roleOf(applicationUrl);
  const client = new pg.Client({ connectionString: url, ...migrationPatience });
  client.on('error', () => {});
  await client.connect();
  try {
    const version = Number((await client.query('show server_version_num')).rows[0].server_version_num);
    if (version < oldestServer) {
      throw new MigrationFault('caller', 'database_too_old', `PostgreSQL ${Math.floor(version / 10_000)} is too old`, {
        remedy: 'Use PostgreSQL 15 or newer.',
      });
    }
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const applied = await apply(client, wanted);
    if (options.jobs !== false) await installJobs(url);
    if (application !== undefined && (applied.length > 0 || (await lacksGrants(client, application))))
      await grantApplication(client, application);
    return applied;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, wanted: readonly Migration[]): Promise<string[]> {
  const kept = await client.query<{ there: boolean }>(`select to_regclass('schema_migration') is not null as there`);
  // Not "if not exists": even that asks for the right to make tables, which only the owner has.
  if (!kept.rows[0]!.there)
    await client
      .query(
        `create table schema_migration (
          number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`,
      )
      .catch((error) => {
        throw notAllowed(error) ?? error;
      });
  const done = await client.query<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from schema_migration order by number',
  );
  const known = new Map(wanted.map((each) => [each.number, each]));
  for (const row of done.rows) {
    const mine = known.get(row.number);
    if (mine === undefined) {
      throw new MigrationFault(
        'ours',
        'database_newer',
        `the database has migration ${row.name}, which this program does not know`,
        {
          remedy: 'Run the newer release of Firstring, or restore a backup made before the upgrade.',
        },
      );
    }
    if (mine.checksum !== row.checksum) {
      throw new MigrationFault(
        'ours',
        'migration_changed',
        `migrations/${mine.name} was changed after it was applied`,
        {
          remedy: 'Put the file back as it was released and write a new migration instead.',
        },
      );
    }
    known.delete(row.number);
  }
  const applied: string[] = [];
  for (const each of known.values()) {
    try {
      await client.query('begin');
      await client.query(each.sql);
      await client.query('insert into schema_migration (number, name, checksum) values ($1, $2, $3)', [
        each.number,
        each.name,
        each.checksum,
      ]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => {});
      const refused = notAllowed(error);
      if (refused !== undefined) throw refused;
      const { message, position } = error as Error & { position?: string };
      const line = position === undefined ? '' : ` (line ${each.sql.slice(0, Number(position)).split('\n').length})`;
      throw new MigrationFault('ours', 'migration_failed', `migrations/${each.name}${line}: ${message}`, {
        cause: error,
      });
    }
    applied.push(each.name);
  }
  return applied;
}

/** 42501: the role may not. */
function notAllowed(error: unknown): MigrationFault | undefined {
  if ((error as { code?: string }).code !== '42501') return undefined;
  return new MigrationFault(
    'caller',
    'migration_not_allowed',
    'the database needs a newer schema, and this role may not change it',
    {
      remedy:
        'Give the owner of the schema as database.migrationUrl (FIRSTRING_DATABASE_MIGRATION_URL), or run `firstring migrate` with it first.',
      cause: error,
    },
  );
}

async function installJobs(url: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 2, ...migrationPatience });
  pool.on('error', () => {});
  pool.on('connect', (connection) => connection.on('error', () => {}));
  try {
    const quiet = () => {};
    await runMigrations({ pgPool: pool, logger: new Logger(() => quiet) });
  } finally {
    await pool.end();
  }
}
