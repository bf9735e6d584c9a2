import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const stamp = 'dist/green';

/** Keeps that everything held for what is checked in, for the release. Of a tree with changes nothing is kept. */
export function keepGreen(root: string): void {
  const tree = cleanTree(root);
  if (tree === undefined) return;
  mkdirSync(dirname(join(root, stamp)), { recursive: true });
  writeFileSync(join(root, stamp), tree);
}

/** Whether a whole `npm test` held for just what is checked in. */
export function isGreen(root: string): boolean {
  try {
    return readFileSync(join(root, stamp), 'utf8') === cleanTree(root);
  } catch {
    return false;
  }
}

/** The name git gives to the content of the last commit; undefined where files differ from it, or without git. */
export function cleanTree(root: string): string | undefined {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return git('status', '--porcelain').trim() === '' ? git('rev-parse', 'HEAD^{tree}').trim() : undefined;
  } catch {
    return undefined;
  }
}
