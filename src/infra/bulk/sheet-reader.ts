import { Worker } from 'node:worker_threads';
import { disallowBulk, FileRefused } from '../../domain/bulk/bulk-fault.ts';
import type { PhoneFileReader, RawRecord, ReadFile } from '../../domain/bulk/file-source.ts';
import { bulkLimits } from '../../domain/bulk/limits.ts';
import { rowError } from '../../domain/bulk/row-error.ts';
import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import type { SheetJob, SheetMessage } from './sheet-worker.ts';

export interface SheetReaderOptions {
  /** In ms: for the reading alone, what becomes of the rows meanwhile does not count. */
  readonly time?: number;
  /** Memory of one reading, in MiB. */
  readonly memory?: number;
  /** Files that wait at most; more are refused. */
  readonly queue?: number;
}

const usualMemory = 384;
const usualQueue = 8;

/** Reads one file after the other, each in a thread of its own that is ended when it takes too long or too much memory. */
export function sheetReader({
  time = bulkLimits.readingTime,
  memory = usualMemory,
  queue = usualQueue,
}: SheetReaderOptions = {}): PhoneFileReader {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is this file's turn, with what ends the turn. */
  const turn = async (): Promise<() => void> => {
    if (waiting > queue)
      throw disallowBulk(say('bulk_reader_busy'), {
        retryAfter: 30,
      });
    waiting++;
    const before = last;
    let end = () => {};
    last = new Promise<void>((resolve) => {
      end = () => {
        waiting--;
        resolve();
      };
    });
    await before;
    return end;
  };

  return {
    async *read(content, transaction) {
      const done = await turn();
      const worker = start({ content, transaction }, memory);
      try {
        return yield* readIn(worker, time);
      } finally {
        await worker.terminate();
        done();
      }
    },
  };
}

function start(job: SheetJob, memory: number): Worker {
  return new Worker(new URL('./sheet-worker.ts', import.meta.url), {
    workerData: job,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
}

async function* readIn(worker: Worker, time: number): AsyncGenerator<readonly RawRecord[], ReadFile, undefined> {
  let left = time;
  const heard: SheetMessage[] = [];
  let failed: Error | undefined;
  let wake = () => {};
  worker.on('message', (message: SheetMessage) => {
    heard.push(message);
    wake();
  });
  const fail = (error: Error) => {
    failed ??= error;
    wake();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that read a file ended')));
  for (;;) {
    const from = performance.now();
    if (heard.length === 0 && failed === undefined)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    left -= performance.now() - from;
    const message = heard.shift();
    if (message === undefined) throw failed === undefined ? tooSlow(time) : ofFailure(failed);
    if (message.kind === 'end') return message.file;
    if (message.kind === 'refused') throw new FileRefused(message.errors, message.errorCount);
    yield message.rows;
    worker.postMessage('more');
  }
}

function ofFailure(error: Error & { code?: string }): Error {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? refused(say('too_large.memory')) : error;
}

const tooSlow = (time: number) => refused(say('too_slow', { seconds: Math.ceil(time / 1000) }));

function refused(sentence: Sentence): FileRefused {
  return new FileRefused([{ line: 1, ...rowError(null, null, sentence) }], 1);
}
