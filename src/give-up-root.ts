import { flushCompileCache } from 'node:module';
import { giveUpRoot, handOver } from './infra/account/give-up-root.ts';
import { AccountFault, type ServiceAccount, serviceAccount } from './infra/account/service-account.ts';
import type { Configuration } from './infra/config/configuration.ts';
import { listenersOf } from './infra/config/listeners.ts';
import type { Log } from './kernel/log.ts';

/** Whom a process of this configuration belongs to. Throws AccountFault. */
export function serviceAccountOf({ account, dataDirectory, database, ports, role }: Configuration) {
  return serviceAccount({
    wanted: account,
    dataDirectory,
    embedded: database.url === undefined,
    // Threads that are replaced open their listener again; all others are open from the start to the end.
    reopened: listenersOf(role).includes('das') ? [ports.das] : [],
  });
}

/**
 * Makes the process that of its account, once everything that needs root is done: files of the data directory first, then all threads. Throws
 * AccountFault when the account was asked for and cannot be taken; an account found by itself that cannot be taken is a warning.
 */
export async function giveUpRootFor(service: ServiceAccount, directory: string, log: Log): Promise<void> {
  if (service.kind === 'as-started') return;
  if (service.kind === 'root') return stays(log, service.why, service.remedy);
  const { account, asked } = service;
  try {
    await handOver(directory, account);
    // What was compiled so far lies where only root writes.
    flushCompileCache();
    giveUpRoot(account);
  } catch (error) {
    const { message } = error as Error;
    // Half-way between two accounts nobody can go on.
    if (!asked && process.geteuid?.() === 0 && process.getegid?.() === 0) {
      return stays(log, `${account.name} could not be taken: ${message}`, 'See what the system refuses, above.');
    }
    throw new AccountFault('ours', 'account_not_taken', `account ${account.name} cannot be taken: ${message}`, {
      remedy: 'Let it keep CAP_CHOWN, CAP_SETUID and CAP_SETGID at its start, or start it as that account.',
      cause: error,
    });
  }
  log.info({ account: account.name }, `root was given up: this process belongs to ${account.name} from here on`);
}

function stays(log: Log, why: string, remedy: string): void {
  log.warn(
    { why, remedy },
    `this process runs as root and keeps all of its rights, for ${why}. ${remedy} Or start it as an account of its own, with CAP_NET_BIND_SERVICE for ports below 1024 (docs/operations.md)`,
  );
}
