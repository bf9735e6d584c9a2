import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, lchown, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeWithParents } from '../../kernel/directories.ts';
import type { Account } from '../account/accounts.ts';
import { DataDirectoryFault } from './lock.ts';

/** Makes the directory (0700) when it is not there. `owner`: whose it and what is made above it shall be; what is another's already stays so. */
export async function openDataDirectory(directory: string, owner?: Account): Promise<void> {
  try {
    const path = resolve(directory);
    const made = await makeDirectory(path, 0o700, owner);
    if (made) await chmod(path, 0o700);
    const found = await stat(path);
    if (!found.isDirectory()) throw Object.assign(new Error('not a directory'), { code: 'EEXIST' });
    if (owner !== undefined && found.uid === 0) await lchown(path, owner.uid, owner.gid);
  } catch (error) {
    throw new DataDirectoryFault(
      'ours',
      'data_directory_unusable',
      `the data directory ${directory} cannot be used: ${reasonOf(error)}`,
      {
        remedy: 'Choose a directory that can be written, with --data-dir.',
        cause: error,
      },
    );
  }
}

/** Makes a directory and what is missing above it, all of that `mode` and of `owner`; false when it was there. Never waits for a file system that makes none. */
export function makeDirectory(path: string, mode = 0o700, owner?: Account): Promise<boolean> {
  const makeOne = async (each: string) => {
    await mkdir(each, { mode });
    if (owner !== undefined) await lchown(each, owner.uid, owner.gid);
  };
  return makeWithParents(resolve(path), makeOne, dirname);
}

/** In plain words, where there are some. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'its file system makes no directories',
    ENOTDIR: 'a part of its path is a file, not a directory',
    EEXIST: 'there is a file of that name',
    EROFS: 'its file system is mounted read-only',
    EACCES: 'this account has no right to make it',
    EPERM: 'this account is not permitted to make it',
    ENOSPC: 'the disk is full',
  };
  return words[code ?? ''] ?? message;
}

/** Removes what a killed run left: its `runtime.json` and half-written files. Call with the lock held. */
export async function clearLeftovers(directory: string): Promise<void> {
  await rm(join(directory, 'runtime.json'), { force: true });
  for (const name of await readdir(directory)) {
    if (/\.half-[0-9a-f]{8}$|^lock\.(stale\.|\d+\.)/.test(name)) await rm(join(directory, name), { force: true });
  }
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** UUID that names this data directory, made at its first use. Call with the lock held. */
export async function instanceOf(directory: string): Promise<string> {
  const path = join(directory, 'instance');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (uuid.test(kept)) return kept;
  const made = randomUUID();
  await writeWhole(path, `${made}\n`);
  return made;
}

/** Whole or not at all, also after a power cut: written beside, synced, renamed. What root writes belongs to whom the directory belongs to. */
export async function writeWhole(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const half = `${path}.half-${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(half, 'wx', mode);
    try {
      await file.writeFile(content);
      if (process.geteuid?.() === 0) {
        const { uid, gid } = await stat(dirname(path));
        if (uid !== 0) await file.chown(uid, gid);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  await folder.sync().catch(() => {});
  await folder.close();
}
