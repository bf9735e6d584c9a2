import { FileRefused } from '../../domain/bulk/bulk-fault.ts';
import { formatOf, type RawRecord, type SourceAbout } from '../../domain/bulk/file-source.ts';
import { bulkLimits } from '../../domain/bulk/limits.ts';
import { rowError } from '../../domain/bulk/row-error.ts';
import type { Sentence } from '../../kernel/errors.ts';
import { CsvEncodingError, CsvError, csvRecords } from '../../protocol/csv/read-csv.ts';
import { xlsxRows } from '../../protocol/xlsx/read-xlsx.ts';
import { XlsxError, type XlsxProblem } from '../../protocol/xlsx/xlsx-error.ts';
import { say } from '../../texts/say.ts';
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
    if (error instanceof CsvError)
      throw refused(
        error.line,
        ofCodec(error.problem === 'too_many_fields' ? 'too_many_fields.csv' : error.problem, error),
      );
    if (error instanceof CsvEncodingError) throw refused(line, say('not_utf8'));
    if (error instanceof XlsxError) throw refused(error.line ?? line, ofCodec(error.problem, error));
    throw error;
  }
}

async function* slices(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536);
}

function refused(line: number, sentence: Sentence): FileRefused {
  return new FileRefused([{ line, ...rowError(null, null, sentence) }], 1);
}

type CodecText = Exclude<CsvError['problem'], 'too_many_fields'> | 'too_many_fields.csv' | XlsxProblem;

/** In English the codec says it more closely than the sentence of its kind. */
const ofCodec = (text: CodecText, { message }: Error): Sentence => ({
  ...say(text, { most: bulkLimits.cell }),
  detail: message,
});
