import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { makeWithParents } from './directories.ts';

const refusal = (code: string) => Object.assign(new Error(code), { code });

/** `takes`: whether a directory can be made below another; as on /proc, it cannot. */
function fileSystem(there: readonly string[], takes: boolean) {
  const known = new Set(there);
  const asked: string[] = [];
  const makeOne = async (path: string) => {
    asked.push(path);
    if (known.has(path)) throw refusal('EEXIST');
    if (!takes || !known.has(posix.dirname(path))) throw refusal('ENOENT');
    known.add(path);
  };
  return { known, asked, make: (path: string) => makeWithParents(path, makeOne, posix.dirname) };
}

it('makes what is missing above a directory, and says whether it was there', async () => {
  const { known, make } = fileSystem(['/', '/var'], true);
  expect(await make('/var/lib/firstring')).toBe(true);
  expect([...known]).toEqual(['/', '/var', '/var/lib', '/var/lib/firstring']);
  expect(await make('/var/lib/firstring')).toBe(false);
});

it('gives up where a file system has the directory above and makes none below it', async () => {
  const { asked, make } = fileSystem(['/', '/proc'], false);
  await expect(make('/proc/nowhere/data')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(asked.length).toBeLessThan(10);
});
