import type { SentenceTexts } from '../sentence.ts';

/** Sentences about bulk files and jobs. */
export const bulkEn = {
  bulk_already_undone: [
    'Job {id} was taken back by job {undoneBy} already.',
    'Look at that job for what was kept and why.',
  ],
  bulk_cannot_undo: [
    'Job {id} cannot be taken back.',
    'Only completed jobs that inserted, updated or deleted phones or generated codes can be.',
  ],
  bulk_file_done_before: [
    'Job {earlier} inserts the same rows. Done again, each row makes one more phone with one more code.',
    'Look at job {earlier}. Confirm that the rows are meant again (again), or take job {earlier} back first.',
  ],
  bulk_file_exists: ['There is a file {name} already.', 'Choose another name, or replace the file that is there.'],
  bulk_file_in_use: [
    'A job in the Job Scheduler needs the file {name}.',
    'Wait until the job has read it, or delete the job.',
  ],
  bulk_file_not_found: [
    'There is no file {name|json}.',
    'Upload it under Bulk Administration > Upload/Download Files.',
  ],
  'bulk_file_not_found.deleted': ['The file {name} was deleted.', 'Upload it again and submit the job anew.'],
  bulk_file_refused: ['Line {line}: {message}', '{remedy}'],
  'bulk_file_refused.unread': ['The file cannot be read.', ''],
  bulk_file_wrong_transaction: [
    'The file {name} was uploaded for another transaction type: {transaction}.',
    'Upload it again for {wanted}.',
  ],
  bulk_job_not_found: ['There is no bulk job {id}.', 'Look into the Job Scheduler.'],
  'bulk_job_state.activated': [
    'Job {id} is {state}: it cannot be activated now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.activated.stopping': [
    'Job {id} is about to stop: it cannot be activated now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.deleted': [
    'Job {id} is {state}: it cannot be deleted now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.deleted.stopping': [
    'Job {id} is about to stop: it cannot be deleted now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.held': ['Job {id} is {state}: it cannot be held now.', 'Look at its state in the Job Scheduler.'],
  'bulk_job_state.held.stopping': [
    'Job {id} is about to stop: it cannot be held now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.stopped': [
    'Job {id} is {state}: it cannot be stopped now.',
    'Look at its state in the Job Scheduler.',
  ],
  'bulk_job_state.stopped.stopping': [
    'Job {id} is about to stop: it cannot be stopped now.',
    'Look at its state in the Job Scheduler.',
  ],
  bulk_not_a_dry_run: ['Job {id} is no dry run that has ended.', 'Submit the job anew.'],
  bulk_nothing_to_change: [
    'Nothing is said that the phones shall have.',
    'Give `change`, or a file whose columns say it.',
  ],
  bulk_reader_busy: ['Too many files are being read at once.', 'Try again in a minute.'],
  bulk_run_at_past: ['The time the job shall begin is past.', 'Choose a later time, or let it run immediately.'],
  bulk_selection_too_wide: [
    'The query names no condition: it would mean every phone.',
    'Give a condition, or `all: true` where every phone is meant.',
  ],
  bulk_selection_unclear: ['The selection is not clear.', 'Give exactly one of query, names and file.'],
  bulk_template_needed: [
    '"Insert Phones - Specific Details" needs a phone template.',
    'Choose a phone template of the model in the file.',
  ],
  bulk_template_not_found: ['There is no phone template {name|json}.', 'Choose one that exists, or add it first.'],
  bulk_template_not_taken: [
    '"Insert Phones - All Details" takes no phone template: the file says everything.',
    'Leave the phone template out.',
  ],
} as const satisfies SentenceTexts;
