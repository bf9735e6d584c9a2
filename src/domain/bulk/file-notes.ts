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
      'rows_after_blank',
      String(file.ignoredRows),
      `${rowCount(file.ignoredRows)} after the first blank one ${file.ignoredRows === 1 ? 'is' : 'are'} left out: a blank row ends the file.`,
      'Take the blank row out and upload the file again, if they are meant.',
    );
  const { doomed } = file;
  if (doomed.first !== undefined)
    note(
      doomed.first.column,
      'rows_will_be_refused',
      String(doomed.rows),
      `${rowCount(doomed.rows)} will be refused as ${doomed.rows === 1 ? 'it stands' : 'they stand'}, first line ${doomed.first.line}: ${doomed.first.column === null ? '' : `${doomed.first.column}: `}${doomed.first.message}`,
      'A dry run names each of them. Correct them and upload the file again.',
    );
  notes.push(...unusedColumns(file.columns, file.transaction === 'phones'));
  if (file.hiddenRows > 0)
    note(
      null,
      'hidden_rows',
      String(file.hiddenRows),
      `${rowCount(file.hiddenRows)} of the sheet ${file.hiddenRows === 1 ? 'is' : 'are'} hidden, and read like the others.`,
      'Delete them from the sheet, if they are not meant.',
    );
  const hidden = file.hiddenColumns.flatMap((index) => {
    const column = file.columns[index];
    return column !== undefined && column.field !== null && column.filled > 0 ? [column.heading] : [];
  });
  if (hidden.length > 0)
    note(
      null,
      'hidden_columns',
      hidden.join(', '),
      `Hidden columns of the sheet are read like the others: ${hidden.join(', ').slice(0, 200)}.`,
      'Delete them from the sheet, if they are not meant.',
    );
  const others = file.otherSheets.filter((name) => !templateSheets.has(name.trim().toLowerCase()));
  if (others.length > 0)
    note(
      null,
      'other_sheets',
      others.join(', '),
      `One sheet is read; others are left out: ${others.join(', ').slice(0, 200)}.`,
      'Upload each sheet as a file of its own, if they are meant.',
    );
  return notes;
}

/** Columns with something in them that nothing comes of. `onlyNames`: whoever reads the file asks it only which phones are meant. */
function unusedColumns(columns: readonly FilledColumn[], onlyNames: boolean): RowError[] {
  return columns.flatMap(({ heading, field, filled }, index) => {
    if (filled === 0) return [];
    if (heading === '')
      return rowError(
        null,
        'column_without_heading',
        String(index + 1),
        `Column ${index + 1} has no heading and is left out; ${rowCount(filled)} hold something there.`,
        'Write a heading above it, if it is meant.',
      );
    if (field === null)
      return rowError(
        heading,
        'column_ignored',
        heading,
        `The column ${heading} is left out: nothing here is set by it; ${rowCount(filled)} hold something there.`,
        null,
      );
    return onlyNames && field !== 'mac' && field !== 'name'
      ? rowError(
          heading,
          'column_not_used',
          heading,
          `The column ${heading} is not used: the file says only which phones are meant.`,
          null,
        )
      : [];
  });
}

/** What a job leaves out of a file beyond what the file itself tells. */
export function notesForJob(kind: JobKind, columns: readonly FilledColumn[]): RowError[] {
  const asksOnlyNames = kind !== 'insert-phones' && kind !== 'update-phones';
  return asksOnlyNames ? unusedColumns(columns, true).filter(({ code }) => code === 'column_not_used') : [];
}

const rowCount = (count: number) => (count === 1 ? '1 row' : `${count} rows`);
