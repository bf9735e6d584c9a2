import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './accounts.ts';

/** Directories below the data directory whose owner is right from the start. */
const apart: ReadonlySet<string> = new Set(['postgres', 'postgres.run']);

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = constants;

/**
 * Gives `account` what belongs to root below `directory`, which is the account's already. Nothing is followed out of it: who owns a part of it may
 * exchange a directory for a link meanwhile, so each level is reached from the open one above; files with a second name elsewhere stay root's.
 */
export async function handOver(directory: string, account: Account): Promise<void> {
  await using top = await open(directory, O_RDONLY | O_DIRECTORY);
  if ((await top.stat()).uid !== account.uid) throw new Error(`${directory} does not belong to ${account.name}`);
  await handOverLevel(top, directory, account, apart);
}

async function handOverLevel(
  level: FileHandle,
  path: string,
  account: Account,
  leave: ReadonlySet<string>,
): Promise<void> {
  const base = process.platform === 'linux' ? `/proc/self/fd/${level.fd}` : path;
  for (const entry of await readdir(base, { withFileTypes: true })) {
    if (leave.has(entry.name)) continue;
    const below = join(base, entry.name);
    if (entry.isDirectory()) {
      await using next = await open(below, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      if ((await next.stat()).uid === 0) await next.chown(account.uid, account.gid);
      await handOverLevel(next, below, account, none);
    }
    if (!entry.isFile()) continue;
    await using file = await open(below, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { uid, nlink } = await file.stat();
    if (uid === 0 && nlink === 1) await file.chown(account.uid, account.gid);
  }
}

interface Initgroups {
  initgroups(user: string, extraGroup: number): void;
}

const none: ReadonlySet<string> = new Set();

/**
 * Makes all threads of this process those of `account`, with its groups and without any capability, for good. Children and threads started later are its
 * too. Throws what the system says, and then the process is root as before, unless the error says otherwise.
 */
export function giveUpRoot(account: Account): void {
  // Of Node.js, but missing from its types.
  (process as NodeJS.Process & Initgroups).initgroups(account.name, account.gid);
  process.setgid!(account.gid);
  process.setuid!(account.uid);
  if (canBeRoot()) throw new Error('root was given up, and could be had again');
}

function canBeRoot(): boolean {
  if (process.geteuid?.() === 0 || process.getuid?.() === 0) return true;
  try {
    process.setuid!(0);
    return true;
  } catch {
    return false;
  }
}
