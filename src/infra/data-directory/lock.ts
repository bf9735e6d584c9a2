import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../../kernel/errors.ts';

/** Another living process owns the data directory. */
export class DataDirectoryFault extends Fault<'data_directory_in_use' | 'data_directory_unusable'> {}

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a reused id is not taken for the owner. */
  readonly start: string;
  readonly boot: string;
  /** In another PID namespace (another container) the id says nothing; there the file's age does. */
  readonly namespace: string;
  readonly nonce: string;
}

const beat = 3_000;
const silence = 8_000;
const turnPatience = 15_000;

/** Takes `DIR/lock` or throws `data_directory_in_use` with the owner's pid. The lock of a killed process is taken over. */
export async function lockDataDirectory(directory: string): Promise<AsyncDisposable> {
  const path = join(directory, 'lock');
  const mine = JSON.stringify(self());
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(own, mine, { mode: 0o600 });
  const turn = await oneAtATime(directory);
  try {
    for (;;) {
      try {
        await link(own, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const found = await readFile(path, 'utf8').catch(() => undefined);
      if (found === undefined) continue;
      const owner = parse(found);
      if (owner !== undefined && (await lives(owner, path))) {
        throw new DataDirectoryFault(
          'caller',
          'data_directory_in_use',
          `${directory} is in use by process ${owner.pid}`,
          {
            remedy: `Stop it (kill ${owner.pid}) or choose another directory with --data-dir.`,
            detail: { pid: owner.pid },
          },
        );
      }
      await takeAway(path, found);
    }
  } finally {
    await turn?.[Symbol.asyncDispose]();
    await rm(own, { force: true });
  }
  const heart = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, beat);
  heart.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(heart);
      if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
    },
  };
}

/**
 * Lets one process at a time look at the lock and take a stale one over: a socket of Linux's abstract name space, which the kernel frees whatever
 * happens to its owner. Where there is none, or somebody else sits on the name, PostgreSQL's own lock is the second line of defence.
 */
async function oneAtATime(directory: string): Promise<AsyncDisposable | undefined> {
  if (process.platform !== 'linux') return undefined;
  const { dev, ino } = await stat(directory);
  for (const until = Date.now() + turnPatience; Date.now() < until; ) {
    const server = createServer((socket) => socket.destroy());
    const taken = await new Promise<boolean>((done) => {
      server.once('error', () => done(false));
      server.listen(`\0firstring-lock-${dev}-${ino}`, () => done(true));
    });
    if (taken) {
      return {
        async [Symbol.asyncDispose]() {
          await new Promise((done) => server.close(done));
        },
      };
    }
    await sleep(20);
  }
  return undefined;
}

/** Removes a stale lock, and only that one: had somebody else taken it over meanwhile, theirs is put back. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.stale.${randomBytes(4).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

async function lives(owner: Owner, path: string): Promise<boolean> {
  const me = self();
  if (owner.boot !== me.boot) return false;
  if (owner.namespace !== me.namespace) {
    // It touches its lock every 3 s.
    const before = await stat(path).catch(() => undefined);
    if (before === undefined) return false;
    await sleep(silence);
    return (await stat(path).catch(() => before)).mtimeMs !== before.mtimeMs;
  }
  if (process.platform === 'linux') return startOf(owner.pid) === owner.start;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function self(): Owner {
  return {
    pid: process.pid,
    start: startOf(process.pid),
    boot: read('/proc/sys/kernel/random/boot_id'),
    namespace: namespaceOf(),
    nonce,
  };
}

const nonce = randomBytes(8).toString('hex');

/** Empty when there is no such process, or it is a zombie. */
function startOf(pid: number): string {
  const text = read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? '' : (fields[19] ?? '');
}

function namespaceOf(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function parse(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}
