import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePortBase } from './ports.ts';
import { copyDirectory } from './prepared-directory.ts';
import { runShare, sharesRun } from './run-share.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The command line as administrators call it. It becomes the program, so that its process id is the program's. */
export const commandLine = [join(root, 'scripts/firstring')] as const;
/** The pinned runtime, also when the tests themselves run on another. */
const pinned = join(root, 'node_modules/.bin/node');
const runtime = existsSync(pinned) ? pinned : process.execPath;

export interface ProgramOptions {
  /** Kept after disposal when given; otherwise a temporary one. */
  readonly dataDirectory?: string;
  readonly portBase?: number;
  readonly arguments?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Run as this account (only as root). */
  readonly uid?: number;
  readonly gid?: number;
  /** Default true: `--lab`. */
  readonly lab?: boolean;
  /** Default false, to be ready sooner: cloud and edges of the laboratory run too. */
  readonly mra?: boolean;
  /** Default false: a data directory that is not there yet is a copy of one after its first start, unless the options tell what only a first start takes. */
  readonly fresh?: boolean;
  /** The process, long before it is ready: for tests that end it early. */
  readonly onSpawn?: (child: ChildProcess) => void;
}

/** The real program in its own process, ready. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly dataDirectory: string;
  readonly portBase: number;
  /** From runtime.json. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** PEM. */
  readonly clusterCa: string;
  readonly admin: { readonly user: string; readonly password: string };
  /** Paths of PEM files. */
  readonly lab: LabFiles | undefined;
  /** Everything it printed so far. */
  output(): string;
  /** REST as the administrator: `rest('POST', '/phones', {...})`. Octets are sent as they are. */
  rest(method: string, path: string, body?: unknown): Promise<RestAnswer>;
  /** SIGTERM; resolves to the exit code once it has ended. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export interface LabFiles {
  readonly manufacturerCaCert: string;
  readonly manufacturerCaKey: string;
  /** With `mra`: public JWK. */
  readonly cloudKey?: unknown;
  /** Path of a PEM file. */
  readonly cloudCa?: string;
  readonly activationDomain?: string;
  readonly serviceDomains?: readonly string[];
}

export interface RestAnswer {
  readonly status: number;
  // The caller knows what it asked for.
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Starts `firstring run --lab` on free ports with a data directory of its own and waits for runtime.json. */
export async function startAllInOne(options: ProgramOptions = {}): Promise<RunningProgram> {
  const dataDirectory = options.dataDirectory ?? join(await mkdtemp(join(tmpdir(), 'firstring-system-')), 'data');
  if (!isFirstStart(options) && !existsSync(dataDirectory)) {
    await mkdir(dirname(dataDirectory), { recursive: true });
    await copyDirectory(
      await runShare.dataDirectory(options.mra === true ? 'node-with-outside' : 'node'),
      dataDirectory,
    );
  }
  const portBase = options.portBase ?? (await freePortBase());
  const program = launch(
    ['--data-dir', dataDirectory, '--port-base', String(portBase), ...(options.lab === false ? [] : ['--lab'])],
    options,
  );
  options.onSpawn?.(program.child);
  const running = await ready(program, join(dataDirectory, 'runtime.json'));
  const password = (await readFile(running.admin.passwordFile, 'utf8').catch(() => '')).trim();
  const clusterCa = await readFile(running.clusterCa, 'utf8');
  const agent = new Agent({ ca: clusterCa, keepAlive: true });
  const ended = new Promise<number | null>((done) => program.child.once('exit', (code) => done(code)));
  const stop = async () => {
    agent.destroy();
    program.child.kill('SIGTERM');
    return ended;
  };
  return {
    pid: program.child.pid!,
    child: program.child,
    dataDirectory,
    portBase,
    endpoints: running.endpoints,
    clusterCa,
    admin: { user: running.admin.user, password },
    lab: running.lab,
    output: program.output,
    rest: (method, path, body) =>
      callRest(agent, `${running.endpoints['https']}/api/v1${path}`, `admin:${password}`, method, body),
    stop,
    async kill() {
      agent.destroy();
      program.child.kill('SIGKILL');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      await stop();
      if (options.dataDirectory === undefined) await rm(join(dataDirectory, '..'), { recursive: true, force: true });
    },
  };
}

/** What is in these goes into keys, certificates or another database at the first start. */
const firstStartOnly = /^FIRSTRING_(DATABASE|KEK|NODE|LISTEN_ADDRESS|EDGE|CLOUD)/;

function isFirstStart({ fresh, lab, uid, environment }: ProgramOptions): boolean {
  const settings = Object.keys(environment ?? {});
  return (
    fresh === true ||
    lab === false ||
    uid !== undefined ||
    settings.some((name) => firstStartOnly.test(name)) ||
    !sharesRun()
  );
}

/** Runs a command of the program to its end: `runProgram(['check-config', 'x.yaml'])`. */
export async function runProgram(
  args: readonly string[],
  options: Pick<ProgramOptions, 'environment' | 'uid' | 'gid'> = {},
): Promise<{ code: number | null; output: string }> {
  const { ended, output } = launchProgram(args, options);
  return { code: await ended, output: output() };
}

/** Runs a script of its own on the Node.js that the program runs on, from the root of the project. */
export async function runNode(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(runtime, args, { ...spawnOptions({ environment }), cwd: root });
  const output = outputOf(child);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output: output() };
}

/** Starts a command of the program and leaves it running. */
export function launchProgram(
  args: readonly string[],
  options: Pick<ProgramOptions, 'environment' | 'uid' | 'gid' | 'mra'> & {
    /** Wraps the command line, for a network namespace. */
    readonly wrap?: (program: string, args: readonly string[]) => [string, string[]];
  } = {},
): { readonly child: ChildProcess; readonly ended: Promise<number | null>; output(): string } {
  const line = [...commandLine, ...args];
  const [program, words] = options.wrap?.('sh', line) ?? ['sh', line];
  const child = spawn(program, words, spawnOptions(options));
  // A test that fails half-way must not leave it running.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return { child, output: outputOf(child), ended: new Promise((done) => child.once('close', done)) };
}

function launch(args: readonly string[], options: ProgramOptions): { child: ChildProcess; output: () => string } {
  return launchProgram(['run', ...args, ...(options.arguments ?? [])], options);
}

function spawnOptions(options: Pick<ProgramOptions, 'environment' | 'uid' | 'gid' | 'mra'>) {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('FIRSTRING_') && !name.startsWith('VITEST')),
  );
  return {
    cwd: tmpdir(),
    // Each activation thread costs seconds of start-up; tests that measure or race ask for more.
    env: {
      ...clean,
      NODE_OPTIONS: '',
      FIRSTRING_DAS_THREADS: '1',
      ...(options.mra === true ? {} : { FIRSTRING_MRA_ENABLED: 'false' }),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  };
}

function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-200_000);
    });
  }
  return () => text;
}

interface RuntimeFile {
  readonly pid: number;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly clusterCa: string;
  readonly admin: { readonly user: string; readonly passwordFile: string };
  readonly lab?: LabFiles;
}

async function ready({ child, output }: ReturnType<typeof launch>, file: string): Promise<RuntimeFile> {
  const over = new AbortController();
  const early = new Promise<never>((_, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the program ended with ${code} before it was ready:\n${output()}`)));
  });
  early.catch(() => {});
  const look = async (): Promise<RuntimeFile> => {
    const patience = AbortSignal.any([over.signal, AbortSignal.timeout(60_000)]);
    for (;;) {
      const text = await readFile(file, 'utf8').catch(() => '');
      // One of an earlier run, killed, may still lie there.
      const runtime = text === '' ? undefined : (JSON.parse(text) as RuntimeFile);
      if (runtime !== undefined && runtime.pid === child.pid) return runtime;
      patience.throwIfAborted();
      await new Promise((done) => setTimeout(done, 25));
    }
  };
  try {
    return await Promise.race([look(), early]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    over.abort();
  }
}

function callRest(agent: Agent, url: string, credentials: string, method: string, body: unknown): Promise<RestAnswer> {
  const octets = body instanceof Uint8Array;
  const text = body === undefined ? undefined : octets ? body : JSON.stringify(body);
  return new Promise((done, failed) => {
    const call = request(url, {
      method,
      agent,
      auth: credentials,
      headers:
        text === undefined
          ? {}
          : {
              'content-type': octets ? 'application/octet-stream' : 'application/json',
              'content-length': Buffer.byteLength(text),
            },
    });
    call.once('error', failed);
    call.once('response', (response) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        answer += part;
      });
      response.once('end', () => {
        const json = /json/.test(response.headers['content-type'] ?? '') && answer !== '';
        done({ status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(answer) : answer });
      });
    });
    call.end(text);
  });
}
