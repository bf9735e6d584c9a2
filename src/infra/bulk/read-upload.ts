import { FileRefused } from '../../domain/bulk/bulk-fault.ts';
import { formatOf, type RawRecord, type SourceAbout } from '../../domain/bulk/file-source.ts';
import { bulkLimits } from '../../domain/bulk/limits.ts';
import { rowError } from '../../domain/bulk/row-error.ts';
import { CsvEncodingError, CsvError, csvRecords } from '../../protocol/csv/read-csv.ts';
import { xlsxRows } from '../../protocol/xlsx/read-xlsx.ts';
import { XlsxError, type XlsxProblem } from '../../protocol/xlsx/xlsx-error.ts';
import { inflateRaw } from './inflate.ts';

/** Sheets of a workbook that are taken for the phones; else the first visible one. */
const sheetNames = ['Phones', '电话'];

const csvLimits = { fieldLength: bulkLimits.cell, fields: bulkLimits.columns };
const xlsxLimits = {
  unpacked: 192 * 2 ** 20,
  columns: bulkLimits.columns,
  cell: bulkLimits.cell,
  text: bulkLimits.text,
};

/**
 * The records of an upload; what its codec cannot read is told like any other error of a file. `about`: told once after the last record.
 * @throws FileRefused
 */
export async function* recordsOf(content: Uint8Array, about: (about: SourceAbout) => void): AsyncGenerator<RawRecord> {
  let line = 1;
  try {
    const records =
      formatOf(content) === 'xlsx'
        ? xlsxRows(content, inflateRaw, sheetNames, { limits: xlsxLimits, about })
        : csvRecords(slices(content), csvLimits);
    for await (const record of records) {
      line = record.line;
      yield record;
    }
  } catch (error) {
    if (error instanceof CsvError) throw refused(error.line, error.problem, error.message, csvRemedies[error.problem]);
    if (error instanceof CsvEncodingError)
      throw refused(
        line,
        'not_utf8',
        'The file is not UTF-8.',
        'Save it as "CSV UTF-8" in the spreadsheet program, or upload the .xlsx.',
      );
    if (error instanceof XlsxError)
      throw refused(error.line ?? line, error.problem, error.message, xlsxRemedies[error.problem]);
    throw error;
  }
}

async function* slices(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}

function refused(line: number, code: string, message: string, remedy: string): FileRefused {
  return new FileRefused([{ line, ...rowError(null, code, null, message, remedy) }], 1);
}

const csvRemedies: Readonly<Record<CsvError['problem'], string>> = {
  quote_open: 'Close the quote.',
  quote_garbage: 'Write a quote within a text twice.',
  field_too_long: 'Look whether a quote is not closed.',
  too_many_fields: 'Is this a phone file?',
};

const xlsxRemedies: Readonly<Record<XlsxProblem, string>> = {
  not_xlsx: 'Save it as an Excel workbook (.xlsx).',
  xls_or_password: 'Save it as an Excel workbook (.xlsx) without a password.',
  macros: 'Save it as an Excel workbook (.xlsx) without macros.',
  external_links: 'Replace the references by their values and save it again.',
  too_large: 'Split it into several files.',
  cell_too_long: `Shorten the text: a cell holds at most ${bulkLimits.cell} characters.`,
  damaged: 'Save it again.',
};
