import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { tooBusy } from '../../domain/access/access-fault.ts';
import type { HashLane, PasswordHasher } from '../../domain/access/access-ports.ts';
import type { PasswordAnswer, PasswordJob } from './password-worker.ts';
import { phcString, type ScryptCost } from './phc.ts';

export interface PasswordPoolOptions {
  /** Default 2^17: 128 MiB and about half a second for each password. */
  readonly cost?: ScryptCost;
  /** Threads; started when first needed. Default 1: sign-ins queue, phones do not notice. */
  readonly threads?: number;
  /** Passwords of strangers waiting at most; more are refused as `busy`. People who are signed in have a queue of their own, four times as long. */
  readonly queue?: number;
}

/** Of so many passwords in a row, one is a stranger's while both kinds wait: neither ever waits for the whole of the other. */
const signedInShare = 3;

type JobBody = PasswordJob extends infer J ? (J extends PasswordJob ? Omit<J, 'id'> : never) : never;

interface Waiting {
  readonly job: PasswordJob;
  resolve(result: string | boolean | number): void;
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
  readonly #queues: Readonly<Record<HashLane, Waiting[]>> = { 'signed-in': [], stranger: [] };
  /** Passwords of people who are signed in, taken since a stranger's. */
  #inARow = 0;
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
    const job = { kind: 'hash', password, salt: randomBytes(16), cost: this.#cost } as const;
    return this.#run(job, 'signed-in') as Promise<string>;
  }

  async verify(password: string, hash: string | undefined, lane: HashLane = 'stranger'): Promise<boolean> {
    const fits = (await this.#run({ kind: 'verify', password, phc: hash ?? this.#nobody }, lane)) as boolean;
    return fits && hash !== undefined;
  }

  strength(password: string, about: readonly string[]): Promise<number> {
    return this.#run({ kind: 'strength', password, about }, 'signed-in') as Promise<number>;
  }

  #run(body: JobBody, lane: HashLane): Promise<string | boolean | number> {
    const limit = lane === 'stranger' ? this.#limit : this.#limit * 4;
    if (this.#closed || this.#queues[lane].length >= limit) return Promise.reject(tooBusy());
    return new Promise((resolve, reject) => {
      this.#queues[lane].push({ job: { ...body, id: this.#next++ } as PasswordJob, resolve, reject });
      this.#dispatch();
    });
  }

  #dispatch(): void {
    while (this.#queues['signed-in'].length + this.#queues.stranger.length > 0) {
      const worker = this.#idle.pop() ?? (this.#busy.size < this.#threads ? this.#start() : undefined);
      if (worker === undefined) return;
      const waiting = this.#takeNext();
      this.#busy.set(worker, waiting);
      worker.ref();
      worker.postMessage(waiting.job);
    }
  }

  #takeNext(): Waiting {
    const { 'signed-in': signedIn, stranger } = this.#queues;
    const fromSignedIn = signedIn.length > 0 && (stranger.length === 0 || this.#inARow < signedInShare);
    this.#inARow = fromSignedIn ? this.#inARow + 1 : 0;
    return (fromSignedIn ? signedIn : stranger).shift()!;
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
      else waiting?.reject(new Error(`a password could not be worked on: ${answer.error}`));
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
    for (const queue of Object.values(this.#queues)) for (const waiting of queue.splice(0)) waiting.reject(tooBusy());
    await Promise.all([...this.#idle, ...this.#busy.keys()].map((worker) => worker.terminate()));
  }
}
