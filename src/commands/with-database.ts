import type { Account } from '../infra/account/accounts.ts';
import type { Configuration } from '../infra/config/configuration.ts';
import { silentLog } from '../kernel/log.ts';

export interface WithDatabaseOptions {
  /** For work that only reads: over the embedded database of a running system, where there is one. */
  readonly alsoWhileRunning?: boolean;
  /** For work on files of the data directory: nothing else may run there, wherever the database is. */
  readonly lockAlways?: boolean;
}

export interface DatabaseUrls {
  /** As the program itself. */
  readonly url: string;
  /** As the owner of the schema; the same where there is no such other role, or where the work only reads. */
  readonly ownerUrl: string;
}

/** Calls `work` with the configured database's URLs; the embedded one runs meanwhile, which needs the data directory for itself. */
export async function withDatabaseUrl<T>(
  configuration: Configuration,
  work: (urls: DatabaseUrls) => Promise<T>,
  options: WithDatabaseOptions = {},
): Promise<T> {
  const { url, migrationUrl } = configuration.database;
  const { openDataDirectory } = await import('../infra/data-directory/files.ts');
  const { lockDataDirectory } = await import('../infra/data-directory/lock.ts');
  const { runningPostgresUrl, startPostgres } = await import('../infra/postgres/supervisor.ts');
  const directory = configuration.dataDirectory;
  const owner = await laterOwner(configuration);
  if (url !== undefined) {
    const urls = { url, ownerUrl: migrationUrl ?? url };
    if (options.lockAlways !== true) return work(urls);
    await openDataDirectory(directory, owner);
    await using _alone = await lockDataDirectory(directory);
    return await work(urls);
  }
  await openDataDirectory(directory, owner);
  const lock = await lockDataDirectory(directory).catch((error: unknown) => error as Error);
  if (lock instanceof Error) {
    const running = options.alsoWhileRunning ? await runningPostgresUrl(directory) : undefined;
    if (running === undefined) throw lock;
    return work({ url: running, ownerUrl: running });
  }
  await using _lock = lock;
  await using postgres = await startPostgres({ directory, log: silentLog });
  return await work(postgres);
}

/** What root makes here is for a program that will not be root. Undefined: nothing is handed over. */
async function laterOwner(configuration: Configuration): Promise<Account | undefined> {
  if (process.geteuid?.() !== 0) return undefined;
  const { serviceAccountOf } = await import('../give-up-root.ts');
  // Whether that account can be had is said at the start; a command does its work without.
  const service = await serviceAccountOf(configuration).catch(() => undefined);
  return service?.kind === 'account' ? service.account : undefined;
}
