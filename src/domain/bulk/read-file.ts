import { FileRefused } from './bulk-fault.ts';
import { type Column, fieldOfHeading, nearestHeading, type TransactionType } from './columns.ts';
import { bulkLimits } from './limits.ts';
import { type LocatedError, rowError } from './row-error.ts';

/** One line of a file or row of a sheet, as its codec read it. */
export interface RawRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface FileSummary {
  readonly columns: readonly (Column & { readonly filled: number })[];
  readonly rows: number;
  /** Rows with something in them after the first blank one. */
  readonly ignoredRows: number;
}

/** What a spreadsheet put in front of text that looks like a formula goes again; spaces around do not count. */
export function cleanCell(text: string): string {
  const trimmed = text.replace(/^[\s\u00a0]+|[\s\u00a0]+$/g, '');
  return /^'\s*[=+\-@＝＋－＠]/u.test(trimmed) ? trimmed.slice(1).trim() : trimmed;
}

/**
 * Reads a file: its heading, then its rows in batches to `keep`, one after the other. The first blank row ends it.
 * @throws FileRefused with everything that is wrong with headings and shape; what was kept until then is the caller's to drop
 */
export async function readPhoneFile(
  records: AsyncIterable<RawRecord>,
  transaction: TransactionType,
  keep: (rows: readonly RawRecord[]) => Promise<void>,
): Promise<FileSummary> {
  const errors: LocatedError[] = [];
  let errorCount = 0;
  const complain = (line: number, ...error: Parameters<typeof rowError>) => {
    errorCount++;
    if (errors.length < bulkLimits.errorsTold) errors.push({ line, ...rowError(...error) });
  };
  let columns: Column[] | undefined;
  let filled: number[] = [];
  let rows = 0;
  let ignoredRows = 0;
  let ended = false;
  let lastLine = 0;
  let batch: RawRecord[] = [];
  for await (const { line, fields } of records) {
    const cells = fields.map(cleanCell);
    const blank = cells.every((cell) => cell === '');
    if (columns === undefined) {
      if (blank) continue;
      columns = readHeading(cells, line, transaction, complain);
      filled = columns.map(() => 0);
      lastLine = line;
      continue;
    }
    // Sheets leave blank rows out: a gap is one.
    if (blank || line > lastLine + 1) ended = true;
    lastLine = line + extraLines(fields);
    if (blank) continue;
    if (ended) {
      ignoredRows++;
      continue;
    }
    rows++;
    if (rows > bulkLimits.rows) {
      complain(
        line,
        null,
        'too_many_rows',
        null,
        `The file has more than ${bulkLimits.rows} rows.`,
        'Split it into several files.',
      );
      break;
    }
    checkRow(cells, columns, line, complain);
    for (let index = 0; index < columns.length; index++) if ((cells[index] ?? '') !== '') filled[index]!++;
    batch.push({ line, fields: cells.slice(0, columns.length) });
    if (batch.length >= 500) {
      if (errorCount === 0) await keep(batch);
      batch = [];
    }
  }
  if (columns === undefined)
    complain(1, null, 'file_empty', null, 'The file is empty.', 'The first line holds the headings; see the template.');
  else if (rows === 0 && errorCount === 0)
    complain(lastLine, null, 'no_rows', null, 'There is no row below the headings.', 'Add a row for each phone.');
  if (errorCount > 0) throw new FileRefused(errors, errorCount);
  if (batch.length > 0) await keep(batch);
  return { columns: columns!.map((column, index) => ({ ...column, filled: filled[index]! })), rows, ignoredRows };
}

/** Line ends within quoted fields. */
function extraLines(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields)
    if (field.includes('\n') || field.includes('\r')) count += field.split(/\r\n|\n|\r/).length - 1;
  return count;
}

type Complain = (line: number, ...error: Parameters<typeof rowError>) => void;

function readHeading(
  cells: readonly string[],
  line: number,
  transaction: TransactionType,
  complain: Complain,
): Column[] {
  // Headings end with a comma in the field's own files: columns without one at the end hold nothing.
  const last = cells.findLastIndex((cell) => cell !== '');
  const columns: Column[] = [];
  const taken = new Map<string, string>();
  for (const heading of cells.slice(0, last + 1)) {
    const field = heading === '' ? null : fieldOfHeading(heading);
    if (field === undefined && transaction !== 'insert-phones-all-details') {
      const near = nearestHeading(heading);
      complain(
        line,
        heading,
        'unknown_column',
        heading,
        `The heading ${JSON.stringify(heading.slice(0, 64))} is not known.`,
        near === undefined
          ? 'Use the headings of the template, or take the column out.'
          : `Did you mean ${near}? Correct it, or take the column out.`,
      );
    }
    if (typeof field === 'string') {
      const other = taken.get(field);
      if (other !== undefined)
        complain(
          line,
          heading,
          'duplicate_column',
          heading,
          `${heading} and ${other} mean the same.`,
          'Take one of the two columns out.',
        );
      taken.set(field, heading);
    }
    columns.push({ heading, field: field ?? null });
  }
  const identified = taken.has('mac') || taken.has('name');
  if (!identified && (transaction === 'update-phones' || transaction === 'phones'))
    complain(
      line,
      null,
      'missing_column',
      'DEVICE NAME',
      'No column says which phone a row is about.',
      'Add a column DEVICE NAME or MAC ADDRESS.',
    );
  if (transaction === 'insert-phones-all-details' && !taken.has('model'))
    complain(
      line,
      null,
      'missing_column',
      'DEVICE TYPE',
      'No column DEVICE TYPE says the model of the phones.',
      'Add it, or upload the file as "Insert Phones - Specific Details" and use a phone template.',
    );
  if (taken.size === 0)
    complain(
      line,
      null,
      'no_heading',
      null,
      'The first line holds no heading of a phone file.',
      'The first line holds the headings, e.g. MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1; see the template.',
    );
  return columns;
}

function checkRow(cells: readonly string[], columns: readonly Column[], line: number, complain: Complain): void {
  const beyond = cells.findIndex((cell, index) => index >= columns.length && cell !== '');
  if (beyond >= 0)
    complain(
      line,
      null,
      'too_many_fields',
      cells[beyond]!,
      `There are ${columns.length} headings, but something stands in column ${beyond + 1}.`,
      'Is there a comma too many? Text with a comma needs quotes around it.',
    );
  for (const [index, cell] of cells.entries())
    if (cell.includes('\0') || !cell.isWellFormed())
      complain(
        line,
        columns[index]?.heading ?? null,
        'text_invalid',
        cell,
        'The cell holds characters that cannot be stored.',
        'Type the text again.',
      );
}
