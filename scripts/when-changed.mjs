import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Runs `build` when the content of what the result is made of changed since it was last built, or when the result is not there. Everything by path
 * from the root: `stamp` keeps the content's digest, `folders` are looked through for files that are no tests.
 */
export async function whenChanged({ stamp, result, folders, files }, build) {
  const wanted = fingerprint(folders, files);
  if (read(stamp) === wanted && read(result) !== undefined) return false;
  await build();
  mkdirSync(join(root, dirname(stamp)), { recursive: true });
  writeFileSync(join(root, stamp), wanted);
  return true;
}

function fingerprint(folders, files) {
  const hash = createHash('sha256');
  const all = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...all, ...files.map((each) => join(root, each))].sort()) {
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function read(file) {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}
