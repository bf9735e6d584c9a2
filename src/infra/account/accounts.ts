import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An account of the operating system that something runs under. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** False when it is the account of this very process. */
  readonly switched: boolean;
}

/** Those of /etc/passwd. */
export async function accountsHere(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const accounts: Account[] = [];
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) accounts.push({ name, uid: Number(uid), gid: Number(gid), switched: true });
  }
  return accounts;
}

/** Whether `account` may pass every directory above `path` and `path` itself. Root's own rights do not count; ACLs are not looked at. */
export async function reachable(path: string, account: Account): Promise<boolean> {
  if (!account.switched) return true;
  for (let at = await realpath(path); ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
