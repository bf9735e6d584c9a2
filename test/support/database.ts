import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { type OpenDatabase, openDatabase } from '../../src/infra/database/connect.ts';
import { brokerVariable, databaseBroker } from './postgres-broker.ts';

export interface TestDatabase extends OpenDatabase {
  readonly url: string;
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
  const address = process.env[brokerVariable];
  const own = address === undefined ? databaseBroker() : undefined;
  const url =
    own === undefined
      ? await ask(address!, { empty: options.empty })
      : await own.make({ ...(options.empty !== undefined && { empty: options.empty }) });
  const open = openDatabase(options.through?.(url) ?? url, { max: options.max ?? 10 });
  return {
    ...open,
    url,
    async [Symbol.asyncDispose]() {
      await open[Symbol.asyncDispose]();
      await (own === undefined ? drop(url) : own.stop());
    },
  };
}

async function ask(address: string, options: object): Promise<string> {
  const socket = connect(address);
  socket.write(`${JSON.stringify(options)}\n`);
  const answer = JSON.parse(await text(socket)) as { url?: string; error?: string };
  if (answer.url === undefined) throw new Error(`no test database: ${answer.error}`);
  return answer.url;
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
