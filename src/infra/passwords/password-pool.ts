import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { tooBusy } from '../../domain/access/access-fault.ts';
import type { PasswordHasher } from '../../domain/access/access-ports.ts';
import type { PasswordAnswer, PasswordJob } from './password-worker.ts';
import { phcString, type ScryptCost } from './phc.ts';

export interface PasswordPoolOptions {
  /** Default 2^17: 128 MiB and about half a second for each password. */
  readonly cost?: ScryptCost;
  /** Threads; started when first needed. Default 1: sign-ins queue, phones do not notice. */
  readonly threads?: number;
  /** Passwords waiting at most; more are refused as `busy`. */
  readonly queue?: number;
}

type JobBody = PasswordJob extends infer J ? (J extends PasswordJob ? Omit<J, 'id'> : never) : never;

interface Waiting {
  readonly job: PasswordJob;
  resolve(result: string | boolean): void;
  reject(error: Error): void;
}

const usualCost: ScryptCost = { ln: 17, r: 8, p: 1 };

/** scrypt in threads of its own, so that neither the event loop nor the file system's pool waits for it. */
export class PasswordPool implements PasswordHasher, AsyncDisposable {
  readonly #cost: ScryptCost;
  readonly #threads: number;
  readonly #limit: number;
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Waiting>();
  readonly #queue: Waiting[] = [];
  readonly #nobody: string;
  #next = 0;
  #closed = false;

  constructor({ cost = usualCost, threads = 1, queue = 16 }: PasswordPoolOptions = {}) {
    this.#cost = cost;
    this.#threads = threads;
    this.#limit = queue;
    // Has the form and the cost of a real one, and fits nothing: its hash is random.
    this.#nobody = phcString(randomBytes(16), randomBytes(32), cost);
  }

  hash(password: string): Promise<string> {
    return this.#run({ kind: 'hash', password, salt: randomBytes(16), cost: this.#cost }) as Promise<string>;
  }

  async verify(password: string, hash: string | undefined): Promise<boolean> {
    const fits = (await this.#run({ kind: 'verify', password, phc: hash ?? this.#nobody })) as boolean;
    return fits && hash !== undefined;
  }

  #run(body: JobBody): Promise<string | boolean> {
    if (this.#closed || this.#queue.length >= this.#limit) return Promise.reject(tooBusy());
    return new Promise((resolve, reject) => {
      this.#queue.push({ job: { ...body, id: this.#next++ } as PasswordJob, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#threads ? this.#start() : undefined);
      if (worker === undefined) return;
      const waiting = this.#queue.shift()!;
      this.#busy.set(worker, waiting);
      worker.ref();
      worker.postMessage(waiting.job);
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL('./password-worker.ts', import.meta.url), { execArgv: [], env: {} });
    worker.on('message', (answer: PasswordAnswer) => {
      const waiting = this.#busy.get(worker);
      this.#busy.delete(worker);
      this.#idle.push(worker);
      // An idle thread does not keep the process alive.
      worker.unref();
      if ('result' in answer) waiting?.resolve(answer.result);
      else waiting?.reject(new Error(`a password could not be hashed: ${answer.error}`));
      this.#dispatch();
    });
    const gone = (error: Error) => {
      const waiting = this.#busy.get(worker);
      this.#busy.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      waiting?.reject(error);
      if (!this.#closed) this.#dispatch();
    };
    worker.on('error', gone);
    worker.on('exit', () => gone(new Error('the password thread ended')));
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(tooBusy());
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()));
  }
}
