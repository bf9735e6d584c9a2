import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';

const folder = join(root, 'migrations');

it('a migration that was released is never edited, renamed or taken away', async () => {
  const listed = (await readFile(join(folder, 'released.sha256'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('  ') as [checksum: string, name: string]);
  expect(listed.length).toBeGreaterThan(0);
  for (const [checksum, name] of listed) {
    const content = await readFile(join(folder, name), 'utf8').catch(() => 'taken away');
    expect([name, createHash('sha256').update(content).digest('hex')]).toEqual([name, checksum]);
  }
  // Nothing slips in before what was released: each folder's list is the beginning of its files.
  const released = listed.map(([, name]) => name);
  for (const below of ['', 'cloud/']) {
    const files = (await readdir(join(folder, below))).filter((name) => name.endsWith('.sql')).sort();
    const ofFolder = released.filter((name) => (below === '' ? !name.includes('/') : name.startsWith(below)));
    expect(files.slice(0, ofFolder.length).map((name) => below + name)).toEqual(ofFolder);
  }
});
