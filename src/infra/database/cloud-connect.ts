import pg from 'pg';
import type { CloudDatabase } from './cloud-schema.ts';
import { type DatabaseOptions, migrationPatience, type OpenDatabase, openDatabase } from './connect.ts';
import { cloudMigrations, migrate, readMigrations } from './migrate.ts';

export type OpenCloudDatabase = OpenDatabase<CloudDatabase>;

export function openCloudDatabase(url: string, options: DatabaseOptions): OpenCloudDatabase {
  return openDatabase<CloudDatabase>(url, options);
}

/** Brings a database of the cloud's own to this program's schema, as its owner. Returns the names of what was applied. Throws MigrationFault. */
export async function migrateCloud(ownerUrl: string, applicationUrl = ownerUrl): Promise<readonly string[]> {
  return migrate(ownerUrl, await readMigrations(cloudMigrations), { jobs: false, applicationUrl });
}

/** Makes database `name` in the PostgreSQL of `url` when it is not there; its URL. */
export async function ensureDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, ...migrationPatience });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) {
      await client.query(`create database ${pg.escapeIdentifier(name)}`).catch((error: { code?: string }) => {
        // Another node was quicker.
        if (error.code !== '42P04' && error.code !== '23505') throw error;
      });
    }
  } finally {
    await client.end();
  }
  return databaseNamed(url, name);
}

/** The URL of database `name` in the PostgreSQL of `url`, as the same role. */
export function databaseNamed(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}
