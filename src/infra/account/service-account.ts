import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '../../kernel/errors.ts';
import { type Account, accountsHere, reachable } from './accounts.ts';

/** The account that was asked for cannot be taken. */
export class AccountFault extends Fault<'account_unknown' | 'account_not_taken'> {}

/** Whom a process belongs to once it listens. */
export type ServiceAccount =
  /** Not started as root: nothing changes. */
  | { readonly kind: 'as-started' }
  /** Stays root, and says why. */
  | { readonly kind: 'root'; readonly why: string; readonly remedy: string }
  | { readonly kind: 'account'; readonly account: Account; readonly asked: boolean };

export interface ServiceAccountOptions {
  /** As configured; `root`: stay root. */
  readonly wanted: string | undefined;
  readonly dataDirectory: string;
  /** Whether PostgreSQL runs below the data directory. */
  readonly embedded: boolean;
  /** Ports that are opened again while the process runs. */
  readonly reopened: readonly number[];
  /** User id of this process; undefined where there is none. For tests. */
  readonly uid?: number | undefined;
}

/** The account of its own that installations make: `useradd --system firstring`. */
const usualName = 'firstring';
const program = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The account that root is given up for: the one asked for, else the owner of the data directory, else `firstring`. Never `nobody` or another service's
 * by itself: who else runs under it could read the keys. Throws AccountFault when the one asked for cannot be had.
 */
export async function serviceAccount(options: ServiceAccountOptions): Promise<ServiceAccount> {
  const { wanted, uid = process.geteuid?.() } = options;
  const accounts = await accountsHere();
  const named = wanted === undefined ? undefined : accounts.find(({ name }) => name === wanted);
  if (wanted !== undefined && wanted !== 'root' && named === undefined)
    throw new AccountFault('caller', 'account_unknown', `account: this machine has no account ${wanted}`, {
      remedy: `Make it (useradd --system ${wanted}) or name another.`,
    });
  if (uid !== 0) {
    if (wanted === undefined || (named !== undefined && named.uid === uid)) return { kind: 'as-started' };
    throw refused(wanted, `this process was not started by root, but by user id ${uid ?? 'none'}`, {
      remedy: `Start it as root or as ${wanted}, or leave out account.`,
    });
  }
  if (wanted === 'root')
    return { kind: 'root', why: 'the configuration says so', remedy: 'Name another account with account.' };
  const chosen = named ?? (await usualAccount(options.dataDirectory, accounts));
  if ('why' in chosen) return { kind: 'root', ...chosen };
  const hindrance = chosen.uid === 0 ? { why: 'it is root', remedy: 'Name another.' } : await hindered(chosen, options);
  if (hindrance === undefined) return { kind: 'account', account: chosen, asked: named !== undefined };
  if (named !== undefined) throw refused(named.name, hindrance.why, hindrance);
  return { kind: 'root', ...hindrance };
}

interface Hindrance {
  readonly why: string;
  readonly remedy: string;
}

const refused = (name: string, why: string, { remedy }: Pick<Hindrance, 'remedy'>) =>
  new AccountFault('caller', 'account_not_taken', `account ${name} cannot be taken: ${why}`, { remedy });

async function usualAccount(dataDirectory: string, accounts: readonly Account[]): Promise<Account | Hindrance> {
  const owner = await ownerOf(dataDirectory);
  if (owner !== undefined && owner !== 0)
    return (
      accounts.find(({ uid }) => uid === owner) ?? {
        why: `${dataDirectory} belongs to user id ${owner}, which is not an account here`,
        remedy: `Give it to one: chown -R ${usualName} ${dataDirectory}`,
      }
    );
  return (
    accounts.find(({ name, uid }) => name === usualName && uid !== 0) ?? {
      why: 'there is no account to take instead',
      remedy: `Make one of its own (useradd --system ${usualName}), or name one with account.`,
    }
  );
}

/** Why a process of `account` could not go on where root began. */
async function hindered(account: Account, options: ServiceAccountOptions): Promise<Hindrance | undefined> {
  const { dataDirectory, embedded, reopened } = options;
  const { name } = account;
  const owner = await ownerOf(dataDirectory);
  if (owner !== undefined && owner !== 0 && owner !== account.uid)
    return {
      why: `${dataDirectory} belongs to user id ${owner}`,
      remedy: `Stop it, then: chown -R ${name} ${dataDirectory}`,
    };
  // Whoever may exchange a link on the way could otherwise have any directory of root's.
  if (owner === 0 && (await realpath(dataDirectory)) !== resolve(dataDirectory))
    return {
      why: `${dataDirectory} belongs to root and is reached through a link`,
      remedy: `Name it as it is, or: chown -R ${name} ${await realpath(dataDirectory)}`,
    };
  const cluster = join(dataDirectory, 'postgres');
  const clusterOwner = embedded ? await ownerOf(cluster) : undefined;
  if (clusterOwner !== undefined && clusterOwner !== account.uid)
    return {
      why: `PostgreSQL, which must be started again when it ends, runs as user id ${clusterOwner}, the owner of ${cluster}`,
      remedy: `Stop it, then: chown -R ${name} ${cluster}`,
    };
  const parent = await existing(dirname(resolve(dataDirectory)));
  if (!(await reachable(parent, account)))
    return {
      why: `${name} cannot pass the directories above ${dataDirectory}`,
      remedy: 'Put the data directory where it can, as /var/lib/firstring.',
    };
  const closed = await closedPart(account);
  if (closed !== undefined)
    return {
      why: `${name} cannot read the program in ${closed}`,
      remedy: 'Install it where every account may read, as /opt/firstring.',
    };
  const first = await firstOpenPort();
  const privileged = reopened.find((port) => port < first);
  if (privileged !== undefined)
    return {
      why: `port ${privileged} is opened again whenever an activation thread is replaced, and needs root`,
      remedy: `Choose a port from ${first} on for ports.das.`,
    };
  return undefined;
}

/** Where threads and what is loaded later lie, and the account has no way to: a build as root under a umask of 077, or a home. */
async function closedPart(account: Account): Promise<string | undefined> {
  const [, main = program] = process.argv;
  for (const part of [program, join(program, 'node_modules'), dirname(main)]) {
    if ((await ownerOf(part)) !== undefined && !(await reachable(part, account))) return part;
  }
  return undefined;
}

const ownerOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ uid }) => uid,
    () => undefined,
  );

/** The directory itself or the first one above that is there. */
async function existing(directory: string): Promise<string> {
  for (let at = directory; ; at = dirname(at)) {
    if ((await ownerOf(at)) !== undefined || at === dirname(at)) return at;
  }
}

/** From which port on nobody needs rights. */
async function firstOpenPort(): Promise<number> {
  const text = await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : 1024;
}
