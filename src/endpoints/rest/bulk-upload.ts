import { FileRefused } from '../../domain/bulk/bulk-fault.ts';
import { bulkLimits } from '../../domain/bulk/limits.ts';
import type { RawRecord } from '../../domain/bulk/read-file.ts';
import { rowError } from '../../domain/bulk/row-error.ts';
import { concat } from '../../kernel/bytes.ts';
import { CsvEncodingError, CsvError, csvRecords } from '../../protocol/csv/read-csv.ts';
import { xlsxRows } from '../../protocol/xlsx/read-xlsx.ts';
import { XlsxError, type XlsxProblem } from '../../protocol/xlsx/xlsx-error.ts';
import type { Inflate } from '../../protocol/xlsx/zip.ts';
import { RequestFault } from './request-fault.ts';

/** Sheets of a workbook that are taken for the phones; else the first visible one. */
const sheetNames = ['Phones', '电话'];

/** The octets of an upload, bounded. @throws RequestFault `body_too_large` */
export async function wholeUpload(upload: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of upload) {
    length += part.length;
    if (length > bulkLimits.octets)
      throw new RequestFault('caller', 'body_too_large', 'The file is larger than 10 MiB.', {
        remedy: 'Split it into several files.',
      });
    parts.push(part);
  }
  return concat(...parts);
}

/** What the octets are, whatever they were called. */
export function formatOf(content: Uint8Array): 'csv' | 'xlsx' {
  const zip = content[0] === 0x50 && content[1] === 0x4b;
  const ole = content[0] === 0xd0 && content[1] === 0xcf;
  return zip || ole ? 'xlsx' : 'csv';
}

/** The records of an upload; what its codec cannot read is told like any other error of a file. @throws FileRefused */
export async function* recordsOf(content: Uint8Array, inflate: Inflate): AsyncGenerator<RawRecord> {
  let line = 1;
  try {
    const records = formatOf(content) === 'xlsx' ? xlsxRows(content, inflate, sheetNames) : csvRecords(slices(content));
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
    if (error instanceof XlsxError) throw refused(line, error.problem, error.message, xlsxRemedies[error.problem]);
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
  damaged: 'Save it again.',
};
