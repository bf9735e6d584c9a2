import { bulkTransactions } from '../../../contract/bulk-files.ts';

export type Transaction = (typeof bulkTransactions)[number];

export const transactions: readonly Transaction[] = bulkTransactions;

/** What a job can be told about the time. */
export interface RunDraft {
  readonly description: string;
  readonly run: 'immediately' | 'later';
  /** As `<input type=datetime-local>` has it; empty: on hold until it is activated. */
  readonly runAt: string;
  readonly refuseOnErrors: boolean;
}

export const newRun: RunDraft = { description: '', run: 'immediately', runAt: '', refuseOnErrors: false };

export function runBody(draft: RunDraft, dryRun: boolean): Record<string, unknown> {
  const later = draft.run === 'later' && !dryRun;
  return {
    ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
    run: later ? 'later' : 'immediately',
    ...(later && draft.runAt !== '' ? { runAt: new Date(draft.runAt).toISOString() } : {}),
    refuseOnErrors: draft.refuseOnErrors,
    dryRun,
  };
}
