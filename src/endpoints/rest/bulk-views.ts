import type { BulkError, BulkFileView, BulkNote } from '../../contract/bulk-files.ts';
import type { BulkJobView, BulkRowView } from '../../contract/bulk-jobs.ts';
import { type BulkJob, doneRows, type JobRow, jobMay, logFileName } from '../../domain/bulk/job.ts';
import { notesOf } from '../../domain/bulk/job-notes.ts';
import type { BulkFile } from '../../domain/bulk/ports.ts';
import type { LocatedError, RowError } from '../../domain/bulk/row-error.ts';
import { type BulkLanguage, tellError } from '../../domain/bulk/texts.ts';
import { toHex } from '../../kernel/bytes.ts';

export function presentFile(file: BulkFile, language: BulkLanguage = 'en'): BulkFileView {
  return {
    name: file.name,
    target: 'phones',
    transaction: file.transaction,
    format: file.format,
    size: file.size,
    sha256: toHex(file.sha256),
    rows: file.rows,
    columns: file.columns.map(({ heading, field, filled }) => ({ heading, field, filled })),
    ignoredRows: file.ignoredRows,
    notes: file.notes.map((note) => presentNote(note, language)),
    uploadedBy: file.uploadedBy,
    uploadedAt: file.uploadedAt.toISOString(),
  };
}

export function presentError(error: LocatedError, language: BulkLanguage): BulkError {
  const { line, column, code, value } = error;
  return { line, column, code, value, ...tellError(error, language) };
}

export function presentNote(note: RowError, language: BulkLanguage): BulkNote {
  const { column, code, value } = note;
  return { column, code, value, ...tellError(note, language) };
}

export function presentJob(job: BulkJob, language: BulkLanguage = 'en'): BulkJobView {
  const done = doneRows(job);
  const running = job.state === 'processing';
  // Looking at a row is quick beside doing it: a tenth of the bar.
  const share = job.total === 0 ? 0 : (0.1 * job.checked + 0.9 * Math.min(done, job.total)) / job.total;
  const left = job.total - done;
  return {
    id: job.id,
    kind: job.kind,
    description: job.description,
    state: job.state,
    result: job.result ?? null,
    phase: job.phase,
    dryRun: job.dryRun,
    stopping: job.stopRequested,
    file: job.fileName ?? null,
    template: job.template?.name ?? null,
    createDummyMacAddress: job.options.createDummyMacAddress,
    override: job.options.override,
    refuseOnErrors: job.options.refuseOnErrors,
    selection: job.options.selection as BulkJobView['selection'],
    change: job.options.change as BulkJobView['change'],
    progress: {
      total: job.total,
      checked: job.checked,
      done,
      succeeded: job.succeeded,
      failed: job.failed,
      kept: job.kept,
      noted: job.noted,
      percent: job.state === 'completed' ? 100 : Math.min(99, Math.floor(share * 100)),
      rowsPerSecond: running && job.rate !== undefined ? Math.round(job.rate * 10) / 10 : null,
      secondsLeft: running && job.rate !== undefined && job.rate > 0 ? Math.ceil(left / job.rate) : null,
    },
    refusal:
      job.refusal === undefined
        ? null
        : { code: job.refusal.code, ...tellError({ ...job.refusal, value: '' }, language) },
    notes: notesOf(job).map((note) => presentNote(note, language)),
    submittedBy: job.submittedBy,
    submittedAt: job.submittedAt.toISOString(),
    runAt: job.runAt?.toISOString() ?? null,
    startedAt: job.startedAt?.toISOString() ?? null,
    endedAt: job.endedAt?.toISOString() ?? null,
    node: job.node ?? null,
    logFileName: logFileName(job) ?? null,
    undoOf: job.undoOf ?? null,
    undoneBy: job.undoneBy ?? null,
    may: jobMay(job),
  };
}

export function presentRow(row: JobRow, language: BulkLanguage = 'en'): BulkRowView {
  return {
    line: row.line,
    state: row.state,
    action: row.action ?? null,
    name: row.deviceName ?? (row.state === 'done' ? null : (row.key ?? null)),
    mac: row.key?.startsWith('SEP') ? row.key.slice(3) : null,
    changes: row.changes.map(({ field, from, to }) => ({ field, from, to })),
    errors: row.errors.map((error) => presentError({ line: row.line, ...error }, language)),
    notes: row.notes.map((note) => presentNote(note, language)),
  };
}
