/**
 * `npm run release -- VERSION [--dry-run]`: from a green, clean main to a commit, an annotated tag and a tarball of what production needs. Says all
 * that is missing at once and changes nothing then. Publishing stays with who releases: the last lines say how.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeUnreleased, unreleased } from './release/changelog.ts';
import { cleanTree, isGreen } from './release/green.ts';
import { editedMigrations, listOfMigrations } from './release/migrations.ts';
import { pack } from './release/pack.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dryRun = process.argv.includes('--dry-run');
const version = process.argv.slice(2).find((word) => !word.startsWith('-')) ?? '';
const tag = `v${version}`;
const changed = ['package.json', 'package-lock.json', 'CHANGELOG.md', 'migrations/released.sha256'];

const missing = whatIsMissing();
for (const each of missing) process.stderr.write(`release: ${each}\n`);
if (missing.length > 0) process.exit(1);

const notes = unreleased(read('CHANGELOG.md'));
if (dryRun) {
  process.stdout.write(
    `release: nothing is missing; ${tag} would be told of as\n\n${notes}\n\nrelease: it would change ${changed.join(', ')}\n`,
  );
  process.exit(0);
}
const before = manifest().version;
for (const file of ['package.json', 'package-lock.json']) setVersion(file);
write('CHANGELOG.md', closeUnreleased(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10)));
write('migrations/released.sha256', listOfMigrations(root));
try {
  for (const script of ['build-web.mjs', 'build-program.mjs', 'build-client.mjs'])
    execFileSync(process.execPath, [join(root, 'scripts', script)], { cwd: root, stdio: 'inherit' });
  git('add', ...changed);
  git(
    'commit',
    '--quiet',
    '--message',
    `chore(release): ${version}\n\nFrom ${before}. What changed for users stands in CHANGELOG.md.`,
  );
} catch (error) {
  git('checkout', '--quiet', 'HEAD', '--', ...changed);
  throw error;
}
git('tag', '--annotate', tag, '--cleanup=verbatim', '--message', `Firstring ${version}\n\n${notes}\n`);
const tarball = pack(root, version);
process.stdout.write(`release: ${tag} is committed and tagged, and packed in ${tarball}
release: publish it with  git push --follow-tags  and that file with its .sha256
release: then open the next one: set the version in package.json and package-lock.json to its number with -dev\n`);

function whatIsMissing(): readonly string[] {
  const found: string[] = [];
  const must = (holds: boolean, otherwise: string) => void (holds || found.push(otherwise));
  must(/^\d+\.\d+\.\d+$/.test(version), 'say a version: npm run release -- 1.2.3');
  must(!isBelow(version, manifest().version), `${version} is below ${manifest().version}, what package.json says`);
  must(git('branch', '--show-current') === 'main', 'releases are made on main: git checkout main');
  must(git('tag', '--list', tag) === '', `${tag} is there already: choose the next version`);
  must(cleanTree(root) !== undefined, 'there are files that are not committed: git status');
  must(
    isGreen(root),
    'what is checked in did not pass as a whole yet: run npm test, without a pattern and with nothing uncommitted',
  );
  must(unreleased(read('CHANGELOG.md')) !== '', 'CHANGELOG.md tells nothing under "Unreleased"');
  for (const name of editedMigrations(root))
    found.push(
      `migrations/${name} was released and is not what it was: bring it back, and say what is new in a new one`,
    );
  return found;
}

/** Compares the numbers: 1.2.0 is not below 1.2.0-dev. */
function isBelow(one: string, other: string): boolean {
  const [a, b] = [one, other].map((each) => each.replace(/-.*/, '').split('.').map(Number));
  const at = a!.findIndex((number, i) => number !== b![i]);
  return at >= 0 && a![at]! < b![at]!;
}

function setVersion(file: string): void {
  const content = JSON.parse(read(file)) as { version: string; packages?: Record<string, { version: string }> };
  content.version = version;
  const own = content.packages?.[''];
  if (own !== undefined) own.version = version;
  write(file, `${JSON.stringify(content, undefined, 2)}\n`);
}

function manifest(): { readonly version: string } {
  return JSON.parse(read('package.json')) as { version: string };
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text);
}
