import { sql } from 'kysely';
import type { BulkJob, JobRow } from '../../domain/bulk/job.ts';

/** Jobs and their rows as the database holds them, and as the domain has them. */

export interface JobRead {
  readonly id: number;
  readonly kind: BulkJob['kind'];
  readonly description: string;
  readonly state: BulkJob['state'];
  readonly result: BulkJob['result'] | null;
  readonly phase: BulkJob['phase'];
  readonly dry_run: boolean;
  readonly options: BulkJob['options'];
  readonly template: BulkJob['template'] | null;
  readonly file_id: string | null;
  readonly file_name: string | null;
  readonly columns: BulkJob['columns'];
  readonly submitted_by: string;
  readonly submitter_sees_codes: boolean;
  readonly source_address: string;
  readonly submitted_at: Date;
  readonly run_at: Date | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly node: string | null;
  readonly stop_requested: boolean;
  readonly epoch: number;
  readonly total: number;
  readonly checked: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly kept: number;
  readonly rate: number | null;
  readonly refusal: BulkJob['refusal'] | null;
  readonly undo_of: number | null;
  readonly undone_by: number | null;
  readonly notes: BulkJob['notes'];
  readonly noted: number;
}

/** Of `bulk_job j`. */
export const jobColumns = sql`j.*, (
  select u.id from bulk_job u
  where u.undo_of = j.id and not u.dry_run and (u.result is null or u.result in ('success', 'with-errors'))
  order by u.id desc limit 1) as undone_by`;

export function jobOf(row: JobRead): BulkJob {
  return {
    id: row.id,
    kind: row.kind,
    description: row.description,
    state: row.state,
    result: row.result ?? undefined,
    phase: row.phase,
    dryRun: row.dry_run,
    options: row.options,
    template: row.template ?? undefined,
    fileId: row.file_id ?? undefined,
    fileName: row.file_name ?? undefined,
    columns: row.columns,
    submittedBy: row.submitted_by,
    submitterSeesCodes: row.submitter_sees_codes,
    sourceAddress: row.source_address,
    submittedAt: row.submitted_at,
    runAt: row.run_at ?? undefined,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    node: row.node ?? undefined,
    stopRequested: row.stop_requested,
    epoch: row.epoch,
    total: row.total,
    checked: row.checked,
    succeeded: row.succeeded,
    failed: row.failed,
    kept: row.kept,
    rate: row.rate ?? undefined,
    refusal: row.refusal ?? undefined,
    undoOf: row.undo_of ?? undefined,
    undoneBy: row.undone_by ?? undefined,
    notes: row.notes,
    noted: row.noted,
  };
}

export interface RowRead {
  readonly line: number;
  readonly state: JobRow['state'];
  readonly input: string[] | null;
  readonly key: string | null;
  readonly needs_code: boolean;
  readonly action: JobRow['action'] | null;
  readonly device_id: string | null;
  readonly device_name: string | null;
  readonly errors: JobRow['errors'] | null;
  readonly changes: JobRow['changes'] | null;
  readonly before: JobRow['before'] | null;
  readonly version_after: number | null;
  readonly code_id: string | null;
  readonly made_lines: string[] | null;
  readonly notes: JobRow['notes'] | null;
}

export const rowColumns = sql`r.line, r.state, r.input, r.key, r.needs_code, r.action, r.device_id, r.device_name, r.errors, r.changes, r.before,
  r.version_after, r.code_id, r.made_lines, r.notes`;

export function rowOf(row: RowRead): JobRow {
  return {
    line: row.line,
    state: row.state,
    input: row.input ?? [],
    key: row.key ?? undefined,
    needsCode: row.needs_code,
    action: row.action ?? undefined,
    deviceId: row.device_id ?? undefined,
    deviceName: row.device_name ?? undefined,
    errors: row.errors ?? [],
    changes: row.changes ?? [],
    before: row.before ?? undefined,
    versionAfter: row.version_after ?? undefined,
    codeId: row.code_id ?? undefined,
    madeLines: row.made_lines ?? [],
    notes: row.notes ?? [],
  };
}
