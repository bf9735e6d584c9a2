import { Logger, parseCronItems, run, type TaskList } from 'graphile-worker';
import type pg from 'pg';
import type { Log } from '../../kernel/log.ts';

/** Work that a transaction asked for. Runs at least once: effects must be idempotent. */
export type Job = (payload: unknown) => Promise<void>;

export interface Cron {
  /** Name of the job. */
  readonly job: string;
  /** Five fields of cron, UTC. */
  readonly pattern: string;
}

export interface JobsOptions {
  readonly pool: pg.Pool;
  /** By the name given to `graphile_worker.add_job(name, payload)`. */
  readonly jobs: Readonly<Record<string, Job>>;
  readonly crons: readonly Cron[];
  readonly log: Log;
  /** A job used up its attempts: a person must look. */
  readonly onGivenUp: (job: string, error: unknown) => void;
}

/** The outbox runner. Every node runs one; a job runs on one of them. */
export async function startJobs(options: JobsOptions): Promise<AsyncDisposable> {
  const { log } = options;
  const taskList: TaskList = Object.fromEntries(
    Object.entries(options.jobs).map(([name, job]) => [name, (payload: unknown) => job(payload)]),
  );
  const logger = new Logger(() => (level, message) => {
    // The runner tells of each failed attempt itself; ours tell of what matters.
    if (level === 'error') log.warn({ detail: message }, 'job runner');
  });
  const runner = await run({
    pgPool: options.pool,
    taskList,
    logger,
    parsedCronItems: parseCronItems(
      options.crons.map(({ job, pattern }) => ({ task: job, match: pattern, options: { backfillPeriod: 0 } })),
    ),
    concurrency: 2,
    pollInterval: 2_000,
    noHandleSignals: true,
  });
  runner.events.on('job:error', ({ job, error }) => {
    log.warn(
      { job: job.task_identifier, attempt: job.attempts, of: job.max_attempts, err: error },
      'a job failed and will be tried again',
    );
  });
  runner.events.on('job:failed', ({ job, error }) => {
    log.error({ job: job.task_identifier, id: job.id, err: error }, 'a job was given up');
    options.onGivenUp(job.task_identifier, error);
  });
  // Without a database the runner ends by itself; whoever started it sees that through its promise.
  runner.promise.catch((error) => log.warn({ err: error }, 'the job runner stopped'));
  return {
    async [Symbol.asyncDispose]() {
      await runner.stop().catch(() => {});
    },
  };
}
