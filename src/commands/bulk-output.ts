import { columns } from './phones-output.ts';

type Json = Readonly<Record<string, unknown>>;

interface Progress {
  readonly total: number;
  readonly done: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly kept: number;
  readonly noted: number;
  readonly percent: number;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface JobAnswer extends Json {
  readonly id: number;
  readonly kind: string;
  readonly state: string;
  readonly result: string | null;
  readonly phase: string;
  readonly dryRun: boolean;
  readonly progress: Progress;
  readonly refusal: { readonly detail: string; readonly remedy: string | null } | null;
  readonly notes: readonly NoteAnswer[];
}

interface NoteAnswer {
  readonly column: string | null;
  readonly detail: string;
  readonly remedy: string | null;
}

const barWidth = 30;

/** `[#####     ]  25 %  300/1200  80.5 rows/s  11 s left` */
export function progressLine({ id, phase, progress }: JobAnswer): string {
  const { total, done, percent, rowsPerSecond, secondsLeft } = progress;
  const filled = Math.round((percent / 100) * barWidth);
  const bar = `[${'#'.repeat(filled)}${' '.repeat(barWidth - filled)}]`;
  const pace = rowsPerSecond === null ? phase : `${rowsPerSecond} rows/s`;
  const left = secondsLeft === null ? '' : `  ${duration(secondsLeft)} left`;
  return `job ${id} ${bar} ${String(percent).padStart(3)} %  ${done}/${total}  ${pace}${left}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** How a job ended, and what to look at. */
export function jobEnd(job: JobAnswer): string {
  const { succeeded, failed, kept } = job.progress;
  const verb = job.dryRun ? 'would be done' : 'done';
  const lines = [
    `job ${job.id} ${job.kind}${job.dryRun ? ' (dry run)' : ''}: ${job.result ?? job.state}${job.notes.length > 0 ? ', with notes' : ''}`,
    `  ${succeeded} ${verb}, ${failed} refused${kept > 0 ? `, ${kept} kept` : ''}`,
  ];
  if (job.refusal !== null)
    lines.push(`  ${job.refusal.detail}`, ...(job.refusal.remedy === null ? [] : [`  ${job.refusal.remedy}`]));
  if (failed + kept > 0)
    lines.push(`  firstring bulk rows ${job.id} --state ${failed > 0 ? 'failed' : 'kept'}   shows them`);
  lines.push(...job.notes.map((note) => `  note: ${noteText(note)}`));
  if (job.progress.noted > 0) lines.push(`  firstring bulk rows ${job.id} --noted   shows them`);
  return `${lines.join('\n')}\n`;
}

export function jobList(items: readonly Json[]): string {
  const rows = (items as readonly JobAnswer[]).map((job) => ({
    ...job,
    done: `${job.progress.done}/${job.progress.total}`,
    percent: `${job.progress.percent} %`,
    result: `${job.result ?? ''}${job.notes.length > 0 ? ', notes' : ''}${job.dryRun ? ' dry run' : ''}`
      .replace(/^, /, '')
      .trim(),
  }));
  return columns(rows, ['id', 'kind', 'state', 'result', 'percent', 'done', 'file', 'description', 'submittedBy']);
}

interface RowAnswer extends Json {
  readonly line: number;
  readonly state: string;
  readonly action: string | null;
  readonly name: string | null;
  readonly mac: string | null;
  readonly changes: readonly { readonly field: string; readonly from: string | null; readonly to: string | null }[];
  readonly errors: readonly ErrorAnswer[];
  readonly notes: readonly NoteAnswer[];
}

interface ErrorAnswer {
  readonly line: number;
  readonly column: string | null;
  readonly detail: string;
  readonly remedy: string | null;
}

/** Each row with its diff and its errors. */
export function rowList(items: readonly Json[]): string {
  return (items as readonly RowAnswer[])
    .map((row) =>
      [
        `line ${row.line}  ${row.name ?? row.mac ?? ''}  ${row.state}${row.action === null ? '' : ` (${row.action})`}`,
        ...row.changes.map(({ field, from, to }) => `    ${field}: ${from ?? '–'} → ${to ?? '–'}`),
        ...row.errors.map((error) => `    ${errorText(error)}`),
        ...row.notes.map((note) => `    note: ${noteText(note)}`),
        '',
      ].join('\n'),
    )
    .join('');
}

/** All errors of a file that was refused. */
export function fileErrors(errors: readonly unknown[]): string {
  return (errors as readonly ErrorAnswer[]).map((error) => `line ${error.line}: ${errorText(error)}\n`).join('');
}

/** What a file that was taken leaves out. */
export function fileNotes(notes: readonly unknown[]): string {
  return (notes as readonly NoteAnswer[]).map((note) => `  note: ${noteText(note)}\n`).join('');
}

function noteText({ column, detail, remedy }: NoteAnswer): string {
  const named = column === null || detail.includes(column) ? '' : `${column}: `;
  return `${named}${detail}${remedy === null ? '' : ` ${remedy}`}`;
}

function errorText({ column, detail, remedy }: ErrorAnswer): string {
  return `${column === null ? '' : `${column}: `}${detail}${remedy === null ? '' : ` ${remedy}`}`;
}
