/** `npm test`: everything that must hold, in one run, with one closing line. `npm test -- PATTERN` runs only the tests whose file matches. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const typescript = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1';

/** Real clients the system tests talk to: command → Debian package. */
const realClients: Readonly<Record<string, string>> = {
  sipp: 'sip-tester',
  baresip: 'baresip-core',
  tftp: 'tftp-hpa',
  atftp: 'atftp',
  dnsmasq: 'dnsmasq-base',
  ip: 'iproute2',
  curl: 'curl',
};

const started = Date.now();
const filters = process.argv.slice(2);
const steps: readonly [name: string, file: string, args: readonly string[]][] =
  filters.length > 0
    ? [['tests', process.execPath, [bin('vitest'), 'run', ...filters]]]
    : [
        ['lint', process.execPath, [bin('biome'), 'check', '--error-on-warnings', '.']],
        ['types', process.execPath, [typescript, '--noEmit', '-p', '.']],
        ['import rule', process.execPath, [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src']],
        ['tests', process.execPath, [bin('vitest'), 'run', '--reporter=default']],
      ];

const ready = installRealClients();
const failed: string[] = ready ? [] : ['real clients'];
for (const [name, file, args] of steps) {
  process.stdout.write(`\n— ${name}\n`);
  if ((await run(file, args)) !== 0) failed.push(name);
}
const seconds = Math.round((Date.now() - started) / 1000);
const all = steps.map(([name]) => name).join(', ');
process.stdout.write(
  failed.length === 0
    ? `\nfirstring: ALL PASSED (${all}) in ${seconds} s\n`
    : `\nfirstring: FAILED (${failed.join(', ')}) in ${seconds} s\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function run(file: string, args: readonly string[]): Promise<number> {
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((done) => {
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      done(1);
    });
    child.once('exit', (code) => done(code ?? 1));
  });
}

/** Under CI the real clients are installed or the run fails; elsewhere root on Debian gets them, anybody else skips those tests. */
function installRealClients(): boolean {
  const absent = Object.keys(realClients).filter((command) => !onPath(command));
  if (absent.length === 0) return true;
  const packages = absent.map((command) => realClients[command]!);
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    process.stdout.write(`firstring: installing ${packages.join(', ')} for the tests with real clients …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 'pipe'] as const, encoding: 'utf8' as const };
    spawnSync('apt-get', ['update', '-qq'], { ...quiet, stdio: [...quiet.stdio] });
    const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { ...quiet, stdio: [...quiet.stdio] });
    if (done.status === 0) return true;
    process.stderr.write(String(done.stderr));
  }
  process.stdout.write(
    ci
      ? `firstring: ${absent.join(', ')} missing and not installable here\n`
      : `firstring: ${absent.join(', ')} not installed: their tests are skipped (apt install ${packages.join(' ')})\n`,
  );
  return !ci;
}

function onPath(command: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
