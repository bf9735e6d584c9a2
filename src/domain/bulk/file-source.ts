import type { FilledColumn, TransactionType } from './columns.ts';
import type { RowError } from './row-error.ts';

/** One line of a file or row of a sheet, as its codec read it. */
export interface RawRecord {
  readonly line: number;
  readonly fields: readonly string[];
  /** Cells whose field is not what a person sees in them. */
  readonly doubts?: readonly CellDoubt[] | undefined;
}

/** A cell of a sheet whose stored value is not what a person sees in it. */
export interface CellDoubt {
  /** 0-based. */
  readonly column: number;
  readonly reason: 'date' | 'format' | 'precision' | 'error' | 'boolean' | 'formula' | 'text_format';
  /** null: it cannot be told. */
  readonly shown: string | null;
  readonly stored: string;
  readonly format: string | null;
}

/** What a person does not see of a sheet, or sees otherwise. Lines are 1-based, columns 0-based, ranges inclusive. */
export interface SourceAbout {
  readonly otherSheets: readonly string[];
  readonly hiddenLines: readonly number[];
  readonly hiddenColumns: readonly number[];
  readonly merged: readonly {
    readonly fromLine: number;
    readonly toLine: number;
    readonly fromColumn: number;
    readonly toColumn: number;
  }[];
}

export interface FileSummary {
  readonly columns: readonly FilledColumn[];
  readonly rows: number;
  /** Rows with something in them after the first blank one. */
  readonly ignoredRows: number;
  /** What is left out, or will be refused: success without it would be a lie. */
  readonly notes: readonly RowError[];
}

/** A file that was read to its end. */
export interface ReadFile extends FileSummary {
  /** Of headings and rows as they were read: the same however the file was saved. */
  readonly rowsSha256: Uint8Array;
}

export type FileFormat = 'csv' | 'xlsx';

/** What the octets are, whatever they were called: archives and OLE containers are workbooks. */
export function formatOf(content: Uint8Array): FileFormat {
  const zip = content[0] === 0x50 && content[1] === 0x4b;
  const ole = content[0] === 0xd0 && content[1] === 0xcf;
  return zip || ole ? 'xlsx' : 'csv';
}

/** Reads uploads where nobody else waits for it, bounded in time, memory and text. */
export interface PhoneFileReader {
  /**
   * The rows in batches, then what the file is as a whole. Ending it early ends the reading.
   * @throws FileRefused, also when it takes too long or needs too much memory; BulkFault `bulk_reader_busy` when too many files wait
   */
  read(content: Uint8Array, transaction: TransactionType): AsyncGenerator<readonly RawRecord[], ReadFile, undefined>;
}
