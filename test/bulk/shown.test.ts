import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BulkBench, bulkBench } from './bulk-bench.ts';
import { textRow, workbook } from './workbooks.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
  await bench.template();
});
afterAll(() => bench[Symbol.asyncDispose]());

const heading = textRow(1, ['DEVICE NAME', 'DESCRIPTION', 'DIRECTORY NUMBER 1', 'ENABLED', 'LOCATION']);
let serial = 0;
/** A row with a name of its own, then these cells. */
const row = (line: number, ...cells: readonly string[]) =>
  `<row r="${line}"><c r="A${line}" t="inlineStr"><is><t>SEP02AB0000${String(serial++).padStart(4, '0')}</t></is></c>${cells.join('')}</row>`;
const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const upload = (rows: string, more: object = {}) =>
  bench.upload('shown.xlsx', workbook({ rows: heading + rows, ...more }), {
    transaction: 'insert-phones-specific-details',
  });
const errorsOf = async (rows: string, more: object = {}) => {
  const answer = await upload(rows, more);
  expect(answer.body.code).toBe('bulk_file_refused');
  return answer.body.errors as { line: number; column: string; code: string; detail: string; remedy: string }[];
};
const insert = (file: string, more: object = {}) =>
  bench.job('insert-phones', { file, template: 'Standard 8845', ...more });

describe('what a spreadsheet shows', () => {
  it('is what is read: padded numbers, exact digits, yes and no, text without its phonetic reading', async () => {
    const answer = await upload(
      row(2, text('padded'), '<c s="1"><v>123</v></c>', '<c t="b"><v>1</v></c>') +
        row(3, '<c t="s"><v>0</v></c>', '<c><v>2501</v></c>', '<c t="b"><v>0</v></c>') +
        row(4, text('made'), '<c t="str"><f>A1</f><v>0077</v></c>'),
      {
        formats: ['00000'],
        strings: '<sst><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si></sst>',
      },
    );
    expect(answer.body).toMatchObject({ rows: 3, notes: [] });
    const job = await insert('shown.xlsx', { dryRun: true });
    expect(job).toMatchObject({ result: 'success', progress: { succeeded: 3 } });
    const changes = (await bench.rows(job.id)).map((each) =>
      Object.fromEntries(each.changes.map((change: { field: string; to: string }) => [change.field, change.to])),
    );
    expect(changes.map((each) => each.description)).toEqual(['padded', '東京', 'made']);
    expect(JSON.stringify(changes[0])).toContain('00123');
    expect(JSON.stringify(changes[1])).toContain('2501');
    expect(JSON.stringify(changes[2])).toContain('0077');
    expect(changes.map((each) => each.enabled)).toEqual(['true', 'false', 'true']);
  });

  it.each([
    ['a date', '<c s="1"><v>46143</v></c>', ['yyyy-mm-dd'], 'cell_date', '2026-05-01', '46143'],
    ['a long number', '<c><v>112233445566</v></c>', [], 'cell_format', '1.12233E+11', '112233445566'],
    ['thousands', '<c s="1"><v>2501</v></c>', ['#,##0'], 'cell_format', '2,501', '2501'],
    ['decimals', '<c s="1"><v>2501</v></c>', ['0.0'], 'cell_format', '2501.0', '2501'],
    ['percent', '<c s="1"><v>25</v></c>', ['0%'], 'cell_format', '2500%', '25'],
    ['a format with words', '<c s="1"><v>25</v></c>', ['"ext. "0'], 'cell_format', 'ext. ', '25'],
    ['an error', '<c t="e"><v>#REF!</v></c>', [], 'cell_error', '#REF!', '#REF!'],
    ['yes or no where text belongs', '<c t="b"><v>1</v></c>', [], 'cell_boolean', 'TRUE', 'TRUE'],
    ['a formula without its result', '<c><f>A1+1</f></c>', [], 'cell_formula', 'formula', 'formula'],
    [
      'text that a format changes',
      '<c s="1" t="inlineStr"><is><t>77</t></is></c>',
      ['"+49 "@'],
      'cell_format',
      '+49',
      '77',
    ],
  ])('is refused where it is not what is stored: %s', async (_, cell, formats, code, shown, stored) => {
    const [error, ...others] = await errorsOf(row(2, text('fine'), cell), { formats });
    expect(error).toMatchObject({ line: 2, column: 'DIRECTORY NUMBER 1', code });
    expect(error!.detail).toContain(shown);
    expect(error!.detail).toContain(stored);
    expect(error!.remedy).toBeTruthy();
    expect(others).toEqual([]);
  });

  it('does not matter in columns that nothing is set by, nor below the first blank row', async () => {
    const answer = await upload(
      row(2, text('a'), text('1'), text('t'), '<c s="1"><v>46143</v></c>') +
        row(4, text('b'), '<c t="e"><v>#N/A</v></c>'),
      { formats: ['yyyy-mm-dd'] },
    );
    expect(answer.status).toBe(201);
    expect(answer.body.notes.map((each: { code: string }) => each.code)).toEqual([
      'rows_after_blank',
      'column_ignored',
    ]);
  });

  it('counts dates as the workbook does', async () => {
    const rows = row(2, text('x'), '<c s="1"><v>44681</v></c>');
    const [error] = await errorsOf(rows, { formats: ['dd.mm.yyyy'], date1904: true });
    expect(error!.detail).toContain('2026-05-01');
  });

  it('of merged cells is not to be known', async () => {
    const rows = row(2, text('x'), '<c><v>1</v></c>') + row(3, text(''), '<c><v>2</v></c>');
    const [error] = await errorsOf(rows, { afterRows: '<mergeCells><mergeCell ref="B2:B3"/></mergeCells>' });
    expect(error).toMatchObject({ line: 2, column: 'DESCRIPTION', code: 'cell_merged' });
  });

  it('or does not show, as hidden rows, columns and other sheets, is said', async () => {
    const answer = await upload(
      row(2, text('x'), '<c><v>1</v></c>') + row(3, text('y'), '<c><v>2</v></c>').replace('<row ', '<row hidden="1" '),
      { beforeRows: '<cols><col min="3" max="3" hidden="1"/></cols>' },
    );
    expect(answer.body.notes.map((each: { code: string }) => each.code)).toEqual(['hidden_rows', 'hidden_columns']);
  });
});

describe('a CSV file that a spreadsheet wrote', () => {
  const csv = (...rows: readonly string[]) => `MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1\n${rows.join('\n')}\n`;
  const failed = async (file: string) =>
    (await bench.rows((await insert(file, { dryRun: true })).id, '&state=failed')).map((each) => each.errors[0]);

  it.each([
    ['1.12233E+11', 'rounded'],
    ['"1,12233E+11"', 'rounded'],
    ['1122334420', 'zeros'],
    ['00112233442O', 'letter O'],
    ['112233445566.0', 'decimals'],
    ['00 11 22 33 44 16', 'separators'],
    ['001122-334418', 'separators'],
    ["'001122334418", 'apostrophe'],
    ['0011\u200b22334418', 'cannot be seen'],
  ])('has its MAC address %s refused with the likely cause', async (mac, cause) => {
    await bench.upload('mac.csv', csv(`${mac},a,1`));
    const [error] = await failed('mac.csv');
    expect(error).toMatchObject({ column: 'MAC ADDRESS', code: 'mac_invalid' });
    expect(error.detail).toContain(cause);
  });

  it.each([
    ['1.001E+3', 'rounded'],
    ['2501.0', 'decimals'],
    ["'0124", 'apostrophe'],
    ['25O1', 'letter O'],
    ['01.05.2026', 'date'],
  ])('has its directory number %s refused once, with the likely cause', async (number, cause) => {
    await bench.upload('number.csv', csv(`02AA00000001,a,${number}`));
    const job = await insert('number.csv', { dryRun: true });
    const [bad] = await bench.rows(job.id);
    expect(bad.errors.map((each: { code: string }) => each.code)).toEqual(['directory_number_invalid']);
    expect(bad.errors[0].detail).toContain(cause);
  });

  it('keeps what ="…" kept, and is refused where an error stands', async () => {
    await bench.upload('kept.csv', csv('"=""02aa00000002""",a,"=""0123"""'));
    const job = await insert('kept.csv', { dryRun: true });
    const [kept] = await bench.rows(job.id);
    expect(kept).toMatchObject({ state: 'done', name: 'SEP02AA00000002' });
    expect(JSON.stringify(kept.changes)).toContain('0123');
    const refused = await bench.upload('error.csv', csv('02AA00000003,#N/A,1', '02AA00000004,a,#REF!'));
    expect(refused.body.errors.map((each: { line: number; code: string }) => [each.line, each.code])).toEqual([
      [2, 'cell_error'],
      [3, 'cell_error'],
    ]);
  });
});
