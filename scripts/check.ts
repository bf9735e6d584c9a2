/** `npm test`: everything that must hold, in one run, with one closing line. `npm test -- PATTERN` runs only the tests whose file matches. */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepGreen } from './release/green.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const typescript = join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
const ci = process.env['CI'] === 'true' || process.env['CI'] === '1';

/** The browser, best first: commands that are named as their Debian packages. The shell has no window to paint, which halves what pages cost. */
const browsers = ['chromium-headless-shell', 'chromium'] as const;
/** Real clients the system tests talk to: command → Debian packages. */
const realClients: Readonly<Record<string, string>> = {
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
/** What the tests run: one after the other, before them. */
const builds: readonly Step[] = [
  ['client', ['scripts/build-client.mjs']],
  ['web part', ['scripts/build-web.mjs']],
  ['program', ['scripts/build-program.mjs']],
];
/** What reads the sources only: one after the other, beside the tests, which leave a processor alone now and then. */
const readings: readonly Step[] = [
  ['lint', [bin('biome'), 'check', '--error-on-warnings', '.']],
  ['types', [typescript, '--noEmit', '-p', '.']],
  ['types of the web part', [typescript, '--noEmit', '-p', 'tsconfig.web.json']],
  ['import rule', [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'src']],
  ['unused', [bin('knip')]],
  ['documents', ['scripts/check-docs.ts']],
];

const failed: string[] = installRealClients() ? [] : ['real clients'];
const done: string[] = [];
for (const step of builds) await carryOut(step, 'inherit');
const reading = filters.length > 0 ? undefined : readAll();
await carryOut(['tests', [...vitest, ...filters]], 'inherit');
await reading;
const seconds = Math.round((Date.now() - started) / 1000);
const { counts, slowest } = readReport();
process.stdout.write(
  `\n${done.map((name) => `${failed.includes(name) ? '✗' : '✓'} ${name}`).join('  ')}  (${seconds} s)\n`,
);
if (slowest.length > 0) process.stdout.write(`slowest: ${slowest.join(', ')}\n`);
if (failed.length > 0) process.stdout.write(`failed: ${failed.join(', ')}\n`);
process.stdout.write(`${counts}\n`);
// What a release asks for.
if (failed.length === 0 && filters.length === 0) keepGreen(root);
rmSync(dirname(report), { recursive: true, force: true });
process.exitCode = failed.length === 0 ? 0 : 1;

async function readAll(): Promise<void> {
  for (const step of readings) await carryOut(step, 'pipe');
}

/** `pipe`: what it prints is shown when it is over, so that two steps do not talk at once. */
async function carryOut([name, args]: Step, output: 'inherit' | 'pipe'): Promise<void> {
  if (output === 'inherit') process.stdout.write(`\n— ${name}\n`);
  const { code, text } = await run(process.execPath, args, output);
  if (output === 'pipe') process.stdout.write(`\n— ${name}\n${text}`);
  if (code !== 0) failed.push(name);
  done.push(name);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[];
}

/** `counts` is what CI reads. A step that failed counts as one failure, so that "0 failed" means that everything holds. */
function readReport(): { readonly counts: string; readonly slowest: readonly string[] } {
  let result: Report | undefined;
  try {
    result = JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch {
    // No report: the run itself broke, which is among the failed steps.
  }
  const broken = result?.numFailedTests ?? 0;
  const others = failed.filter((name) => name !== 'tests' || broken === 0).length;
  const skipped = (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0);
  const files = (result?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    name: relative(root, name),
    seconds: Math.round((endTime - startTime) / 1000),
  }));
  return {
    counts: `tests: ${result?.numPassedTests ?? 0} passed, ${broken + others} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
    slowest: files
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 5)
      .map(({ name, seconds: each }) => `${name} ${each} s`),
  };
}

function run(
  file: string,
  args: readonly string[],
  output: 'inherit' | 'pipe',
): Promise<{ readonly code: number; readonly text: string }> {
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', output, output] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, text: `${text}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, text }));
  });
}

/** Under CI the real clients are installed or the run fails; elsewhere root on Debian gets them, anybody else skips those tests. */
function installRealClients(): boolean {
  const libraries = Object.keys(clientLibraries).filter((name) => {
    const [command, ...args] = clientLibraries[name]!.probe;
    return spawnSync(command, args, { stdio: 'ignore' }).status !== 0;
  });
  const absent = [...Object.keys(realClients).filter((command) => !onPath(command)), ...libraries];
  const packages = absent.flatMap((name) => (realClients[name] ?? clientLibraries[name]!.packages).split(' '));
  const installs = process.getuid?.() === 0 && onPath('apt-get');
  const browser = () => browsers.some(onPath);
  if (absent.length === 0 && (onPath(browsers[0]) || (browser() && !installs))) return true;
  if (installs) {
    process.stdout.write(
      `firstring: installing ${['a browser', ...packages].join(', ')} for the tests with real clients …\n`,
    );
    apt('update');
    if (!onPath(browsers[0]) && !installed([browsers[0], 'fonts-noto-cjk']) && !browser())
      installed([browsers[1], 'fonts-noto-cjk']);
    if (installed(packages) && browser()) return true;
  }
  const lacking = [...absent, ...(browser() ? [] : [browsers[0]])];
  process.stdout.write(
    ci
      ? `firstring: ${lacking.join(', ')} missing and not installable here\n`
      : `firstring: ${lacking.join(', ')} not installed: their tests are skipped (apt install ${[browsers[0], ...packages].join(' ')})\n`,
  );
  return !ci;
}

/** Says why when it fails. */
function installed(packages: readonly string[]): boolean {
  if (packages.length === 0) return true;
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', ...packages);
  if (status !== 0) process.stderr.write(stderr);
  return status === 0;
}

function apt(...args: readonly string[]) {
  return spawnSync('apt-get', ['-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
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
