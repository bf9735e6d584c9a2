import { Fault, type Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import type { LocatedError } from './row-error.ts';

export type BulkFaultCode =
  | 'bulk_file_refused'
  | 'bulk_file_exists'
  | 'bulk_file_not_found'
  | 'bulk_file_in_use'
  | 'bulk_reader_busy'
  | 'bulk_file_done_before'
  | 'bulk_file_wrong_transaction'
  | 'bulk_template_not_found'
  | 'bulk_template_needed'
  | 'bulk_template_not_taken'
  | 'bulk_selection_too_wide'
  | 'bulk_selection_unclear'
  | 'bulk_nothing_to_change'
  | 'bulk_job_not_found'
  | 'bulk_job_state'
  | 'bulk_not_a_dry_run'
  | 'bulk_cannot_undo'
  | 'bulk_already_undone'
  | 'bulk_run_at_past';

export class BulkFault extends Fault<BulkFaultCode> {}

export function refuseBulk(field: string, sentence: Sentence<BulkFaultCode>): BulkFault {
  return new BulkFault('caller', sentence, { field });
}

export function disallowBulk(sentence: Sentence<BulkFaultCode>, detail?: Readonly<Record<string, unknown>>): BulkFault {
  return new BulkFault('policy', sentence, detail === undefined ? {} : { detail });
}

/** A file that cannot be taken, with everything that is wrong with it. `errors`: at most the first thousand. */
export class FileRefused extends BulkFault {
  readonly errors: readonly LocatedError[];
  readonly errorCount: number;
  constructor(errors: readonly LocatedError[], errorCount: number) {
    const [first] = errors;
    super(
      'caller',
      first === undefined
        ? say('bulk_file_refused.unread')
        : say('bulk_file_refused', { line: first.line, message: first.message, remedy: first.remedy ?? '' }),
      { field: 'file', ...(first?.remedy ? { remedy: first.remedy } : {}) },
    );
    this.errors = errors;
    this.errorCount = errorCount;
  }
}
