// Installs what package-lock.json asks for and node_modules lacks. Runs on Node.js 20; does nothing, needs nothing and writes nothing when all is there.
// Where what is for developing is left out (npm install --omit=dev, NODE_ENV=production), it stays out: `npm start` needs none of it once the console is built.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node.js ${process.versions.node} is too old, please install Node.js 20 or newer`);
}
// `--start`: nothing for developing is needed. `--develop`: nothing goes without it.
const starting = process.argv.includes('--start');
const production = leavesOutDevelopment();
if (production && process.argv.includes('--develop')) {
  fail(
    'this needs the packages for developing, which --omit=dev or NODE_ENV=production leaves out here; say neither, or add --include=dev',
  );
}
if (missing().length > 0) {
  process.stderr.write('firstring: installing dependencies (only when they changed), this takes half a minute …\n');
  const npm = process.env['npm_execpath'];
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // Install scripts are never relied on: what they would do is done at run time.
  const args = [
    ...first,
    'ci',
    ...(production ? ['--omit=dev'] : []),
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
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
      ([path, { version, optional, dev, devOptional }]) =>
        path !== '' &&
        !(production && dev) &&
        !(installed[path]?.version === version || ((optional || (production && devOptional)) && !installed[path])),
    )
    .map(([path]) => path);
}

/** Said by npm's settings, by NODE_ENV as npm reads it, or by what an installation left: packages, and none of those for developing. */
function leavesOutDevelopment() {
  const said = (name) => (process.env[`npm_config_${name}`] ?? '').split(/\s+/);
  if (said('include').includes('dev')) return false;
  if (said('omit').includes('dev') || process.env['NODE_ENV'] === 'production') return true;
  if (!starting) return false;
  const installed = Object.keys(readPackages(join('node_modules', '.package-lock.json')));
  const wanted = readPackages('package-lock.json');
  return installed.length > 0 && !installed.some((path) => wanted[path]?.dev);
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
