import { say } from '../../texts/say.ts';
import type { FilledColumn, TransactionType } from './columns.ts';
import type { JobKind } from './job.ts';
import { type LocatedError, type RowError, rowError } from './row-error.ts';

/** Sheets of our own template that hold no phones. */
const templateSheets: ReadonlySet<string> = new Set(['help', '帮助', 'lists']);

/** What a file holds that will not be done, in words: told wherever success is told. */
export function fileNotes(file: {
  readonly transaction: TransactionType;
  readonly columns: readonly FilledColumn[];
  readonly ignoredRows: number;
  readonly doomed: { readonly rows: number; readonly first: LocatedError | undefined };
  readonly hiddenRows: number;
  readonly hiddenColumns: readonly number[];
  readonly otherSheets: readonly string[];
}): readonly RowError[] {
  const notes: RowError[] = [];
  const note = (...of: Parameters<typeof rowError>) => notes.push(rowError(...of));
  if (file.ignoredRows > 0)
    note(
      null,
      String(file.ignoredRows),
      file.ignoredRows === 1 ? say('rows_after_blank.one') : say('rows_after_blank', { rows: file.ignoredRows }),
    );
  const { doomed } = file;
  if (doomed.first !== undefined) note(doomed.first.column, String(doomed.rows), doomedRows(doomed.rows, doomed.first));
  notes.push(...unusedColumns(file.columns, file.transaction === 'phones'));
  if (file.hiddenRows > 0)
    note(
      null,
      String(file.hiddenRows),
      file.hiddenRows === 1 ? say('hidden_rows.one') : say('hidden_rows', { rows: file.hiddenRows }),
    );
  const hidden = file.hiddenColumns.flatMap((index) => {
    const column = file.columns[index];
    return column !== undefined && column.field !== null && column.filled > 0 ? [column.heading] : [];
  });
  if (hidden.length > 0)
    note(null, hidden.join(', '), say('hidden_columns', { headings: hidden.join(', ').slice(0, 200) }));
  const others = file.otherSheets.filter((name) => !templateSheets.has(name.trim().toLowerCase()));
  if (others.length > 0)
    note(null, others.join(', '), say('other_sheets', { sheets: others.join(', ').slice(0, 200) }));
  return notes;
}

/** Columns with something in them that nothing comes of. `onlyNames`: whoever reads the file asks it only which phones are meant. */
function unusedColumns(columns: readonly FilledColumn[], onlyNames: boolean): RowError[] {
  return columns.flatMap(({ heading, field, filled }, index) => {
    if (filled === 0) return [];
    if (heading === '') return rowError(null, String(index + 1), columnLeftOut(filled, { column: index + 1 }));
    if (field === null) return rowError(heading, heading, columnIgnored(filled, heading));
    return onlyNames && field !== 'mac' && field !== 'name'
      ? rowError(heading, heading, say('column_not_used', { heading }))
      : [];
  });
}

/** What a job leaves out of a file beyond what the file itself tells. */
export function notesForJob(kind: JobKind, columns: readonly FilledColumn[]): RowError[] {
  const asksOnlyNames = kind !== 'insert-phones' && kind !== 'update-phones';
  return asksOnlyNames ? unusedColumns(columns, true).filter(({ code }) => code === 'column_not_used') : [];
}

const columnLeftOut = (filled: number, { column }: { readonly column: number }) =>
  filled === 1
    ? say('column_without_heading.one', { column })
    : say('column_without_heading', { column, rows: filled });

const columnIgnored = (filled: number, heading: string) =>
  filled === 1 ? say('column_ignored.one', { heading }) : say('column_ignored', { heading, rows: filled });

function doomedRows(rows: number, { line, column, message }: LocatedError) {
  const values = { rows, line, message: column === null ? message : `${column}: ${message}` };
  return rows === 1 ? say('rows_will_be_refused.one', values) : say('rows_will_be_refused', values);
}
