import type { BulkFaultCode } from '../../domain/bulk/bulk-fault.ts';
import { deviceProblems } from './device-problems.ts';
import { mailProblems } from './mail.ts';
import type { ProblemTable } from './problem.ts';
import { settingProblems } from './settings.ts';

const own = {
  bulk_file_refused: { status: 422, title: 'The file cannot be taken' },
  bulk_file_exists: { status: 409, title: 'There is a file of that name' },
  bulk_file_not_found: { status: 404, title: 'There is no such file' },
  bulk_file_in_use: { status: 409, title: 'A job needs the file' },
  bulk_reader_busy: { status: 503, title: 'Too many files are being read' },
  bulk_file_done_before: { status: 409, title: 'A job has done this file before' },
  bulk_file_wrong_transaction: { status: 422, title: 'The file is for another transaction' },
  bulk_template_not_found: { status: 422, title: 'There is no such phone template' },
  bulk_template_needed: { status: 422, title: 'A phone template is needed' },
  bulk_template_not_taken: { status: 422, title: 'A phone template is not taken here' },
  bulk_selection_too_wide: { status: 422, title: 'The selection means every phone' },
  bulk_selection_unclear: { status: 422, title: 'The selection is not clear' },
  bulk_nothing_to_change: { status: 422, title: 'Nothing is to be changed' },
  bulk_job_not_found: { status: 404, title: 'There is no such job' },
  bulk_job_state: { status: 409, title: 'The job is in another state' },
  bulk_not_a_dry_run: { status: 409, title: 'The job is no dry run' },
  bulk_cannot_undo: { status: 409, title: 'The job cannot be taken back' },
  bulk_already_undone: { status: 409, title: 'The job was taken back already' },
  bulk_run_at_past: { status: 422, title: 'The time is past' },
} satisfies ProblemTable<BulkFaultCode>;

export const bulkProblems = { ...settingProblems, ...deviceProblems, ...mailProblems, ...own };
