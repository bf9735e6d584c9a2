import type { Configuration } from '../infra/config/configuration.ts';
import { silentLog } from '../kernel/log.ts';

export interface WithDatabaseOptions {
  /** For work that only reads: over the embedded database of a running system, where there is one. */
  readonly alsoWhileRunning?: boolean;
}

/** Calls `work` with the configured database's URL; the embedded one runs meanwhile, which needs the data directory for itself. */
export async function withDatabaseUrl<T>(
  configuration: Configuration,
  work: (url: string) => Promise<T>,
  options: WithDatabaseOptions = {},
): Promise<T> {
  const { url } = configuration.database;
  if (url !== undefined) return work(url);
  const { openDataDirectory } = await import('../infra/data-directory/files.ts');
  const { lockDataDirectory } = await import('../infra/data-directory/lock.ts');
  const { runningPostgresUrl, startPostgres } = await import('../infra/postgres/supervisor.ts');
  const directory = configuration.dataDirectory;
  await openDataDirectory(directory);
  const lock = await lockDataDirectory(directory).catch((error: unknown) => error as Error);
  if (lock instanceof Error) {
    const running = options.alsoWhileRunning ? await runningPostgresUrl(directory) : undefined;
    if (running === undefined) throw lock;
    return work(running);
  }
  await using _lock = lock;
  await using postgres = await startPostgres({ directory, log: silentLog });
  return await work(postgres.url);
}
