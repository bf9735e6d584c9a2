import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/infra/database/migrate.ts';
import { startPostgres } from '../../src/infra/postgres/supervisor.ts';
import { silentLog } from '../../src/kernel/log.ts';

export interface DatabaseBroker {
  /** Makes a fresh migrated and seeded database (a template copy); resolves to its URL as the program's role and as the owner's. An empty one is the owner's alone. */
  make(options?: { readonly empty?: boolean }): Promise<{ readonly url: string; readonly ownerUrl: string }>;
  stop(): Promise<void>;
}

/** One PostgreSQL for a whole run, started when the first database is asked for. Not durable: it is thrown away. */
export function databaseBroker(): DatabaseBroker {
  let number = 0;
  let started: Promise<Started> | undefined;
  return {
    async make(options = {}) {
      started ??= start();
      const { admin, url, ownerUrl } = await started;
      const name = `test_${process.pid}_${++number}`;
      await admin.query(`create database ${name}${options.empty ? '' : ' template template_firstring'}`);
      return { url: databaseUrl(options.empty ? ownerUrl : url, name), ownerUrl: databaseUrl(ownerUrl, name) };
    },
    async stop() {
      if (started === undefined) return;
      const { admin, stop } = await started;
      await admin.end();
      await stop();
    },
  };
}

interface Started {
  readonly admin: pg.Pool;
  readonly url: string;
  readonly ownerUrl: string;
  stop(): Promise<void>;
}

async function start(): Promise<Started> {
  const directory = await mkdtemp(join(tmpdir(), 'firstring-test-'));
  const postgres = await startPostgres({
    directory,
    log: silentLog,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '300',
      autovacuum: 'off',
    },
  });
  const admin = new pg.Pool({ connectionString: postgres.ownerUrl, max: 2 });
  admin.on('error', () => {});
  await admin.query('create database template_firstring');
  await migrate(databaseUrl(postgres.ownerUrl, 'template_firstring'), undefined, {
    applicationUrl: databaseUrl(postgres.url, 'template_firstring'),
  });
  return {
    admin,
    url: postgres.url,
    ownerUrl: postgres.ownerUrl,
    async stop() {
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function databaseUrl(url: string, name: string): string {
  return url.replace(/\/firstring\?/, `/${name}?`).replace(/\/firstring$/, `/${name}`);
}
