/** `npm test`: everything that must hold, in one run, with one closing line. `npm test -- PATTERN` runs only the tests whose file matches. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const typescript = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1';

/** Real clients the system tests talk to: command → Debian packages. */
const realClients: Readonly<Record<string, string>> = {
  chromium: 'chromium fonts-noto-cjk',
  sipp: 'sip-tester',
  baresip: 'baresip-core',
  tftp: 'tftp-hpa',
  atftp: 'atftp',
  dnsmasq: 'dnsmasq-base',
  ip: 'iproute2',
  curl: 'curl',
};
/** Libraries they use beside commands: what shows that one is there, and its Debian packages. */
const clientLibraries: Readonly<
  Record<string, { readonly probe: readonly [string, ...string[]]; readonly packages: string }>
> = {
  zeep: { probe: ['/usr/bin/python3', '-c', 'import zeep'], packages: 'python3-zeep' },
  'PHP SoapClient': {
    probe: ['php', '-r', 'exit(class_exists("SoapClient") ? 0 : 1);'],
    packages: 'php-cli php-soap',
  },
};

const started = Date.now();
const filters = process.argv.slice(2);
const report = join(mkdtempSync(join(tmpdir(), 'firstring-tests-')), 'report.json');
const vitest = [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
type Step = readonly [name: string, args: readonly string[]];
const everything: readonly Step[] = [
  ['lint', [bin('biome'), 'check', '--error-on-warnings', '.']],
  ['types', [typescript, '--noEmit', '-p', '.']],
  ['types of the web part', [typescript, '--noEmit', '-p', 'tsconfig.web.json']],
  ['import rule', [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src']],
  ['documents', ['scripts/check-docs.ts']],
  ['web part', ['scripts/build-web.mjs']],
  ['program', ['scripts/build-program.mjs']],
  ['tests', vitest],
];
const there = ([, args]: Step) => !args[0]!.startsWith('scripts/') || existsSync(join(root, args[0]!));
const steps: readonly Step[] = filters.length > 0 ? [['tests', [...vitest, ...filters]]] : everything.filter(there);

const ready = installRealClients();
const failed: string[] = ready ? [] : ['real clients'];
for (const [name, args] of steps) {
  process.stdout.write(`\n— ${name}\n`);
  if ((await run(process.execPath, args)) !== 0) failed.push(name);
}
const seconds = Math.round((Date.now() - started) / 1000);
process.stdout.write(
  `\n${steps.map(([name]) => `${failed.includes(name) ? '✗' : '✓'} ${name}`).join('  ')}  (${seconds} s)\n`,
);
if (failed.length > 0) process.stdout.write(`failed: ${failed.join(', ')}\n`);
process.stdout.write(`${closingLine()}\n`);
rmSync(dirname(report), { recursive: true, force: true });
process.exitCode = failed.length === 0 ? 0 : 1;

/** What CI reads. A step that failed counts as one failure, so that "0 failed" means that everything holds. */
function closingLine(): string {
  let [passed, broken, skipped] = [0, 0, 0];
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as Record<
      'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests' | 'numFailedTestSuites',
      number
    >;
    passed = result.numPassedTests;
    broken = result.numFailedTests;
    skipped = result.numPendingTests + result.numTodoTests;
  } catch {
    // No report: the run itself broke, which is among the failed steps.
  }
  const others = failed.filter((name) => name !== 'tests' || broken === 0).length;
  return `tests: ${passed} passed, ${broken + others} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

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
  const libraries = Object.keys(clientLibraries).filter((name) => {
    const [command, ...args] = clientLibraries[name]!.probe;
    return spawnSync(command, args, { stdio: 'ignore' }).status !== 0;
  });
  const absent = [...Object.keys(realClients).filter((command) => !onPath(command)), ...libraries];
  if (absent.length === 0) return true;
  const packages = absent.flatMap((name) => (realClients[name] ?? clientLibraries[name]!.packages).split(' '));
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    process.stdout.write(`firstring: installing ${packages.join(', ')} for the tests with real clients …\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const quiet = { env, stdio: ['ignore', 'ignore', 'pipe'] as const, encoding: 'utf8' as const };
    spawnSync('apt-get', ['update', '-qq'], { ...quiet, stdio: [...quiet.stdio] });
    const done = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      ...quiet,
      stdio: [...quiet.stdio],
    });
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
