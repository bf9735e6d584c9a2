import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PostgresFault } from './postgres-fault.ts';

/** The operating-system account PostgreSQL runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** False when it is the account of this very process. */
  readonly switched: boolean;
}

/**
 * PostgreSQL refuses to run as root. An ordinary user runs it directly; root hands it to the owner of an existing data directory,
 * else to the first of `firstring`, `postgres`, `nobody` that this machine knows.
 */
export async function postgresAccount(dataDirectory: string): Promise<Account> {
  const uid = process.getuid?.() ?? -1;
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? -1, name: 'self', switched: false };
  const accounts = await passwd();
  const owner = await stat(dataDirectory).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) {
    const known = accounts.find((each) => each.uid === owner.uid);
    if (known !== undefined) return known;
    throw new PostgresFault(
      'ours',
      'postgres_wrong_owner',
      `${dataDirectory} belongs to user id ${owner.uid}, which is not an account here`,
      {
        remedy: `Give the directory to an account of this machine: chown -R postgres ${dataDirectory}`,
      },
    );
  }
  for (const name of ['firstring', 'postgres', 'nobody']) {
    const known = accounts.find((each) => each.name === name && each.uid !== 0);
    if (known !== undefined) return known;
  }
  throw new PostgresFault(
    'ours',
    'postgres_no_account',
    'PostgreSQL does not run as root and there is no other account to run it',
    {
      remedy:
        'Make one (useradd --system firstring), run Firstring as an ordinary user, or set FIRSTRING_DATABASE_URL.',
    },
  );
}

async function passwd(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const accounts: Account[] = [];
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) accounts.push({ name, uid: Number(uid), gid: Number(gid), switched: true });
  }
  return accounts;
}

/** Whether `account` may pass every directory above `path` and read `path` itself. Root's own rights do not count; ACLs are not looked at. */
export async function reachable(path: string, account: Account): Promise<boolean> {
  if (!account.switched) return true;
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
