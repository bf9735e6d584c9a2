import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../support/all-in-one.ts';

const files = ['scripts/node', 'src/main.ts', 'src/kernel/errors.test.ts', 'package-lock.json', 'dist/program/main.js'];
const [earlier, build, later] = [1_000, 2_000, 3_000];
let checkout: string;

/** What the command line hands to Node.js. */
async function started(): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', [join(checkout, 'scripts/firstring'), '--help']);
  return stdout.trim().replace(`${checkout}/`, '');
}

const touch = (name: string, at: number) => utimes(join(checkout, name), at, at);

describe('the command line', () => {
  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'firstring-bundle-'));
    for (const name of files) {
      await mkdir(dirname(join(checkout, name)), { recursive: true });
      await writeFile(join(checkout, name), name === 'scripts/node' ? 'echo "$@"' : '');
      await touch(name, earlier);
    }
    await copyFile(join(root, 'scripts/firstring'), join(checkout, 'scripts/firstring'));
    await touch('dist/program/main.js', build);
  });
  afterEach(() => rm(checkout, { recursive: true, force: true }));

  it('runs the bundle of the last build', async () => {
    expect(await started()).toBe('dist/program/main.js --help');
  });

  it.each(['src/main.ts', 'package-lock.json'])('runs the sources when %s is younger than the bundle', async (name) => {
    await touch(name, later);
    expect(await started()).toBe('src/main.ts --help');
  });

  it('takes no notice of tests', async () => {
    await touch('src/kernel/errors.test.ts', later);
    expect(await started()).toBe('dist/program/main.js --help');
  });

  it('runs the sources where nothing was built', async () => {
    await rm(join(checkout, 'dist'), { recursive: true });
    expect(await started()).toBe('src/main.ts --help');
  });
});
