import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { type Account, reachable } from '../account/accounts.ts';
import { PostgresFault } from './postgres-fault.ts';

/**
 * Calls `work` with a path of `directory` that `account` can use. When a directory above is closed to it (root's home, a temporary directory of root),
 * the child inherits the open directory as descriptor 3 and goes through /proc/self/fd, so that no rights above need to change.
 */
export async function withPath<T>(
  directory: string,
  account: Account,
  work: (path: string, stdio: number[]) => Promise<T>,
): Promise<T> {
  if (await reachable(directory, account)) return work(directory, []);
  if (process.platform !== 'linux') {
    throw new PostgresFault('ours', 'postgres_wrong_owner', `${account.name} cannot reach ${directory}`, {
      remedy: 'Choose a data directory below one that every account may pass, with --data-dir.',
    });
  }
  const handle = openSync(directory, 'r');
  try {
    return await work('/proc/self/fd/3', [handle]);
  } finally {
    closeSync(handle);
  }
}

export function identity(account: Account): { uid?: number; gid?: number } {
  return account.switched ? { uid: account.uid, gid: account.gid } : {};
}

export async function run(
  file: string,
  args: string[],
  account: Account,
  stdio: number[],
): Promise<{ code: number; output: string }> {
  const child = spawn(file, args, {
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe', ...stdio],
    ...identity(account),
  });
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
    });
  }
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code) => done({ code: code ?? -1, output }));
  });
}

export function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' / ') || 'no word from it';
}
