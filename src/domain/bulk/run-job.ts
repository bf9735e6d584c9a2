import { Fault } from '../../kernel/errors.ts';
import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { PhoneParts } from '../devices/phone-parts.ts';
import type { Actor } from '../ports.ts';
import type { BufferedAudit } from './buffered-audit.ts';
import { RowChecker } from './check-rows.ts';
import { CodeSupply } from './code-supply.ts';
import { asDryRow } from './dry-row.ts';
import { notesForJob } from './file-notes.ts';
import { type BulkJob, doneRows, type JobRow, type Refusal, refusalFrom } from './job.ts';
import { Pace } from './pace.ts';
import { ownerUserId } from './plan-insert.ts';
import {
  type BulkLookups,
  type BulkMail,
  type BulkRunStore,
  LostJob,
  type Savepoints,
  type TakenJob,
  type WorkedRow,
} from './ports.ts';
import { dryParts, recordingParts, rememberingReferences } from './recorder.ts';
import { errorOfFault, type RowError, rowError } from './row-error.ts';
import { readRow } from './row-input.ts';
import { workRow } from './row-worker.ts';
import type { RowOutcome, WorkContext } from './work-context.ts';

export interface RunParts {
  readonly store: BulkRunStore;
  readonly lookups: BulkLookups;
  readonly savepoints: Savepoints;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  /** Their audit log, and that of their codes, is `buffer`. */
  readonly phones: PhoneParts;
  readonly buffer: BufferedAudit;
  readonly mail: BulkMail;
  /** Milliseconds that only go forward, for rates. */
  readonly elapsed: () => number;
  /** Whether a failure of the database is about the values of one row, not about the database. */
  readonly isRowsOwn: (error: unknown) => boolean;
  /** Lets others have their turn. */
  readonly breathe: () => Promise<void>;
}

/** Rows looked at without others having their turn; of wide files fewer. */
const checkedAtOnce = { rows: 500, cells: 20_000 };
const noteKey = ({ code, column }: RowError) => `${code} ${column ?? ''}`;
/** Rows of one transaction: short, so that nobody waits for their locks. With codes few are ready at a time. */
const workedAtOnce = { plain: 100, withCodes: 25 };
/** Codes of one locator taken twice are made anew, this often. */
const codeTries = 5;

/** The job was asked to stop, or the node must: what is done is done, the rest waits. */
class Stopped extends Error {}

/**
 * Runs a job to its end from wherever it was: reading its rows, checking them, doing them, each step with the state that says it is done.
 * Ends early when the signal is aborted; then the job stays as it is for whoever takes it next.
 */
export async function runJob(parts: RunParts, taken: TakenJob, signal: AbortSignal): Promise<void> {
  const { store, transactions } = parts;
  const stopping = AbortSignal.any([signal, taken.signal]);
  let job = taken.job;
  try {
    if (job.phase === 'waiting' || job.phase === 'reading') {
      await transactions.run(async (tx) => {
        const { total, columns, notes } = await store.readRows(tx, job);
        const known = new Set(notes.map(noteKey));
        const more =
          job.fileName === undefined ? [] : notesForJob(job.kind, columns).filter((note) => !known.has(noteKey(note)));
        await store.advance(tx, job, { phase: 'checking', total, notes: [...notes, ...more] });
      });
      job = await store.reread(job);
    }
    if (job.phase === 'checking') {
      await checkAll(parts, job, stopping);
      job = await store.reread(job);
    }
    const refusal = await refusalOf(job, parts);
    if (refusal === undefined) await workAll(parts, job, stopping);
    await finish(parts, await store.reread(job), refusal);
  } catch (error) {
    if (error instanceof LostJob) return;
    if (!(error instanceof Stopped)) throw error;
    if (stopping.aborted) return;
    await transactions.run(async (tx) => {
      await store.stop(tx, job);
      await note(parts, tx, job, 'stopped', {});
    });
  }
}

/** Ends a job that cannot go on, with what is known of why. */
export async function failJob(parts: RunParts, job: BulkJob): Promise<void> {
  await parts.transactions.run(async (tx) => {
    await parts.store.finish(tx, job, 'failed', refusalFrom(say('internal.job')));
    await note(parts, tx, job, 'failed', {});
  });
}

async function checkAll(parts: RunParts, job: BulkJob, stopping: AbortSignal): Promise<void> {
  const { store, transactions } = parts;
  const checker = new RowChecker({ lookups: parts.lookups, references: parts.phones.references, transactions }, job);
  const limit = Math.max(
    20,
    Math.min(checkedAtOnce.rows, Math.floor(checkedAtOnce.cells / Math.max(1, job.columns.length))),
  );
  if (job.checked > 0) await relearn(parts, job, checker, limit);
  for (let after = 0; ; ) {
    if (stopping.aborted) throw new Stopped();
    const rows = await store.rows(job, 'waiting', { limit, after });
    if (rows.length === 0) break;
    after = rows.at(-1)!.line;
    const checked = await checker.check(rows);
    const failed = checked.filter((row) => row.state === 'failed').length;
    const { stopRequested } = await transactions.run(async (tx) => {
      await store.saveChecked(tx, job, checked);
      return store.advance(tx, job, { checked: checked.length, failed });
    });
    if (stopRequested) throw new Stopped();
    await parts.breathe();
  }
  await transactions.run(async (tx) => {
    const failed = job.kind === 'undo' ? 0 : await store.refuseDuplicates(tx, job);
    await store.advance(tx, job, { phase: 'working', failed });
  });
}

/** After a stop: what the rows before taught about lines that rows share. */
async function relearn({ store, breathe }: RunParts, job: BulkJob, checker: RowChecker, limit: number): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await store.rows(job, 'ready', { limit, after });
    if (rows.length === 0) return;
    after = rows.at(-1)!.line;
    await checker.check(rows);
    await breathe();
  }
}

/** Why the job as a whole is not done. */
async function refusalOf(job: BulkJob, { store }: RunParts): Promise<Refusal | undefined> {
  if (job.failed === 0) return undefined;
  const { createDummyMacAddress, refuseOnErrors } = job.options;
  if (job.kind === 'insert-phones' && createDummyMacAddress) {
    const withMac = await store.rowsWithError(job, 'mac_with_dummy');
    if (withMac > 0) return refusalFrom(say('mac_with_dummy.rows', { rows: withMac }));
  }
  // What was done before a stop stays done.
  if (refuseOnErrors && job.succeeded === 0) return refusalFrom(say('rows_with_errors', { rows: job.failed }));
  return undefined;
}

async function workAll(parts: RunParts, job: BulkJob, stopping: AbortSignal): Promise<void> {
  const { store } = parts;
  const base = job.dryRun ? dryParts(parts.phones) : parts.phones;
  const codes = new CodeSupply((viaMra) => base.codes.prepare({ viaMra }));
  const pace = new Pace(parts.elapsed);
  for (let after = 0; ; ) {
    if (stopping.aborted) throw new Stopped();
    const ahead = await store.rows(job, 'ready', { limit: workedAtOnce.plain, after });
    const needsCodes = !job.dryRun && ahead.some((row) => row.needsCode);
    const rows = needsCodes ? ahead.slice(0, workedAtOnce.withCodes) : ahead;
    if (rows.length === 0) return;
    after = rows.at(-1)!.line;
    const viaMra = mostlyMra(job);
    const wanted = needsCodes ? rows.filter((row) => row.needsCode).length : 0;
    await codes.ready(wanted, viaMra);
    // The next ones are made while these rows are written.
    const next = ahead.slice(rows.length, 2 * rows.length).filter((row) => row.needsCode).length;
    codes.order(wanted + (needsCodes ? next : 0), viaMra);
    const { stopRequested } = await workBatch(parts, base, job, rows, codes, pace);
    if (stopRequested) throw new Stopped();
    await parts.breathe();
  }
}

/** What most codes of the job are for; the others are made when their row comes. */
function mostlyMra({ template, options }: BulkJob): boolean {
  return options.change?.allowActivationCodeViaMra ?? template?.allowActivationCodeViaMra ?? false;
}

/**
 * All rows in one transaction. When one is refused, all are rolled back and done again, each behind a savepoint, so that only the
 * refused one is left out; rows were checked before, so this is rare. A dry run rolls each row back in any case.
 */
async function workBatch(
  parts: RunParts,
  base: PhoneParts,
  job: BulkJob,
  rows: readonly JobRow[],
  codes: CodeSupply,
  pace: Pace,
): Promise<{ readonly stopRequested: boolean }> {
  const owners = await parts.lookups.owners(ownersOf(job, rows));
  const actor: Actor = {
    name: job.submittedBy,
    sourceAddress: job.sourceAddress,
    ...(job.submitterSeesCodes ? {} : { seesCodes: false }),
  };
  const attempt = (careful: boolean) =>
    parts.transactions.run(async (tx) => {
      parts.buffer.begin();
      const remembering = { ...base, references: rememberingReferences(base.references) };
      const { parts: phones, recorder } = recordingParts(remembering);
      const context: WorkContext = { job, actor, parts: phones, recorder, codes, mail: parts.mail, owners };
      const outcomes: RowOutcome[] = [];
      for (const row of rows)
        outcomes.push(careful ? await carefully(parts, context, tx, row) : await workRow(context, tx, row));
      await parts.buffer.flush(tx);
      const worked = outcomes.map((each) => each.row);
      await parts.store.saveWorked(tx, job, worked);
      const count = (state: WorkedRow['state']) => worked.filter((row) => row.state === state).length;
      const rate = pace.of(rows.length);
      const { stopRequested } = await parts.store.advance(tx, job, {
        succeeded: count('done'),
        failed: count('failed'),
        kept: count('kept'),
        rate,
      });
      return { stopRequested, outcomes };
    });
  let done: Awaited<ReturnType<typeof attempt>>;
  try {
    done = await attempt(job.dryRun);
  } catch (error) {
    if (job.dryRun || !(refusedRow(parts, error) || isCollision(error))) throw error;
    done = await attempt(true);
  }
  pace.commit();
  for (const outcome of done.outcomes) outcome.tell?.();
  return done;
}

class RolledBack extends Error {
  readonly outcome: RowOutcome;
  constructor(outcome: RowOutcome) {
    super();
    this.outcome = outcome;
  }
}

async function carefully(parts: RunParts, context: WorkContext, tx: Transaction, row: JobRow): Promise<RowOutcome> {
  for (let tries = 1; ; tries++) {
    const mark = parts.buffer.mark();
    try {
      return await parts.savepoints.within(tx, async () => {
        const outcome = await workRow(context, tx, row);
        if (context.job.dryRun) throw new RolledBack(outcome);
        return outcome;
      });
    } catch (error) {
      parts.buffer.undoTo(mark);
      if (error instanceof RolledBack) return { row: asDryRow(error.outcome.row) };
      if (isCollision(error) && tries < codeTries) continue;
      const refused = refusedRow(parts, error);
      if (refused === undefined) throw error;
      return {
        row: { line: row.line, state: 'failed', action: undefined, deviceName: row.deviceName, errors: [refused] },
      };
    }
  }
}

function refusedRow(parts: RunParts, error: unknown): RowError | undefined {
  const refused = errorOfFault(error, () => null);
  if (refused !== undefined) return refused;
  return parts.isRowsOwn(error) ? rowError(null, null, say('value_refused')) : undefined;
}

const isCollision = (error: unknown) => error instanceof Fault && error.code === 'code_collision';

function ownersOf(job: BulkJob, rows: readonly JobRow[]): string[] {
  if (job.kind !== 'insert-phones') return [];
  return rows.flatMap((row) => ownerUserId(readRow(job.columns, row.input), job.template) ?? []);
}

async function finish(parts: RunParts, job: BulkJob, refusal: Refusal | undefined): Promise<void> {
  const result = refusal !== undefined ? 'refused' : job.failed + job.kept > 0 ? 'with-errors' : 'success';
  await parts.transactions.run(async (tx) => {
    await parts.store.finish(tx, job, result, refusal);
    await note(parts, tx, job, 'completed', {
      result,
      rows: job.total,
      done: doneRows(job),
      succeeded: job.succeeded,
      failed: job.failed,
      kept: job.kept,
      notes: job.notes.map(({ code }) => code),
    });
  });
}

function note(
  { audit }: RunParts,
  tx: Transaction,
  job: BulkJob,
  done: string,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  return audit.append(tx, {
    actor: { name: 'system', sourceAddress: '' },
    action: `bulk-job.${done}`,
    objectKind: 'bulk-job',
    objectId: String(job.id),
    objectName: job.description,
    detail: { kind: job.kind, dryRun: job.dryRun, ...detail },
  });
}
