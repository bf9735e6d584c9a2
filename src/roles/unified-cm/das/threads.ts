import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { Counters, Timeline } from '../../../domain/ports.ts';
import type { DasAnswer } from '../../../endpoints/das/das-answer.ts';
import type { DasStep } from '../../../endpoints/das/das-service.ts';
import type { Log } from '../../../kernel/log.ts';
import type { VouchedRequest } from '../../../protocol/edge-access/requests.ts';
import type { DasThreadStart, FromDasThread, ToDasThread } from './messages.ts';
import { VouchedRequests } from './vouched-requests.ts';

/** SO_REUSEPORT shares connections between listeners only there; elsewhere one thread serves. */
const sharesPorts = process.platform === 'linux';

export interface DasThreads {
  readonly port: number;
  /** False while no thread listens. */
  readonly listening: boolean;
  tell(message: Exclude<ToDasThread, { type: 'start' | 'close' | 'vouched' }>): void;
  /**
   * A phone's request from outside. Requests of one phone connection go to one thread, and all connections of one MIC too, so that its limits
   * hold. Never rejects: a thread that ends answers `busy` for what it left.
   */
  vouched(expressway: string, step: DasStep, request: VouchedRequest): Promise<DasAnswer>;
  close(patience: number): Promise<void>;
}

export interface DasThreadsOptions extends Omit<DasThreadStart, 'reusePort'> {
  readonly threads: number;
  readonly timeline: Timeline;
  readonly counters: Counters;
  readonly log: Log;
}

/** A thread that ended by itself is replaced after this, in ms. */
const restartPause = 1000;

/**
 * Starts the activation service on all cores: resolves when the first thread listens, the others join. A thread that dies is replaced;
 * its phones' handshakes are lost and simply started again by them.
 */
export async function startDasThreads(options: DasThreadsOptions): Promise<DasThreads> {
  const { timeline, counters, log, threads, ...rest } = options;
  const wanted = sharesPorts ? Math.max(1, threads) : 1;
  const workers = new Set<Worker>();
  const listening = new Set<Worker>();
  // A thread that starts later has to know what was told since.
  const current = {
    trust: rest.trust,
    surroundings: rest.surroundings,
    serviceActivated: rest.serviceActivated,
    key: rest.key,
    cert: rest.cert,
    oauth: rest.oauth,
    silent: rest.silent,
  };
  let port = rest.port;
  let closing = false;
  const outside = new VouchedRequests();
  // With SO_REUSEPORT a second owner of the port would go unnoticed.
  if (sharesPorts && port !== 0) await probe(rest.host, port);

  const add = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./thread.ts', import.meta.url));
      workers.add(worker);
      worker.on('message', (message: FromDasThread) => {
        switch (message.type) {
          case 'listening':
            port = message.port;
            listening.add(worker);
            resolve();
            break;
          case 'answer':
            outside.answered(message.id, message.answer);
            break;
          case 'news':
            for (const event of message.events) timeline.record(event);
            for (const [counter, by] of message.counts) counters.count(counter, by);
            break;
          case 'log':
            log[message.level](message.fields, message.message);
            break;
          case 'failed':
            reject(Object.assign(new Error(message.message), { code: message.code }));
            break;
          case 'closed':
            break;
        }
      });
      worker.on('error', (error) => {
        log.error({ err: error }, 'an activation thread failed');
        reject(error);
      });
      worker.on('exit', () => {
        workers.delete(worker);
        listening.delete(worker);
        outside.gone(worker);
        reject(new Error('the activation thread ended'));
        if (!closing) setTimeout(() => again(), restartPause).unref();
      });
      worker.postMessage({
        type: 'start',
        start: { ...rest, ...current, port, reusePort: wanted > 1 },
      } satisfies ToDasThread);
    });

  const again = () => {
    if (closing) return;
    add().catch((error: unknown) => log.error({ err: error }, 'an activation thread could not be started'));
  };

  try {
    await add();
  } catch (error) {
    closing = true;
    await Promise.all([...workers].map((worker) => worker.terminate()));
    throw error;
  }
  for (let i = 1; i < wanted; i++) again();

  return {
    get port() {
      return port;
    },
    get listening() {
      return listening.size > 0;
    },
    tell(message) {
      if (message.type === 'trust') current.trust = message.trust;
      if (message.type === 'surroundings') current.surroundings = message.surroundings;
      if (message.type === 'service') current.serviceActivated = message.activated;
      if (message.type === 'silence') current.silent = message.silent;
      if (message.type === 'oauth') current.oauth = message.oauth;
      if (message.type === 'certificate') Object.assign(current, { key: message.key, cert: message.cert });
      for (const worker of workers) worker.postMessage(message);
    },
    vouched: (expressway, step, request) => outside.ask([...listening], expressway, step, request),
    async close(patience) {
      closing = true;
      const ended = [...workers].map(
        (worker) =>
          new Promise<void>((resolve) => {
            worker.once('exit', () => resolve());
            worker.postMessage({ type: 'close', patience } satisfies ToDasThread);
          }),
      );
      const late = setTimeout(() => {
        for (const worker of workers) void worker.terminate();
      }, patience + 2000);
      await Promise.all(ended);
      clearTimeout(late);
    },
  };
}

/** Rejects with EADDRINUSE when the port has an owner. */
function probe(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}
