import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import { FileRefused } from './bulk-fault.ts';
import { refusalOfDoubt } from './cell-doubts.ts';
import { cleanCell, isErrorText } from './cell-text.ts';
import type { Column, TransactionType } from './columns.ts';
import { fileNotes } from './file-notes.ts';
import type { FileSummary, RawRecord, SourceAbout } from './file-source.ts';
import { bulkLimits } from './limits.ts';
import { type Complain, readHeading } from './read-heading.ts';
import { type LocatedError, rowError } from './row-error.ts';
import { readRow } from './row-input.ts';

const batchRows = 500;
const batchText = 2 ** 18;
/** Of a longer cell only what shows that it is too long is kept: no setting takes as much. */
const keptText = 256;
const longestHeading = 65_536;

/**
 * Reads a file: its heading, then its rows in batches to `keep`, one after the other. The first blank row ends it.
 * `about` is asked once all records were read.
 * @throws FileRefused with everything that is wrong with headings and shape; what was kept until then is the caller's to drop
 */
export async function readPhoneFile(
  records: AsyncIterable<RawRecord>,
  transaction: TransactionType,
  keep: (rows: readonly RawRecord[]) => Promise<void>,
  about: () => SourceAbout | undefined = () => undefined,
): Promise<FileSummary> {
  const reading = new Reading(transaction, keep);
  for await (const record of records) if (!(await reading.take(record))) break;
  return reading.end(about());
}

class Reading {
  readonly #transaction: TransactionType;
  readonly #keep: (rows: readonly RawRecord[]) => Promise<void>;
  readonly #errors: LocatedError[] = [];
  #errorCount = 0;
  #columns: Column[] | undefined;
  #filled: number[] = [];
  #records = 0;
  #rows = 0;
  #ignored = 0;
  #ended = false;
  #firstLine = 0;
  #lastRow = 0;
  #lastLine = 0;
  #text = 0;
  #batch: RawRecord[] = [];
  #batchText = 0;
  #doomed = { rows: 0, first: undefined as LocatedError | undefined };

  constructor(transaction: TransactionType, keep: (rows: readonly RawRecord[]) => Promise<void>) {
    this.#transaction = transaction;
    this.#keep = keep;
  }

  readonly #complain: Complain = (line, ...error) => {
    this.#errorCount++;
    if (this.#errors.length < bulkLimits.errorsTold) this.#errors.push({ line, ...rowError(...error) });
  };

  /** Whether more is wanted. */
  async take(record: RawRecord): Promise<boolean> {
    const { line, fields } = record;
    if (++this.#records > bulkLimits.records)
      return this.#refuse(line, say('too_many_rows', { most: bulkLimits.rows }));
    const columns = this.#columns;
    const length = lengthOf(fields, columns === undefined ? longestHeading : bulkLimits.row);
    if (length === undefined) return this.#refuse(line, say('row_too_long'));
    this.#text += length;
    if (this.#text > bulkLimits.text) return this.#refuse(line, say('too_large.text'));
    const blank = fields.every((field) => field.trim() === '');
    if (columns === undefined) {
      this.#lastLine = line;
      if (!blank) this.#begin(fields.map(cleanCell), line);
      return true;
    }
    // Sheets leave blank rows out: a gap is one.
    if (blank || line > this.#lastLine + 1) this.#ended = true;
    this.#lastLine = line + extraLines(fields);
    if (blank) return true;
    if (this.#ended) this.#ignored++;
    else if (++this.#rows > bulkLimits.rows) return this.#refuse(line, say('too_many_rows', { most: bulkLimits.rows }));
    else await this.#row(record, columns, length);
    return true;
  }

  #begin(headings: readonly string[], line: number): void {
    this.#columns = readHeading(headings, line, this.#transaction, this.#complain);
    this.#filled = this.#columns.map(() => 0);
    this.#firstLine = line + 1;
  }

  async #row(record: RawRecord, columns: readonly Column[], length: number): Promise<void> {
    const { line } = record;
    const cells = record.fields.map(cleanCell);
    const before = this.#errorCount;
    const doubted = new Set(record.doubts?.map((each) => each.column));
    checkShape(cells, columns, line, doubted, this.#complain);
    for (const doubt of record.doubts ?? []) {
      const column = columns[doubt.column];
      if (column?.field == null) continue;
      const refusal = refusalOfDoubt(doubt, column.heading, flags.has(column.field));
      if (refusal !== undefined) this.#complain(line, ...refusal);
    }
    for (let index = 0; index < columns.length; index++) if ((cells[index] ?? '') !== '') this.#filled[index]!++;
    const kept = cells.slice(0, columns.length).map((cell) => cell.slice(0, keptText).toWellFormed());
    if (this.#errorCount === before) this.#foresee(columns, kept, line);
    this.#lastRow = line;
    this.#batch.push({ line, fields: kept });
    this.#batchText += length;
    if (this.#batch.length >= batchRows || this.#batchText >= batchText) await this.#flush();
  }

  /** What a job would refuse whatever else it is told: the form of the cells. */
  #foresee(columns: readonly Column[], cells: readonly string[], line: number): void {
    const [first] = readRow(columns, cells).errors;
    if (first === undefined) return;
    this.#doomed.rows++;
    this.#doomed.first ??= { line, ...first };
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchText = 0;
    if (batch.length > 0 && this.#errorCount === 0) await this.#keep(batch);
  }

  #refuse(line: number, sentence: Sentence): false {
    this.#complain(line, null, null, sentence);
    return false;
  }

  async end(about: SourceAbout | undefined): Promise<FileSummary> {
    const columns = this.#columns;
    if (columns === undefined && this.#errorCount === 0) this.#complain(1, null, null, say('file_empty'));
    else if (this.#rows === 0 && this.#errorCount === 0) this.#complain(this.#lastLine, null, null, say('no_rows'));
    if (columns !== undefined) this.#refuseMerged(columns, about);
    if (this.#errorCount > 0) throw new FileRefused(this.#errors, this.#errorCount);
    await this.#flush();
    const filled = columns!.map((column, index) => ({ ...column, filled: this.#filled[index]! }));
    const notes = fileNotes({
      transaction: this.#transaction,
      columns: filled,
      ignoredRows: this.#ignored,
      doomed: this.#doomed,
      hiddenRows: (about?.hiddenLines ?? []).filter((line) => line >= this.#firstLine && line <= this.#lastRow).length,
      hiddenColumns: about?.hiddenColumns ?? [],
      otherSheets: about?.otherSheets ?? [],
    });
    return { columns: filled, rows: this.#rows, ignoredRows: this.#ignored, notes };
  }

  /** Cells that are shown as one hold their text in the first only: what the others say is not to be known. */
  #refuseMerged(columns: readonly Column[], about: SourceAbout | undefined): void {
    for (const { fromLine, toLine, fromColumn, toColumn } of about?.merged ?? []) {
      const line = Math.max(fromLine, this.#firstLine);
      const column = columns.find((each, index) => each.field !== null && index >= fromColumn && index <= toColumn);
      if (line > Math.min(toLine, this.#lastRow) || column === undefined) continue;
      this.#complain(line, column.heading, `${fromLine}–${toLine}`, say('cell_merged', { from: fromLine, to: toLine }));
    }
  }
}

const flags: ReadonlySet<string> = new Set(['requiresActivationCode', 'allowActivationCodeViaMra', 'enabled']);

/** Characters of a row; undefined: more than it may hold. */
function lengthOf(fields: readonly string[], most: number): number | undefined {
  let length = 0;
  for (const field of fields) {
    if (field.length > bulkLimits.cell) return undefined;
    length += field.length;
  }
  return length > most ? undefined : length;
}

/** Line ends within quoted fields. */
function extraLines(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields)
    if (field.includes('\n') || field.includes('\r')) count += field.split(/\r\n|\n|\r/).length - 1;
  return count;
}

function checkShape(
  cells: readonly string[],
  columns: readonly Column[],
  line: number,
  doubted: ReadonlySet<number>,
  complain: Complain,
): void {
  const beyond = cells.findIndex((cell, index) => index >= columns.length && cell !== '');
  if (beyond >= 0)
    complain(line, null, cells[beyond]!, say('too_many_fields', { headings: columns.length, column: beyond + 1 }));
  for (const [index, cell] of cells.entries()) {
    const column = columns[index];
    if (cell.includes('\0') || !cell.isWellFormed())
      complain(line, column?.heading ?? null, cell, say('text_invalid.stored'));
    else if (column?.field != null && !doubted.has(index) && isErrorText(cell))
      complain(line, column.heading, cell, say('cell_error.typed', { value: cell }));
  }
}
