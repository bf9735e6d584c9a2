import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exposure, isSecretMount } from './key-file-exposure.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-kek-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function key(mode: number): Promise<string> {
  const path = join(folder, `kek-${mode.toString(8)}`);
  await writeFile(path, 'x');
  await chmod(path, mode);
  return path;
}

describe('a key file', () => {
  it('for its owner alone is good', async () => {
    for (const mode of [0o600, 0o400]) expect(exposure(await key(mode), false)).toBeUndefined();
  });

  it('of root that the group of the service reads is good, one of another group is not', async (context) => {
    if (process.getuid?.() !== 0) return context.skip();
    for (const mode of [0o640, 0o440]) {
      const path = await key(mode);
      expect(exposure(path, false)).toBeUndefined();
      await chown(path, 0, 54_321);
      expect(exposure(path, false)?.remedy).toContain('chmod 640');
    }
  });

  it('that anybody reads or others write is refused, also when it is said to be mounted', async () => {
    for (const mode of [0o644, 0o444, 0o604]) {
      expect(exposure(await key(mode), false)?.remedy).toContain('FIRSTRING_KEK_MOUNTED');
      expect(exposure(await key(mode), true)?.message).toContain('mount of secrets');
    }
    for (const mode of [0o660, 0o666, 0o602]) expect(exposure(await key(mode), true)?.message).toContain('written');
  });

  it('of a container lies on a mount that is read-only or in memory, not merely on the root', () => {
    const mounts = [
      '21 1 8:1 / / ro,relatime shared:1 - ext4 /dev/root rw',
      '30 21 0:30 / /run rw,nosuid shared:2 - tmpfs tmpfs rw',
      '31 30 0:31 / /run/secrets/kek ro,relatime shared:3 - ext4 /dev/sda1 ro',
      '32 21 0:32 / /data rw,relatime shared:4 - ext4 /dev/sdb1 rw',
      '33 21 0:33 / /with\\040space ro shared:4 - ext4 /dev/sdb1 rw',
    ].join('\n');
    expect(isSecretMount('/run/secrets/kek', mounts)).toBe(true);
    expect(isSecretMount('/run/other/kek', mounts)).toBe(true);
    expect(isSecretMount('/with space/kek', mounts)).toBe(true);
    expect(isSecretMount('/data/kek', mounts)).toBe(false);
    expect(isSecretMount('/etc/kek', mounts)).toBe(false);
    expect(isSecretMount('/database/kek', mounts)).toBe(false);
  });
});
