import { say } from '../../texts/say.ts';
import type { BulkJob } from './job.ts';
import { type RowError, rowError } from './row-error.ts';

/** Everything beside its result that is to be said of a job: what its file leaves out, and that rows have notes of their own. */
export function notesOf(job: Pick<BulkJob, 'notes' | 'noted'>): readonly RowError[] {
  if (job.noted === 0) return job.notes;
  const { noted } = job;
  return [
    ...job.notes,
    rowError(null, String(noted), noted === 1 ? say('rows_with_notes.one') : say('rows_with_notes', { rows: noted })),
  ];
}
