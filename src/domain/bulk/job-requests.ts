import type { BulkChange, JobKind, Selection } from './job.ts';

/** What every submission says. */
export interface Submit {
  readonly description?: string | undefined;
  readonly run?: 'immediately' | 'later' | undefined;
  readonly runAt?: Date | undefined;
  readonly dryRun?: boolean | undefined;
  readonly refuseOnErrors?: boolean | undefined;
}

export interface InsertPhones extends Submit {
  readonly file: string;
  readonly template?: string | undefined;
  readonly createDummyMacAddress?: boolean | undefined;
  readonly override?: boolean | undefined;
  /** The same rows were inserted before, and that is known. */
  readonly again?: boolean | undefined;
}

export interface SelectionJob extends Submit {
  readonly kind: Exclude<JobKind, 'insert-phones' | 'undo'>;
  readonly selection: Selection;
  readonly change?: BulkChange | undefined;
  readonly removeUnusedLines?: boolean | undefined;
}
