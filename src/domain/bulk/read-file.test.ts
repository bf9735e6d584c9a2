import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileRefused } from './bulk-fault.ts';
import { cleanCell } from './cell-text.ts';
import type { TransactionType } from './columns.ts';
import type { RawRecord } from './file-source.ts';
import { bulkLimits } from './limits.ts';
import { readPhoneFile } from './read-file.ts';
import { readRow } from './row-input.ts';

async function* records(rows: readonly (readonly string[])[], lines?: readonly number[]): AsyncGenerator<RawRecord> {
  for (const [index, fields] of rows.entries()) yield { line: lines?.[index] ?? index + 1, fields };
}

async function read(
  rows: readonly (readonly string[])[],
  transaction: TransactionType = 'insert-phones-specific-details',
  lines?: readonly number[],
) {
  const kept: RawRecord[] = [];
  const summary = await readPhoneFile(records(rows, lines), transaction, async (batch) => void kept.push(...batch));
  return { kept, summary };
}

const refusals = async (rows: readonly (readonly string[])[], transaction?: TransactionType) => {
  const error = await read(rows, transaction).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FileRefused);
  return (error as FileRefused).errors.map(({ line, column, code }) => [line, column, code]);
};

describe('a phone file', () => {
  it('may have trailing commas, short rows and columns nothing here takes', async () => {
    const { kept, summary } = await read([
      ['MAC ADDRESS', 'DESCRIPTION', 'LOCATION', 'DIRECTORY NUMBER 1', ''],
      ['', 'one', 'Hub', '1001', '', '', ''],
      ['', 'two'],
    ]);
    expect(kept.map((row) => row.fields)).toEqual([
      ['', 'one', 'Hub', '1001'],
      ['', 'two'],
    ]);
    expect(summary.columns).toEqual([
      { heading: 'MAC ADDRESS', field: 'mac', filled: 0 },
      { heading: 'DESCRIPTION', field: 'description', filled: 2 },
      { heading: 'LOCATION', field: null, filled: 1 },
      { heading: 'DIRECTORY NUMBER 1', field: 'lines[0].directoryNumber', filled: 1 },
    ]);
  });

  it('ends with a blank row, or a gap in a sheet, and says how many rows it leaves out', async () => {
    expect((await read([['DESCRIPTION'], ['a'], [' '], ['b'], ['c']])).summary).toMatchObject({
      rows: 1,
      ignoredRows: 2,
    });
    expect((await read([['DESCRIPTION'], ['a'], ['b']], undefined, [1, 2, 4])).summary).toMatchObject({
      rows: 1,
      ignoredRows: 1,
    });
  });

  it.each([
    [
      [
        ['MAC ADDRESS', 'Shoe size', 'MAC ADDRESS'],
        ['', '', ''],
      ],
      [
        [1, 'Shoe size', 'unknown_column'],
        [1, 'MAC ADDRESS', 'duplicate_column'],
      ],
    ],
    [[['DESCRIPTION'], ['a', 'b']], [[2, null, 'too_many_fields']]],
    [[['DESCRIPTION'], ['a\0']], [[2, 'DESCRIPTION', 'text_invalid']]],
    [[], [[1, null, 'file_empty']]],
    [[['DESCRIPTION']], [[1, null, 'no_rows']]],
    [[['LOCATION'], ['x']], [[1, null, 'no_heading']]],
  ])('is refused with all that is wrong: %j', async (rows, errors) => {
    expect(await refusals(rows)).toEqual(errors);
  });

  it('must name its phones where it is about phones that exist', async () => {
    expect(await refusals([['DESCRIPTION'], ['x']], 'phones')).toEqual([[1, null, 'missing_column']]);
    expect(await refusals([['DEVICE NAME'], ['SEP001122334455']], 'insert-phones-all-details')).toEqual([
      [1, null, 'missing_column'],
    ]);
  });

  it('has no more rows than are allowed', async () => {
    const rows = [['DESCRIPTION'], ...Array.from({ length: bulkLimits.rows + 5 }, () => ['x'])];
    expect(await refusals(rows)).toEqual([[bulkLimits.rows + 2, null, 'too_many_rows']]);
  });

  it('loses the apostrophe that keeps a formula from running, and nothing else', () => {
    expect(["'=1", "'+49", "'@x", "'quoted'", ' x ', '=1'].map(cleanCell)).toEqual([
      '=1',
      '+49',
      '@x',
      "'quoted'",
      'x',
      '=1',
    ]);
  });

  it('gives rows or refusals for any cells whatever', async () => {
    const heading = fc.constantFrom(
      'MAC ADDRESS',
      'DEVICE NAME',
      'USER ID',
      'DIRECTORY NUMBER 1',
      'MAX CALLS 1',
      'ENABLED',
      'LOCATION',
      'x',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(heading, { maxLength: 6 }),
        fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { maxLength: 7 }), { maxLength: 6 }),
        async (headings, rows) => {
          const outcome = await read([headings, ...rows]).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(FileRefused);
          else {
            const { kept, summary } = outcome as Awaited<ReturnType<typeof read>>;
            for (const row of kept)
              for (const error of readRow(summary.columns, row.fields).errors) expect(error.remedy).toBeTruthy();
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
