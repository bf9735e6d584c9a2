import { chmod, chown, link, lstat, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountsHere } from './accounts.ts';
import { handOver } from './give-up-root.ts';
import { type ServiceAccountOptions, serviceAccount } from './service-account.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-account-'));
  await chmod(folder, 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const decide = (options: Partial<ServiceAccountOptions>) =>
  serviceAccount({
    wanted: undefined,
    dataDirectory: join(folder, 'data'),
    embedded: true,
    reopened: [],
    uid: 0,
    ...options,
  });

describe('the account of a process', () => {
  it('is the one it was started as, unless that is root', async () => {
    expect(await decide({ uid: 1_000 })).toEqual({ kind: 'as-started' });
    const [nobody] = (await accountsHere()).filter(({ name }) => name === 'nobody');
    expect(await decide({ uid: nobody!.uid, wanted: 'nobody' })).toEqual({ kind: 'as-started' });
  });

  it('cannot be another one without root, and that ends the start', async () => {
    await expect(decide({ uid: 1_000, wanted: 'nobody' })).rejects.toMatchObject({
      code: 'account_not_taken',
      message: expect.stringContaining('user id 1000'),
    });
  });

  it('must be an account of this machine', async () => {
    await expect(decide({ wanted: 'no-such-account' })).rejects.toMatchObject({ code: 'account_unknown' });
  });

  it('is never nobody or another service’s by itself', async () => {
    const found = await decide({});
    if (found.kind === 'account') expect(found.account.name).toBe('firstring');
    else expect(found.kind).toBe('root');
  });

  it('stays root only where that was asked for', async () => {
    expect(await decide({ wanted: 'root' })).toMatchObject({ kind: 'root', why: 'the configuration says so' });
  });

  it('must be able to pass the directories above the data directory', async () => {
    await chmod(folder, 0o700);
    await expect(decide({ wanted: 'nobody' })).rejects.toMatchObject({
      code: 'account_not_taken',
      message: expect.stringContaining('cannot pass'),
    });
  });

  it('must be able to open again what is opened again', async () => {
    const wanted = { wanted: 'nobody', reopened: [-1] };
    await expect(decide(wanted)).rejects.toMatchObject({ message: expect.stringContaining('port -1') });
  });
});

describe.skipIf(process.getuid?.() !== 0)('handing a data directory over', () => {
  const nobody = { uid: 65_534, gid: 65_534, name: 'nobody', switched: true };

  it('gives what is root’s below it, and follows no link out of it', async () => {
    const data = join(folder, 'data');
    const outside = join(folder, 'outside');
    await mkdir(join(data, 'deep'), { recursive: true });
    await writeFile(join(data, 'deep', 'key'), 'k', { mode: 0o600 });
    await writeFile(outside, 'root’s');
    await mkdir(join(folder, 'directory'));
    await writeFile(join(folder, 'directory', 'file'), 'root’s');
    await symlink(outside, join(data, 'link'));
    await symlink(join(folder, 'directory'), join(data, 'link-to-directory'));
    await link(outside, join(data, 'second-name'));
    await chown(data, nobody.uid, nobody.gid);
    await handOver(data, nobody);
    const key = await stat(join(data, 'deep', 'key'));
    expect([key.uid, key.gid, key.mode & 0o777]).toEqual([nobody.uid, nobody.gid, 0o600]);
    expect((await stat(join(data, 'deep'))).uid).toBe(nobody.uid);
    for (const path of ['outside', 'directory', 'directory/file'])
      expect((await lstat(join(folder, path))).uid).toBe(0);
  });

  it('takes no directory that is somebody else’s', async () => {
    await expect(handOver(folder, nobody)).rejects.toThrow('does not belong to nobody');
    expect((await stat(folder)).uid).toBe(0);
  });

  it('takes no directory of root’s that a link leads to', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'data'));
    await expect(decide({ wanted: 'nobody' })).rejects.toMatchObject({ message: expect.stringContaining('link') });
  });

  it('takes no cluster of PostgreSQL that another account runs', async () => {
    await mkdir(join(folder, 'data', 'postgres'), { recursive: true });
    await chown(join(folder, 'data', 'postgres'), 1, 1);
    await expect(decide({ wanted: 'nobody' })).rejects.toMatchObject({
      remedy: expect.stringContaining('chown -R nobody'),
    });
    expect(await decide({ wanted: 'nobody', embedded: false })).toMatchObject({ kind: 'account' });
  });

  it('finds the owner of the data directory by itself', async () => {
    await mkdir(join(folder, 'data'));
    await chown(join(folder, 'data'), nobody.uid, nobody.gid);
    expect(await decide({})).toMatchObject({ kind: 'account', account: { name: 'nobody' }, asked: false });
  });
});
