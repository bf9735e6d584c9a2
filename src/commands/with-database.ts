import type { Configuration } from '../infra/config/configuration.ts';
import { silentLog } from '../kernel/log.ts';

/** Calls `work` with the configured database's URL; the embedded one runs meanwhile, which needs the data directory for itself. */
export async function withDatabaseUrl<T>(configuration: Configuration, work: (url: string) => Promise<T>): Promise<T> {
  const { url } = configuration.database;
  if (url !== undefined) return work(url);
  const { openDataDirectory } = await import('../infra/data-directory/files.ts');
  const { lockDataDirectory } = await import('../infra/data-directory/lock.ts');
  const { startPostgres } = await import('../infra/postgres/supervisor.ts');
  const directory = configuration.dataDirectory;
  await openDataDirectory(directory);
  await using _lock = await lockDataDirectory(directory);
  await using postgres = await startPostgres({ directory, log: silentLog });
  return await work(postgres.url);
}
