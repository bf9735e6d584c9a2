import pg from 'pg';
import { type OpenDatabase, openDatabase } from '../../src/infra/database/connect.ts';
import { databaseBroker } from './postgres-broker.ts';
import { runShare, sharesRun } from './run-share.ts';

export interface TestDatabase extends OpenDatabase {
  /** As the program signs in: what it has no right to fails here as it would there. */
  readonly url: string;
  /** As the owner of everything: for tests that tamper. */
  readonly ownerUrl: string;
  /** Runs statements one after the other as the owner, on one connection. */
  asOwner(...statements: readonly string[]): Promise<void>;
}

/**
 * A fresh database of the run's PostgreSQL, migrated and seeded. `await using database = await testDatabase()`.
 * `empty`: without any schema, for tests of migrations. Outside vitest (benchmarks) a PostgreSQL of its own is started and stopped with it.
 */
export async function testDatabase(
  options: {
    readonly empty?: boolean;
    readonly max?: number;
    /** Connects by this address instead, e.g. a proxy's. */
    readonly through?: (url: string) => string;
  } = {},
): Promise<TestDatabase> {
  const own = sharesRun() ? undefined : databaseBroker();
  const { url, ownerUrl } = await (own?.make ?? runShare.database)({
    ...(options.empty !== undefined && { empty: options.empty }),
  });
  const open = openDatabase(options.through?.(url) ?? url, { max: options.max ?? 10 });
  return {
    ...open,
    url,
    ownerUrl,
    asOwner: (...statements) => runAll(ownerUrl, statements),
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await (own === undefined ? drop(ownerUrl) : own.stop());
    },
  };
}

async function runAll(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function drop(url: string): Promise<void> {
  const [, name] = /\/(test_\d+_\d+)/.exec(url)!;
  const client = new pg.Client({ connectionString: url.replace(`/${name}`, '/firstring') });
  await client.connect();
  try {
    await client.query(`drop database if exists ${name} with (force)`);
  } finally {
    await client.end();
  }
}
