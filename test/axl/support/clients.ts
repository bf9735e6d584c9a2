import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../support/all-in-one.ts';

const run = promisify(execFile);
export const clientFolder = join(root, 'test/axl/clients');
const cache = join(root, 'node_modules/.cache/axl-clients');

/**
 * Other people's npm clients, at the versions of test/axl/clients/package-lock.json, outside of this project's own dependencies. Undefined
 * where the registry cannot be reached; with CI=true that is an error.
 */
export async function npmClients(): Promise<string | undefined> {
  const lock = await readFile(join(clientFolder, 'package-lock.json'), 'utf8');
  const done = join(cache, 'installed-lock.json');
  if ((await readFile(done, 'utf8').catch(() => '')) === lock) return cache;
  try {
    await rm(cache, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) await cp(join(clientFolder, file), join(cache, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: cache });
    await writeFile(done, lock);
    return cache;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stdout.write('the npm registry cannot be reached: tests with other people’s AXL clients are skipped\n');
    return undefined;
  }
}

/** The 15.0, 14.0 or 12.5 schema as npm's cisco-axl brings it along. */
export const wsdlOf = (clients: string, version: string) =>
  join(clients, 'node_modules/cisco-axl/schema', version, 'AXLAPI.wsdl');

/** Runs a driver with `given` as JSON on its standard input; resolves to the JSON it prints. */
export async function drive<T>(
  command: string,
  args: readonly string[],
  given: object,
  environment: Readonly<Record<string, string>> = {},
): Promise<T> {
  const child = spawn(command, [...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.end(JSON.stringify(given));
  const code = await new Promise<number | null>((done, failed) => {
    child.once('error', failed);
    child.once('close', done);
  });
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.slice(-2000)}`);
  return JSON.parse(out) as T;
}
