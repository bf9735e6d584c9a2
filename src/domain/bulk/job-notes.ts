import type { BulkJob } from './job.ts';
import { type RowError, rowError } from './row-error.ts';

/** Everything beside its result that is to be said of a job: what its file leaves out, and that rows have notes of their own. */
export function notesOf(job: Pick<BulkJob, 'notes' | 'noted'>): readonly RowError[] {
  if (job.noted === 0) return job.notes;
  const { noted } = job;
  return [
    ...job.notes,
    rowError(
      null,
      'rows_with_notes',
      String(noted),
      `${noted === 1 ? '1 row has a note' : `${noted} rows have notes`}, such as a directory number that becomes a shared line.`,
      'Read the notes of the rows.',
    ),
  ];
}
