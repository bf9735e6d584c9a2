import type { TakenJob } from '../../domain/bulk/ports.ts';
import type { Log } from '../../kernel/log.ts';
import { inBackground } from '../database/work-scope.ts';

export interface JobLoopOptions {
  take(): Promise<TakenJob | undefined>;
  /** Runs it to its end, or until the signal. */
  run(taken: TakenJob, signal: AbortSignal): Promise<void>;
  /** It failed again and again without the database being away. */
  fail(taken: TakenJob): Promise<void>;
  readonly log: Log;
  /** How often it looks without being woken: for jobs that begin at a time, and for what a lost node left. In ms. */
  readonly every?: number;
}

export interface JobLoop extends AsyncDisposable {
  /** There may be something to do. */
  wake(): void;
}

const lookEvery = 2_000;
/** Failures in a row, without any progress, after which a job is given up. */
const patience = 5;
const pause = 500;

/** Takes one job after the other, whenever this node gets the turn. Stopping leaves the job as it is; another node goes on. */
export function startJobLoop({ take, run, fail, log, every = lookEvery }: JobLoopOptions): JobLoop {
  const stopping = new AbortController();
  let woken = false;
  let wake = () => {};
  let failures = { job: 0, done: -1, count: 0 };

  const turn = async (): Promise<boolean> => {
    await using taken = await take();
    if (taken === undefined) return false;
    const { job } = taken;
    log.info({ job: job.id, kind: job.kind, phase: job.phase, dryRun: job.dryRun }, 'a bulk job runs');
    try {
      await run(taken, stopping.signal);
      return true;
    } catch (error) {
      const done = job.checked + job.succeeded + job.failed + job.kept;
      const stuck = failures.job === job.id && failures.done === done;
      failures = { job: job.id, done, count: stuck ? failures.count + 1 : 1 };
      log.error({ err: error, job: job.id, attempt: failures.count }, 'a bulk job was interrupted');
      if (failures.count >= patience && !taken.signal.aborted) await fail(taken);
      throw error;
    }
  };

  const running = inBackground(async () => {
    while (!stopping.signal.aborted) {
      let more = false;
      let failed = false;
      try {
        more = await turn();
      } catch {
        failed = true;
      }
      if ((more || woken) && !failed) {
        woken = false;
        continue;
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, failed ? pause : every);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopping.signal.aborted) wake();
      });
      woken = false;
    }
  });

  return {
    wake() {
      woken = true;
      wake();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      wake();
      await running;
    },
  };
}
