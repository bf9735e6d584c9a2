import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../log/log.ts';
import { openLabManufacturer } from '../pki/lab-manufacturer.ts';
import { startPostgres } from '../postgres/supervisor.ts';
import { clearLeftovers, openDataDirectory, writeWhole } from './files.ts';
import { lockDataDirectory } from './lock.ts';

const silent = createLog({ level: 'silent', json: true, node: 'test', write: () => {} });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firstring-lock-'));
});
afterEach(() => rm(directory, { recursive: true }));

const racers = (count: number) => Promise.allSettled(Array.from({ length: count }, () => lockDataDirectory(directory)));
async function release(results: readonly PromiseSettledResult<AsyncDisposable>[]): Promise<void> {
  for (const result of results) if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
}

describe('the lock of a data directory', () => {
  it('is had by one of many that come at once', async () => {
    const results = await racers(20);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ code: 'data_directory_in_use', detail: { pid: process.pid } });
    }
    await release(results);
  });

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, start: '1' }],
    ['a process whose id another one has now', { pid: 1, start: 'never' }],
  ])('left by %s is taken over by one of many', async (_, owner) => {
    await using mine = await lockDataDirectory(directory);
    const stale = { ...JSON.parse(await readFile(join(directory, 'lock'), 'utf8')), ...owner };
    await mine[Symbol.asyncDispose]();
    await writeFile(join(directory, 'lock'), JSON.stringify(stale));
    const results = await racers(20);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await release(results);
  });

  it('that holds no sense is taken over, and nothing but the directory is left in the end', async () => {
    await writeFile(join(directory, 'lock'), '');
    await release(await racers(1));
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('files', () => {
  it('are whole or not there, whoever writes at the same time', async () => {
    const path = join(directory, 'file');
    const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(10_000));
    await Promise.all(contents.map((content) => writeWhole(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(directory)).toEqual(['file']);
  });

  it('half-written by a killed run are cleared away with its runtime.json', async () => {
    for (const name of ['runtime.json', 'kek.half-0123abcd', 'lock.stale.0123abcd', 'kek'])
      await writeFile(join(directory, name), '');
    await clearLeftovers(directory);
    expect(await readdir(directory)).toEqual(['kek']);
  });
});

describe('a data directory', () => {
  it.runIf(process.platform === 'linux')(
    'where the file system makes none is refused, not tried for ever',
    async () => {
      await expect(openDataDirectory('/proc/nowhere/data')).rejects.toMatchObject({ code: 'data_directory_unusable' });
    },
  );

  it.runIf(process.platform === 'linux').each([
    ['of the laboratory', openLabManufacturer],
    ['of the embedded PostgreSQL', (path: string) => startPostgres({ directory: path, log: silent })],
  ])('%s is refused there as well', async (_, open) => {
    await expect(open('/proc/nowhere/data')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('that is a file is refused', async () => {
    await writeFile(join(directory, 'file'), '');
    await expect(openDataDirectory(join(directory, 'file'))).rejects.toMatchObject({ code: 'data_directory_unusable' });
  });
});
