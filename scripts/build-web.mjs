// Builds the console into dist/web when what it is made of changed since the last time; else does nothing. Quiet unless it fails.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', 'web.sha256');
const wanted = fingerprint(
  ['src/web', 'src/contract', 'src/identifiers', 'src/kernel'],
  ['vite.config.ts', 'package-lock.json'],
);
if (read(stamp) !== wanted || read(join(root, 'dist', 'web', 'index.html')) === undefined) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) {
    process.stderr.write(
      'firstring: the console is not built for this version, and vite, which builds it, is left out here (--omit=dev or NODE_ENV=production).\n' +
        '  Run `npm ci --include=dev --ignore-scripts` and `npm run build` once, or bring the folder dist of such an installation along.\n',
    );
    process.exit(1);
  }
  process.stderr.write('firstring: building the console (only when it changed) …\n');
  const built = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    // Whatever the caller's own mode is: the parts of React that are for developing stay out.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0) {
    process.stderr.write('firstring: the console could not be built, its messages are above\n');
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
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
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
