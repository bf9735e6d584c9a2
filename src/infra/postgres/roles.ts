import pg from 'pg';
import { migrationPatience } from '../database/connect.ts';

/** Superuser of the embedded cluster and owner of the schema: for migrations only. */
export const ownerRole = 'firstring';
/** What the program itself is: it owns nothing, so that it cannot rewrite the audit log. */
export const applicationRole = 'firstring_application';

/** Below the data directory, 0600. */
export const ownerPasswordFile = 'postgres.password';
export const applicationPasswordFile = 'postgres.application-password';

export interface SignIn {
  readonly role: string;
  readonly password: string;
}

/** Makes the program's role, or gives the one that is there its password and takes what it should not have. A cluster of an older release gets it here. */
export async function ensureRoles(ownerUrl: string, { role, password }: SignIn): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
    await client.query(
      `${rowCount === 0 ? 'create' : 'alter'} role ${pg.escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${pg.escapeLiteral(password)}`,
    );
  });
}

/** Makes database `name` when it is not there. */
export async function ensureDatabase(ownerUrl: string, name: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  });
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, ...migrationPatience });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
