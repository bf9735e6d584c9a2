import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kernel/log.ts';
import { PostgresFault } from './postgres-fault.ts';

const politely = 10_000;
const forcibly = 10_000;

/**
 * Ends what a killed run left behind: a postmaster without its supervisor, or a `postmaster.pid` whose process is gone or a zombie nobody has reaped.
 * A process id alone proves nothing, since ids are reused: the process must be working in this very data directory.
 */
export async function stopLeftover(dataDirectory: string, log: Log): Promise<void> {
  const pidFile = join(dataDirectory, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  if (await isPostgresOf(pid, dataDirectory)) {
    log.warn({ pid }, 'stopping the PostgreSQL that a killed run left behind');
    kill(pid, 'SIGINT');
    if (!(await gone(pid, politely))) {
      kill(pid, 'SIGQUIT');
      if (!(await gone(pid, forcibly))) {
        throw new PostgresFault('ours', 'postgres_still_running', `an old PostgreSQL (process ${pid}) does not stop`, {
          remedy: `Look at process ${pid} and end it, then start again.`,
        });
      }
    }
  }
  // PostgreSQL takes any living process of that number, even a zombie or a stranger, for the owner.
  if (!(await anyPostgresIn(dataDirectory))) await rm(pidFile, { force: true });
}

/** Resolves true once `pid` has ended, a zombie included; false after `patience` ms. */
export async function gone(pid: number, patience: number): Promise<boolean> {
  const until = Date.now() + patience;
  for (;;) {
    if (!(await alive(pid))) return true;
    if (Date.now() > until) return false;
    await sleep(20);
  }
}

async function alive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The state follows the parenthesised name, which may itself hold parentheses.
  return status === undefined ? process.platform !== 'linux' : !/^[ZX]/.test(status.slice(status.lastIndexOf(')') + 2));
}

async function isPostgresOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return alive(pid);
  const [command, cwd, wanted] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
    realpath(dataDirectory).catch(() => dataDirectory),
  ]);
  return command.includes('postgres') && cwd === wanted;
}

async function anyPostgresIn(dataDirectory: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid));
  // Children outlive a killed postmaster by a moment.
  for (let turn = 0; turn < 100; turn++) {
    const found = await Promise.all(pids.map(async (pid) => (await isPostgresOf(pid, dataDirectory)) && alive(pid)));
    if (!found.some(Boolean)) return false;
    await sleep(50);
  }
  return true;
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
