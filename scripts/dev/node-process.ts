import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of `DIR/runtime.json`, what is used here. */
export interface Runtime {
  readonly pid: number;
  /** By listener: `https://127.0.0.1:8443`. */
  readonly endpoints: Readonly<Record<string, string>>;
}

export interface NodeOptions {
  /** Where the sources are. */
  readonly root: string;
  readonly dataDirectory: string;
  /** Of `firstring run`. */
  readonly arguments: readonly string[];
  /** Lines for who develops. */
  readonly say: (line: string) => void;
}

/**
 * A node that runs from its sources, again and again: a change stops it as a service manager would, and starts it on the same data. One that
 * ends by itself (a source that cannot be read) waits for the next change.
 */
export class NodeProcess {
  readonly #options: NodeOptions;
  #child: ChildProcess | undefined;
  /** What was told to stop; telling it twice would end it at once, without a clean stop. */
  #told: ChildProcess | undefined;
  #wanted = true;
  #wake: () => void = () => {};
  #ready = Promise.withResolvers<Runtime>();
  readonly #over: Promise<void>;

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#over = this.#run();
  }

  /** The node that answers: at once, or when the one that starts is ready. */
  get ready(): Promise<Runtime> {
    return this.#ready.promise;
  }

  restart(): void {
    this.#ready = Promise.withResolvers();
    this.#wake();
    if (this.#child === undefined || this.#told === this.#child) return;
    this.#told = this.#child;
    this.#child.kill('SIGTERM');
  }

  /** Resolves once the node has ended. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.restart();
    await this.#over;
  }

  /** Ends the node without its consent. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  async #run(): Promise<void> {
    while (this.#wanted) {
      const changed = new Promise<true>((wake) => {
        this.#wake = () => wake(true);
      });
      const code = await this.#once();
      const asked = await Promise.race([changed, Promise.resolve(false)]);
      if (asked || !this.#wanted) continue;
      this.#ready = Promise.withResolvers();
      this.#options.say(`the node ended by itself (${code}): it starts again with the next change of a source`);
      await changed;
    }
  }

  async #once(): Promise<number | string> {
    const { root, dataDirectory, arguments: words, say } = this.#options;
    const line = [join(root, 'src/main.ts'), 'run', '--data-dir', dataDirectory, ...words];
    // A group of its own: Ctrl-C reaches only us, and the node hears of it from us, once.
    const child = spawn(process.execPath, line, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    this.#child = child;
    const over = new AbortController();
    const ended = new Promise<number | string>((done) => {
      child.once('error', (error) => done(error.message));
      child.once('exit', (code, signal) => done(code ?? signal ?? 'for no reason given'));
    });
    const { resolve } = this.#ready;
    void runtimeOf(child, join(dataDirectory, 'runtime.json'), over.signal).then((runtime) => {
      if (runtime === undefined) return;
      resolve(runtime);
      say('the node is ready');
    });
    const code = await ended;
    over.abort();
    this.#child = undefined;
    return code;
  }
}

/** Undefined: the process ended before it was ready. */
async function runtimeOf(child: ChildProcess, file: string, over: AbortSignal): Promise<Runtime | undefined> {
  while (!over.aborted) {
    const text = await readFile(file, 'utf8').catch(() => '');
    // What a node before this one left there has another process id.
    const runtime = text === '' ? undefined : (JSON.parse(text) as Runtime);
    if (runtime !== undefined && runtime.pid === child.pid) return runtime;
    await sleep(100);
  }
  return undefined;
}
