import type { Sentence } from '../../kernel/errors.ts';
import type { Values } from '../../texts/sentence.ts';
import type { PhoneQuery } from '../devices/phone-list.ts';
import type { Column } from './columns.ts';
import type { PhoneTemplate } from './phone-template.ts';
import type { RowError } from './row-error.ts';

export type JobKind =
  | 'insert-phones'
  | 'update-phones'
  | 'delete-phones'
  | 'generate-codes'
  | 'release-codes'
  | 'e-mail-codes'
  | 'undo';
export type JobState = 'pending' | 'hold' | 'processing' | 'completed';
export type JobResult = 'success' | 'with-errors' | 'refused' | 'failed';
export type JobPhase = 'waiting' | 'reading' | 'checking' | 'working' | 'ended';

/** Which phones a query means: as the list of phones takes it. */
export type SelectionQuery = Omit<PhoneQuery, 'sort' | 'limit' | 'cursor' | 'onlyOwnerId'> & {
  readonly all?: boolean | undefined;
  /** Phones this job added or changed. */
  readonly job?: number | undefined;
};

/** Exactly one member. */
export interface Selection {
  readonly query?: SelectionQuery | undefined;
  readonly names?: readonly string[] | undefined;
  readonly file?: string | undefined;
}

/** What all phones of an update get. */
export interface BulkChange {
  readonly description?: string | undefined;
  readonly devicePool?: string | undefined;
  readonly phoneButtonTemplate?: string | undefined;
  readonly phoneSecurityProfile?: string | undefined;
  readonly sipProfile?: string | undefined;
  readonly commonPhoneProfile?: string | undefined;
  readonly ownerUserId?: string | null | undefined;
  readonly mraServiceDomain?: string | null | undefined;
  readonly requiresActivationCode?: boolean | undefined;
  readonly allowActivationCodeViaMra?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

export interface JobOptions {
  readonly createDummyMacAddress: boolean;
  readonly override: boolean;
  readonly refuseOnErrors: boolean;
  readonly removeUnusedLines: boolean;
  readonly selection: Selection | null;
  readonly change: BulkChange | null;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
  /** Which sentence it is, and what stands in it; undefined: one of before sentences were kept. */
  readonly text?: string;
  readonly values?: Values;
}

export function refusalFrom({ code, detail, remedy, text, values }: Sentence): Refusal {
  return { code, message: detail, remedy: remedy ?? null, text, values };
}

export interface BulkJob {
  readonly id: number;
  readonly kind: JobKind;
  readonly description: string;
  readonly state: JobState;
  readonly result: JobResult | undefined;
  readonly phase: JobPhase;
  readonly dryRun: boolean;
  readonly options: JobOptions;
  readonly template: PhoneTemplate | undefined;
  readonly fileId: string | undefined;
  readonly fileName: string | undefined;
  readonly columns: readonly Column[];
  readonly submittedBy: string;
  /** Whether the submitter might see codes then: decides whether owners that the job sets count as confirmed. */
  readonly submitterSeesCodes: boolean;
  readonly sourceAddress: string;
  readonly submittedAt: Date;
  readonly runAt: Date | undefined;
  readonly startedAt: Date | undefined;
  readonly endedAt: Date | undefined;
  readonly node: string | undefined;
  readonly stopRequested: boolean;
  readonly epoch: number;
  readonly total: number;
  readonly checked: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly kept: number;
  /** Rows a second. */
  readonly rate: number | undefined;
  readonly refusal: Refusal | undefined;
  readonly undoOf: number | undefined;
  readonly undoneBy: number | undefined;
  /** What it leaves out, or what else its success does not tell. */
  readonly notes: readonly RowError[];
  /** Rows that have notes of their own. */
  readonly noted: number;
}

export type RowState = 'waiting' | 'ready' | 'done' | 'failed' | 'kept';
export type RowAction = 'add' | 'change' | 'delete' | 'nothing' | 'code' | 'release' | 'e-mail' | 'restore';

/** One member of a phone that differs. null: there is none. */
export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface JobRow {
  readonly line: number;
  readonly state: RowState;
  readonly input: readonly string[];
  readonly key: string | undefined;
  readonly needsCode: boolean;
  readonly action: RowAction | undefined;
  readonly deviceId: string | undefined;
  readonly deviceName: string | undefined;
  readonly errors: readonly RowError[];
  readonly changes: readonly FieldChange[];
  readonly before: PhoneSnapshot | undefined;
  readonly versionAfter: number | undefined;
  readonly codeId: string | undefined;
  readonly madeLines: readonly string[];
  readonly notes: readonly RowError[];
}

/** A phone as undo needs it. */
export interface PhoneSnapshot {
  readonly name: string;
  readonly model: string;
  readonly description: string;
  readonly devicePool: string;
  readonly phoneButtonTemplate: string;
  readonly phoneSecurityProfile: string;
  readonly sipProfile: string;
  readonly commonPhoneProfile: string;
  readonly ownerUserId: string | null;
  /** null: as its device pool says. */
  readonly mraServiceDomain: string | null;
  readonly requiresActivationCode: boolean;
  readonly allowActivationCodeViaMra: boolean;
  readonly enabled: boolean;
  readonly lines: readonly {
    readonly directoryNumber: string;
    readonly partition: string;
    readonly label: string;
    readonly display: string;
    readonly maxCalls: number;
    readonly busyTrigger: number;
  }[];
}

/** Rows that are dealt with, well or not. */
export function doneRows(job: Pick<BulkJob, 'succeeded' | 'failed' | 'kept'>): number {
  return job.succeeded + job.failed + job.kept;
}

/** What can be done with a job now. */
export function jobMay(job: BulkJob) {
  const { state } = job;
  return {
    hold: state === 'pending',
    activate: state === 'hold' || (state === 'pending' && job.runAt !== undefined),
    stop: state === 'processing' && !job.stopRequested,
    // Where every row is refused there is nothing to do.
    run: state === 'completed' && job.dryRun && job.result !== 'failed' && job.kind !== 'undo' && job.succeeded > 0,
    undo:
      state === 'completed' && !job.dryRun && undoable.has(job.kind) && job.undoneBy === undefined && job.succeeded > 0,
    delete: state !== 'processing',
  };
}

const undoable = new Set<JobKind>(['insert-phones', 'update-phones', 'delete-phones', 'generate-codes']);

/** `<jobId>#<mmddyyyyhhmmss>.txt`, in UTC. Source: reference/field-facts.md §13.3. */
export function logFileName(job: Pick<BulkJob, 'id' | 'startedAt'>): string | undefined {
  if (job.startedAt === undefined) return undefined;
  const [date, time] = job.startedAt.toISOString().split('T') as [string, string];
  const [year, month, day] = date.split('-');
  return `${job.id}#${month}${day}${year}${time.slice(0, 8).replaceAll(':', '')}.txt`;
}
