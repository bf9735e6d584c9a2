import { Logger, parseCronItems, type Runner, run, type TaskList } from 'graphile-worker';
import type pg from 'pg';
import type { Log } from '../../kernel/log.ts';
import { inBackground } from '../database/work-scope.ts';

/** Work that a transaction asked for. Runs at least once: effects must be idempotent. The signal asks long work to end: the node stops. */
export type Job = (payload: unknown, signal: AbortSignal) => Promise<void>;

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

/** After a long outage the runner gives up by itself; it is started again after this long. In ms. */
const restartDelay = 2_000;
/**
 * Looks for a job that may fail in a row before the runner is started afresh: one whose very first query was cut keeps
 * the failed answer for good and would never work again.
 */
const failedLooks = 3;
/** A job that is under way when the node stops gets this long before its signal asks it to end. In ms. */
const stopPatience = 1_500;

/** The outbox runner. Every node runs one; a job runs on one of them. It outlives outages of the database. */
export async function startJobs(options: JobsOptions): Promise<AsyncDisposable> {
  const { log } = options;
  let stopping = false;
  let runner: Runner | undefined;
  let timer: NodeJS.Timeout | undefined;
  const impatient = new AbortController();
  const again = (error?: unknown) => {
    if (stopping) return;
    log.warn({ err: error }, 'the job runner stopped: starting it again');
    timer = setTimeout(() => void start().catch(again), restartDelay);
  };
  const start = async () => {
    const started = await startRunner(options, impatient.signal);
    runner = started;
    if (stopping) await started.stop();
    else started.promise.then(() => again(), again);
  };
  await start();
  return {
    async [Symbol.asyncDispose]() {
      stopping = true;
      clearTimeout(timer);
      const impatience = setTimeout(() => impatient.abort(), stopPatience);
      await runner?.stop().catch(() => {});
      clearTimeout(impatience);
    },
  };
}

async function startRunner(
  { pool, jobs, crons, log, onGivenUp }: JobsOptions,
  impatient: AbortSignal,
): Promise<Runner> {
  const taskList: TaskList = Object.fromEntries(
    Object.entries(jobs).map(([name, job]) => [
      name,
      (payload: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
        inBackground(() => job(payload, AbortSignal.any([abortSignal, impatient]))),
    ]),
  );
  const logger = new Logger(() => (level, message) => {
    // Failed attempts are told below, with the job's name.
    if (level === 'error' && !message.startsWith('Failed task')) log.warn({ detail: message }, 'job runner');
  });
  const runner = await run({
    pgPool: pool,
    taskList,
    logger,
    parsedCronItems: parseCronItems(
      crons.map(({ job, pattern }) => ({ task: job, match: pattern, options: { backfillPeriod: 0 } })),
    ),
    concurrency: 2,
    pollInterval: 2_000,
    noHandleSignals: true,
  });
  runner.events.on('job:error', ({ job, error }) => {
    const { task_identifier, attempts, max_attempts } = job;
    if (attempts >= max_attempts) return;
    log.warn(
      { job: task_identifier, attempt: attempts, of: max_attempts, err: error },
      'a job failed and will be tried again',
    );
  });
  runner.events.on('job:failed', ({ job, error }) => {
    log.error({ job: job.task_identifier, id: job.id, err: error }, 'a job was given up');
    onGivenUp(job.task_identifier, error);
  });
  let failed = 0;
  const worked = () => {
    failed = 0;
  };
  runner.events.on('worker:getJob:empty', worked);
  runner.events.on('job:start', worked);
  runner.events.on('worker:getJob:error', ({ error }) => {
    if (++failed !== failedLooks) return;
    log.warn({ err: error }, 'the job runner cannot look for jobs');
    // Not within the event: the worker that failed first takes its place in the queue again.
    setImmediate(() => void runner.stop().catch(() => {}));
  });
  return runner;
}
