import { say } from '../../texts/say.ts';
import { BulkFault, disallowBulk } from './bulk-fault.ts';
import type { BulkJob } from './job.ts';

export function noSuchJob(id: number): never {
  throw new BulkFault('caller', say('bulk_job_not_found', { id }), { field: 'id' });
}

export function wrongState(job: BulkJob, done: 'deleted' | 'held' | 'activated' | 'stopped'): BulkFault {
  return disallowBulk(
    job.stopRequested
      ? say(`bulk_job_state.${done}.stopping`, { id: job.id })
      : say(`bulk_job_state.${done}`, { id: job.id, state: job.state }),
    { state: job.state },
  );
}
