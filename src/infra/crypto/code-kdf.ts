import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { CodeKdf } from '../../domain/activation/ports.ts';
import type { KdfJob, KdfReply } from './code-kdf-worker.ts';

export interface CodeKdfPool extends CodeKdf, AsyncDisposable {
  /** Makes the threads now instead of at the first code. */
  warm(): void;
}

interface Waiting {
  readonly job: KdfJob;
  resolve(verifier: Uint8Array): void;
  reject(error: Error): void;
}

/**
 * scrypt and g^x in threads of their own (spec §2), so that making ten thousand codes neither stops the event loop nor fills libuv's pool,
 * which file and DNS work share. `threads`: default half of the cores, at least one. `patient`: they only take what others leave of the
 * processor (Linux), for work that nobody waits for.
 */
export function codeKdfPool(
  threads = Math.max(1, Math.floor(availableParallelism() / 2)),
  { patient = false }: { readonly patient?: boolean } = {},
): CodeKdfPool {
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const all = new Map<Worker, Waiting | undefined>();
  let closed = false;

  const next = (worker: Worker) => {
    const waiting = queue.shift();
    all.set(worker, waiting);
    if (waiting) {
      worker.ref();
      worker.postMessage(waiting.job);
    } else {
      // An idle pool must not keep a process alive.
      worker.unref();
      idle.push(worker);
    }
  };

  const add = () => {
    const worker = new Worker(new URL('./code-kdf-worker.ts', import.meta.url), { workerData: { patient } });
    all.set(worker, undefined);
    worker.on('message', (reply: KdfReply) => {
      const waiting = all.get(worker);
      if ('verifier' in reply) waiting?.resolve(reply.verifier);
      else waiting?.reject(new Error(reply.error));
      next(worker);
    });
    const gone = (error: Error) => {
      all.get(worker)?.reject(error);
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
      if (!closed && queue.length > 0) next(add());
    };
    worker.on('error', gone);
    worker.on('exit', () => gone(new Error('the code worker has ended')));
    return worker;
  };

  const warm = () => {
    while (all.size < threads) next(add());
  };

  return {
    warm,
    verifier(code, salt) {
      if (closed) return Promise.reject(new Error('the code workers are closed'));
      return new Promise((resolve, reject) => {
        queue.push({ job: { code, salt }, resolve, reject });
        const worker = idle.pop();
        if (worker) next(worker);
        else if (all.size < threads) next(add());
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const workers = [...all.keys()];
      for (const waiting of queue.splice(0)) waiting.reject(new Error('the code workers are closed'));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
