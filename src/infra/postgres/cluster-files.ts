import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from '../account/accounts.ts';
import type { PostgresBinaries } from './binaries.ts';
import { PostgresFault } from './postgres-fault.ts';
import { lastLines, run, withPath } from './process.ts';
import { ownerRole } from './roles.ts';

export interface Making {
  readonly account: Account;
  readonly binaries: PostgresBinaries;
  readonly password: string;
  readonly directory: string;
}

export async function makeCluster(cluster: string, { account, binaries, password, directory }: Making): Promise<void> {
  const half = `${cluster}.new`;
  await rm(half, { recursive: true, force: true });
  await mkdir(half, { mode: 0o700 });
  const passwordFile = join(half, 'password');
  const data = join(half, 'data');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (account.switched) for (const path of [half, passwordFile, data]) await chown(path, account.uid, account.gid);
  const newest = (await versionOf(binaries)) >= 17;
  await withPath(half, account, async (path, stdio) => {
    const args = [
      '-D',
      join(path, 'data'),
      '-U',
      ownerRole,
      `--pwfile=${join(path, 'password')}`,
      '--auth=scram-sha-256',
    ];
    args.push('--encoding=UTF8', '--locale=C');
    if (newest) args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    const { code, output } = await run(join(binaries.bin, 'initdb'), args, account, stdio);
    if (code !== 0) {
      throw new PostgresFault(
        'ours',
        'postgres_initdb_failed',
        `PostgreSQL could not make its files: ${lastLines(output)}`,
        {
          remedy: `Look for a full disk or missing rights below ${directory}.`,
        },
      );
    }
  });
  await rename(data, cluster);
  await rm(half, { recursive: true, force: true });
}

async function versionOf(binaries: PostgresBinaries): Promise<number> {
  const self = { uid: -1, gid: -1, name: 'self', switched: false };
  const { output } = await run(join(binaries.bin, 'postgres'), ['--version'], self, []);
  return Number(/(\d+)/.exec(output)?.[1] ?? 0);
}

export async function checkVersion(cluster: string, binaries: PostgresBinaries): Promise<void> {
  const made = Number(await readFile(join(cluster, 'PG_VERSION'), 'utf8'));
  const here = await versionOf(binaries);
  if (made === here) return;
  throw new PostgresFault(
    'ours',
    'postgres_wrong_version',
    `the data was made by PostgreSQL ${made}, this program brings ${here}`,
    {
      remedy: 'Restore a backup into a new data directory, or run the release that made it.',
    },
  );
}

/** The password kept in `name`; made when there is none. */
export async function passwordOf(directory: string, name: string): Promise<string> {
  const file = join(directory, name);
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept !== '') return kept.trim();
  const fresh = randomBytes(24).toString('base64url');
  await writeFile(`${file}.new`, fresh, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return fresh;
}
