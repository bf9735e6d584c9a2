import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of what is checked in, what nobody needs who only runs it. */
const left = /^(test|bench|vectors|\.ci|\.vscode)\/|\.test\.tsx?$|^(\.|biome\.json|tsconfig|vitest|CONTRIBUTING)/;
/** What is built: the program, the pages, and the digests by which `npm start` knows that neither is to be built again. */
const built = ['dist/program', 'dist/web', 'dist/*.sha256'];

/**
 * Makes `dist/firstring-VERSION.tar.gz` and its `.sha256`, out of which `npm ci --omit=dev --ignore-scripts` and `npm start` run. Returns the path from
 * the root. Dates stay: by them the command line knows that the bundle is no older than its sources.
 */
export function pack(root: string, version: string): string {
  const name = `firstring-${version}`;
  const staging = join(root, 'dist/release');
  rmSync(staging, { recursive: true, force: true });
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const files = [
    ...tracked.filter((file) => !left.test(file)),
    ...built.flatMap((glob) => globSync(glob, { cwd: root })),
  ];
  for (const file of files) {
    const copy = join(staging, name, file);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(root, file), copy, { recursive: true, preserveTimestamps: true });
  }
  const result = `dist/${name}.tar.gz`;
  execFileSync('tar', ['-czf', join(root, result), '-C', staging, name]);
  rmSync(staging, { recursive: true });
  const digest = createHash('sha256')
    .update(readFileSync(join(root, result)))
    .digest('hex');
  writeFileSync(join(root, `${result}.sha256`), `${digest}  ${name}.tar.gz\n`);
  return result;
}
