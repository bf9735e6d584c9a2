// Installs what package-lock.json asks for and node_modules lacks. Runs on Node.js 20; does nothing, needs nothing and writes nothing when all is there.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node.js ${process.versions.node} is too old, please install Node.js 20 or newer`);
}
if (missing().length > 0) {
  process.stderr.write('firstring: installing dependencies (only when they changed), this takes half a minute …\n');
  const npm = process.env['npm_execpath'];
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // Install scripts are never relied on: what they would do is done at run time.
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync(file, args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (done.error !== undefined) fail(`cannot run npm: ${done.error.message}`);
  if (done.status !== 0) fail('npm ci failed, its message is above; is the network reachable?');
  const still = missing();
  if (still.length > 0) fail(`npm ci left out ${still.slice(0, 3).join(', ')}`);
}

/** Packages of the lock file that are not installed in that version. Optional ones may be absent: they are for other platforms. */
function missing() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages(join('node_modules', '.package-lock.json'));
  return Object.entries(wanted)
    .filter(
      ([path, { version, optional }]) =>
        path !== '' && !(installed[path]?.version === version || (optional && !installed[path])),
    )
    .map(([path]) => path);
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {};
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

function fail(message) {
  process.stderr.write(`firstring: ${message}\n`);
  process.exit(1);
}
