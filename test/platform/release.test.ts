import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepGreen } from '../../scripts/release/green.ts';
import { root } from '../support/all-in-one.ts';

let folder: string;
let clone: string;
const git = (...words: string[]) => execFileSync('git', words, { cwd: clone, encoding: 'utf8' }).trim();
const read = (file: string) => readFile(join(clone, file), 'utf8');
const runtime = join(root, 'node_modules/.bin/node');

function release(...words: string[]) {
  const { status, stdout, stderr } = spawnSync('sh', ['scripts/node', 'scripts/release.ts', ...words], {
    cwd: clone,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firstring-release-'));
  clone = join(folder, 'clone');
  // What is being worked on, committed or not, as a repository of its own.
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  for (const file of execFileSync('git', list, { cwd: root, encoding: 'utf8' }).split('\0'))
    if (file !== '' && existsSync(join(root, file))) await cp(join(root, file), join(clone, file));
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'A Tester');
  git('config', 'user.email', 'tester@example.org');
  await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
  await appendFile(join(clone, '.git/info/exclude'), 'node_modules\n');
  await writeFile(join(clone, 'migrations/9999_of_the_next_release.sql'), 'SELECT 1;\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'test: what is to be released');
  await mkdir(join(clone, 'dist'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('says everything that is missing at once, and changes nothing', async () => {
  await appendFile(join(clone, 'README.md'), 'unfinished\n');
  await appendFile(join(clone, 'migrations/0001_system.sql'), '-- edited\n');
  const head = git('rev-parse', 'HEAD');
  const { status, output } = release('0.0.1');
  expect(status).toBe(1);
  for (const part of ['0.0.1 is below', 'not committed', 'npm test', 'migrations/0001_system.sql was released'])
    expect(output).toContain(part);
  expect(release('next').output).toContain('say a version');
  expect(git('rev-parse', 'HEAD')).toBe(head);
  expect(git('tag', '--list', 'v0.0.1')).toBe('');
  git('checkout', '--quiet', '--', '.');
});

it('needs a whole run of the tests that held for just what is checked in', async () => {
  expect(release('98.7.6', '--dry-run').status).toBe(1);
  keepGreen(clone);
  const dry = release('98.7.6', '--dry-run');
  expect(dry.status, dry.output).toBe(0);
  expect(dry.output).toContain('v98.7.6');
  expect(git('status', '--porcelain')).toBe('');
  git('commit', '--quiet', '--allow-empty', '--message', 'chore: same content');
  expect(release('98.7.6', '--dry-run').status).toBe(0);
  await writeFile(join(clone, 'NEW'), '');
  git('add', 'NEW');
  git('commit', '--quiet', '--message', 'feat: other content');
  expect(release('98.7.6', '--dry-run').output).toContain('did not pass as a whole');
});

it('commits, tags and packs a release that runs', async () => {
  keepGreen(clone);
  const notes = (await read('CHANGELOG.md')).split('## Unreleased')[1]!.split('\n## ')[0]!.trim();
  const done = release('98.7.6');
  expect(done.status, done.output).toBe(0);
  expect(git('status', '--porcelain')).toBe('');
  expect(git('log', '-1', '--format=%s')).toBe('chore(release): 98.7.6');
  expect(git('cat-file', '-t', 'v98.7.6')).toBe('tag');
  expect(git('rev-parse', 'v98.7.6^{commit}')).toBe(git('rev-parse', 'HEAD'));
  expect(git('tag', '--list', '--format=%(contents)', 'v98.7.6')).toContain(notes);
  expect(JSON.parse(await read('package.json')).version).toBe('98.7.6');
  const lock = JSON.parse(await read('package-lock.json'));
  expect([lock.version, lock.packages[''].version]).toEqual(['98.7.6', '98.7.6']);
  const changelog = await read('CHANGELOG.md');
  expect(changelog).toMatch(/## Unreleased\n\nNothing yet\.\n\n## 98\.7\.6 \(\d{4}-\d\d-\d\d\)\n/);
  expect(changelog).toContain(notes);
  const content = await readFile(join(clone, 'migrations/9999_of_the_next_release.sql'));
  expect(await read('migrations/released.sha256')).toContain(
    `${createHash('sha256').update(content).digest('hex')}  9999_of_the_next_release.sql\n`,
  );

  const tarball = join(clone, 'dist/firstring-98.7.6.tar.gz');
  const digest = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
  expect(await readFile(`${tarball}.sha256`, 'utf8')).toBe(`${digest}  firstring-98.7.6.tar.gz\n`);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  const unpacked = join(folder, 'firstring-98.7.6');
  const names = await readdir(unpacked, { recursive: true });
  expect(names.filter((name) => /^(test|bench|vectors)\/|\.test\.ts$/.test(name))).toEqual([]);
  expect(names).toEqual(expect.arrayContaining(['dist/web/index.html', 'dist/program/main.js', 'package-lock.json']));
  await symlink(join(root, 'node_modules'), join(unpacked, 'node_modules'));
  // Nothing is built where it is unpacked, and what starts is the bundle.
  for (const script of ['build-web.mjs', 'build-program.mjs']) {
    const built = spawnSync(runtime, [join(unpacked, 'scripts', script)], { encoding: 'utf8' });
    expect([built.status, built.stderr]).toEqual([0, '']);
  }
  await rm(join(unpacked, 'src/main.ts'));
  expect(execFileSync('sh', [join(unpacked, 'scripts/firstring'), '--version'], { encoding: 'utf8' }).trim()).toBe(
    '98.7.6',
  );
});

it('never gives a version twice', () => {
  expect(release('98.7.6', '--dry-run').output).toContain('v98.7.6 is there already');
});
