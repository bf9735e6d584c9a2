import type { DeviceName } from '../../identifiers/device-name.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { Phone } from '../devices/phone.ts';
import type { Owner } from '../devices/ports.ts';
import type { MailFault } from '../mail/mail-fault.ts';
import type { Actor } from '../ports.ts';
import type { ListRequest, Page } from '../settings/resource.ts';
import type { FilledColumn, TransactionType } from './columns.ts';
import type { FileFormat, RawRecord, ReadFile } from './file-source.ts';
import type {
  BulkJob,
  JobKind,
  JobOptions,
  JobPhase,
  JobResult,
  JobRow,
  JobState,
  Refusal,
  SelectionQuery,
} from './job.ts';
import type { PhoneTemplate } from './phone-template.ts';
import type { RowError } from './row-error.ts';

export interface BulkFile {
  readonly id: string;
  readonly name: string;
  readonly transaction: TransactionType;
  readonly format: FileFormat;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly columns: readonly FilledColumn[];
  readonly rows: number;
  readonly ignoredRows: number;
  /** What it holds that will not be done. */
  readonly notes: readonly RowError[];
  /** Of headings and rows; undefined: it was uploaded before this was kept. */
  readonly rowsSha256: Uint8Array | undefined;
  readonly uploadedBy: string;
  readonly uploadedAt: Date;
}

export interface NewBulkFile {
  readonly name: string;
  readonly transaction: TransactionType;
  readonly format: FileFormat;
  readonly content: Uint8Array;
  readonly sha256: Uint8Array;
  readonly uploadedBy: string;
}

export interface BulkFileStore {
  page(request: ListRequest & { readonly transaction?: TransactionType | undefined }): Promise<Page<BulkFile>>;
  find(name: string, tx?: Transaction): Promise<BulkFile | undefined>;
  /** Undefined: the name is taken. */
  begin(tx: Transaction, file: NewBulkFile): Promise<string | undefined>;
  addRows(tx: Transaction, id: string, rows: readonly RawRecord[]): Promise<void>;
  finish(tx: Transaction, id: string, read: ReadFile): Promise<BulkFile>;
  /** Whether a job that has not ended needs it. */
  inUse(tx: Transaction, id: string): Promise<boolean>;
  remove(tx: Transaction, id: string): Promise<void>;
  content(id: string): Promise<Uint8Array | undefined>;
}

export interface NewJob {
  readonly kind: JobKind;
  readonly description: string;
  readonly state: 'pending' | 'hold';
  readonly dryRun: boolean;
  readonly options: JobOptions;
  readonly template: PhoneTemplate | undefined;
  readonly fileId: string | undefined;
  readonly fileName: string | undefined;
  readonly submittedBy: string;
  readonly submitterSeesCodes: boolean;
  readonly sourceAddress: string;
  readonly runAt: Date | undefined;
  readonly undoOf: number | undefined;
  readonly notes: readonly RowError[];
  readonly rowsSha256: Uint8Array | undefined;
}

export interface JobListRequest extends ListRequest {
  readonly state?: JobState | undefined;
  readonly kind?: JobKind | undefined;
  readonly showCompleted?: boolean | undefined;
}

export interface RowListRequest extends ListRequest {
  readonly state?: JobRow['state'] | undefined;
  readonly action?: string | undefined;
  /** Only rows with notes. */
  readonly noted?: boolean | undefined;
}

/** Jobs as the Job Scheduler shows and commands them. */
export interface BulkJobStore {
  page(request: JobListRequest): Promise<Page<BulkJob>>;
  /** Locked until the transaction ends where one is given. */
  find(id: number, tx?: Transaction): Promise<BulkJob | undefined>;
  add(tx: Transaction, job: NewJob): Promise<BulkJob>;
  /**
   * The newest job that inserted the same rows, or will, in so many days, unless it was taken back. Until the transaction ends nobody else asks
   * about these rows.
   */
  earlierInsert(tx: Transaction, rowsSha256: Uint8Array, days: number): Promise<number | undefined>;
  command(
    tx: Transaction,
    id: number,
    change: { readonly state?: JobState; readonly runAt?: Date | null; readonly stopRequested?: boolean },
  ): Promise<void>;
  remove(tx: Transaction, id: number): Promise<void>;
  rows(id: number, request: RowListRequest): Promise<Page<JobRow>>;
  /** All rows in order, in pages. */
  allRows(id: number): AsyncIterable<readonly JobRow[]>;
  /** Removes completed jobs that ended longer ago. Returns how many. */
  forget(days: number): Promise<number>;
}

/** A directory number in its partition; `''`: in none. */
export interface LineName {
  readonly directoryNumber: string;
  readonly partition: string;
}

export interface KnownLine {
  readonly description: string;
  readonly alertingName: string;
  readonly phones: readonly string[];
}

export const lineKey = ({ directoryNumber, partition }: LineName) => `${directoryNumber}\0${partition}`;

/** What the checks of a row ask the database, many rows at once. */
export interface BulkLookups {
  /** By user id in lower case. */
  owners(userIds: readonly string[]): Promise<ReadonlyMap<string, Owner>>;
  /** Phones there are, by name. */
  phones(names: readonly string[]): Promise<ReadonlyMap<string, { readonly id: string; readonly model: string }>>;
  partitions(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** Those there are, as they were asked for: names, or domains. */
  mraServiceDomains(names: readonly string[]): Promise<ReadonlySet<string>>;
  /** Lines there are, by `lineKey`, with phones that have them: the first few by name. */
  lines(wanted: readonly LineName[]): Promise<ReadonlyMap<string, KnownLine>>;
  /** Lines of phones, by id of the phone, in their order. */
  linesOf(deviceIds: readonly string[]): Promise<ReadonlyMap<string, readonly LineName[]>>;
  /** By name, after `after`. */
  select(
    query: SelectionQuery,
    page: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<readonly Phone[]>;
  /** Most lines that a phone of the selection has. */
  mostLines(query: SelectionQuery): Promise<number>;
}

export interface CheckedRow {
  readonly line: number;
  readonly state: 'ready' | 'failed';
  readonly key: string | undefined;
  readonly needsCode: boolean;
  readonly action: JobRow['action'];
  readonly errors: JobRow['errors'];
  readonly notes: JobRow['notes'];
}

export interface WorkedRow {
  readonly line: number;
  readonly state: 'done' | 'failed' | 'kept';
  readonly action: JobRow['action'];
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly errors?: JobRow['errors'] | undefined;
  readonly changes?: JobRow['changes'] | undefined;
  readonly before?: JobRow['before'] | undefined;
  readonly versionAfter?: number | undefined;
  readonly codeId?: string | undefined;
  readonly madeLines?: readonly string[] | undefined;
}

/** A job in the hands of a node. Every write holds only while no other node took it. */
export interface TakenJob extends AsyncDisposable {
  readonly job: BulkJob;
  /** Aborted when the node no longer holds it. */
  readonly signal: AbortSignal;
}

export interface BulkRunStore {
  /** The next job that may run, if no node runs one; one at a time in the whole cluster. */
  take(node: string): Promise<TakenJob | undefined>;
  /** Copies the rows of file, selection or undone job into the job. */
  readRows(
    tx: Transaction,
    job: BulkJob,
  ): Promise<{
    readonly total: number;
    readonly columns: readonly FilledColumn[];
    readonly notes: readonly RowError[];
  }>;
  /** In order, those after line `after`: what was dealt with before is not walked over again. */
  rows(
    job: BulkJob,
    state: JobRow['state'],
    page: { readonly limit: number; readonly after: number },
  ): Promise<readonly JobRow[]>;
  saveChecked(tx: Transaction, job: BulkJob, rows: readonly CheckedRow[]): Promise<void>;
  /** Of rows that name a phone twice, all but the first fail; returns how many. */
  refuseDuplicates(tx: Transaction, job: BulkJob): Promise<number>;
  /** How many rows have an error with this code. */
  rowsWithError(job: BulkJob, code: string): Promise<number>;
  saveWorked(tx: Transaction, job: BulkJob, rows: readonly WorkedRow[]): Promise<void>;
  /**
   * Writes progress; the counts are added. Returns whether the job was asked to stop.
   * @throws LostJob when another node took it
   */
  advance(
    tx: Transaction,
    job: BulkJob,
    change: {
      readonly phase?: JobPhase;
      readonly total?: number;
      readonly notes?: readonly RowError[];
      readonly checked?: number;
      readonly succeeded?: number;
      readonly failed?: number;
      readonly kept?: number;
      readonly rate?: number | null;
    },
  ): Promise<{ readonly stopRequested: boolean }>;
  stop(tx: Transaction, job: BulkJob): Promise<void>;
  finish(tx: Transaction, job: BulkJob, result: JobResult, refusal?: Refusal): Promise<void>;
  /** The job as it is now. */
  reread(job: BulkJob): Promise<BulkJob>;
}

/** Another node took the job, or it is gone: nothing of it may be written any more. */
export class LostJob extends Error {}

/** Runs work so that its failure, or its wish, undoes only itself. */
export interface Savepoints {
  within<T>(tx: Transaction, work: () => Promise<T>): Promise<T>;
}

/** The hand-over of codes by e-mail, in the caller's transaction. */
export interface BulkMail {
  queue(tx: Transaction, name: DeviceName, actor: Actor): Promise<MailFault | undefined>;
}
