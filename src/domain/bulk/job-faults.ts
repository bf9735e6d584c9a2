import { BulkFault, disallowBulk } from './bulk-fault.ts';
import type { BulkJob } from './job.ts';

export function noSuchJob(id: number): never {
  throw new BulkFault('caller', 'bulk_job_not_found', `There is no bulk job ${id}.`, {
    field: 'id',
    remedy: 'Look into the Job Scheduler.',
  });
}

export function wrongState(job: BulkJob, done: string): BulkFault {
  return disallowBulk(
    'bulk_job_state',
    `Job ${job.id} is ${job.stopRequested ? 'about to stop' : job.state}: it cannot be ${done} now.`,
    'Look at its state in the Job Scheduler.',
    { state: job.state },
  );
}
