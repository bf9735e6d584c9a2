import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetReader } from '../../src/infra/bulk/sheet-reader.ts';
import { type BulkBench, bulkBench } from './bulk-bench.ts';
import { textRow, workbook, zip } from './workbooks.ts';

let bench: BulkBench;
beforeAll(async () => {
  bench = await bulkBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const heading = textRow(1, ['DESCRIPTION', 'DIRECTORY NUMBER 1']);
const many = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, n) => of(n)).join('');
const referring = (rows: number, cells: number) =>
  heading + many(rows, (n) => `<row r="${n + 2}">${'<c t="s"><v>0</v></c>'.repeat(cells)}</row>`);
const strings = (...texts: readonly string[]) =>
  `<sst>${texts.map((each) => `<si><t>${each}</t></si>`).join('')}</sst>`;
const csv = (rows: readonly string[]) => `DESCRIPTION,DIRECTORY NUMBER 1\n${rows.join('\n')}\n`;

/** What each is: a few kB that would become gigabytes, or take hours. Made when its turn comes. */
const bombs: readonly (readonly [what: string, codes: readonly string[], make: () => string | Uint8Array])[] = [
  [
    'one text of 10 MB that 3,000 cells refer to',
    ['cell_too_long'],
    () => workbook({ rows: referring(1500, 2), strings: strings('x'.repeat(10_000_000)) }),
  ],
  [
    'a text of the allowed length that 600,000 cells refer to',
    ['too_large', 'row_too_long'],
    () => workbook({ rows: referring(40_000, 15), strings: strings('x'.repeat(4000)) }),
  ],
  [
    'a text of the allowed length in each of 50,000 rows',
    ['too_large'],
    () => workbook({ rows: referring(50_000, 1), strings: strings('x'.repeat(4000)) }),
  ],
  ['a cell of 20 MB', ['cell_too_long'], () => workbook({ rows: heading + textRow(2, ['x'.repeat(20_000_000)]) })],
  [
    'a number of 20 MB',
    ['cell_too_long'],
    () => workbook({ rows: `${heading}<row r="2"><c><v>${'1'.repeat(20_000_000)}</v></c></row>` }),
  ],
  [
    'a text of 500,000 runs',
    ['cell_too_long'],
    () => workbook({ rows: referring(1, 1), strings: `<sst><si>${'<r><t>xy</t></r>'.repeat(500_000)}</si></sst>` }),
  ],
  [
    'two million texts',
    ['too_large'],
    () => workbook({ rows: referring(1, 1), strings: `<sst>${'<si><t/></si>'.repeat(2_100_000)}</sst>` }),
  ],
  [
    'parts that unpack to 400 MB and say that they are small',
    ['too_large'],
    () =>
      zip(
        {
          'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="Phones" r:id="a"/></sheets></workbook>',
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>',
          'xl/sharedStrings.xml': `<sst>${' '.repeat(150_000_000)}</sst>`,
          'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${heading}${' '.repeat(150_000_000)}</sheetData></worksheet>`,
        },
        1000,
      ),
  ],
  [
    'rows whose only cell is the last that may be',
    ['too_large'],
    () => workbook({ rows: heading + many(30_000, (n) => `<row r="${n + 2}"><c r="AMJ${n + 2}"><v>1</v></c></row>`) }),
  ],
  [
    '400,000 rows below a blank one',
    [],
    () =>
      workbook({ rows: heading + textRow(2, ['a']) + many(400_000, (n) => `<row r="${n + 4}"><c><v>1</v></c></row>`) }),
  ],
  [
    'a million styles',
    ['too_large'],
    () =>
      workbook({
        rows: heading + textRow(2, ['a']),
        more: { 'xl/styles.xml': `<styleSheet><cellXfs>${'<xf/>'.repeat(1_000_000)}</cellXfs></styleSheet>` },
      }),
  ],
  [
    'cells of blanks with a letter at each end',
    [],
    () => csv(Array.from({ length: 2400 }, () => `a${' '.repeat(4000)}b,`)),
  ],
  ['a line of ten million commas', ['too_many_fields'], () => `DESCRIPTION${','.repeat(10_000_000)}`],
  ['nine million blank lines', ['too_many_rows'], () => `${csv(['a,'])}${'\n'.repeat(9_000_000)}b,`],
  ['a quote that is never closed', ['quote_open'], () => `DESCRIPTION\n"${'x'.repeat(10_000_000)}`],
  [
    'a thousand headings that nobody knows',
    ['unknown_column'],
    () => `${Array.from({ length: 1000 }, (_, n) => `DIRECTORI NUMBR PARTISION LABL OF LINE ${n}`).join(',')}\n`,
  ],
  [
    'errors in every cell',
    ['cell_error'],
    () =>
      `DESCRIPTION,${Array.from({ length: 100 }, (_, n) => `LABEL ${n + 1}`).join(',')}\n${`${'#N/A,'.repeat(100)}#N/A\n`.repeat(5000)}`,
  ],
];

/** The longest time, in ms, that the loop of this process did not turn while `work` ran. */
async function longestStall<T>(work: () => Promise<T>): Promise<{ readonly stall: number; readonly result: T }> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  await setTimeout(30);
  delay.enable();
  const result = await work();
  await setTimeout(30);
  delay.disable();
  return { stall: delay.max / 1e6, result };
}

const allowed = 200;
const attempts = 4;

describe('a spreadsheet that grows', () => {
  it.each(bombs)(
    '%s is refused in words or read, and nobody waits for it',
    { timeout: 300_000 },
    async (_, codes, make) => {
      const content = make();
      // Another process may take the processor away for as long: then once more. A loop that reads the file itself is late each time.
      for (let attempt = 1; ; attempt++) {
        const idle = await longestStall(() => setTimeout(200));
        const { stall, result } = await longestStall(() => bench.upload('bomb.csv', content));
        if (codes.length === 0) expect(result.status).toBe(201);
        else {
          expect(result.body).toMatchObject({ status: 422, code: 'bulk_file_refused' });
          expect(codes).toContain(result.body.errors[0].code);
          expect(result.body.errors[0].remedy).toBeTruthy();
        }
        if (stall < allowed + idle.stall) return;
        expect(attempt, `the loop stood still for ${Math.round(stall)} ms`).toBeLessThan(attempts);
      }
    },
  );

  it('is given up when it takes too long, or needs more memory than it may', async () => {
    const content = workbook({ rows: referring(20_000, 2), strings: strings('x') });
    const codeOf = async (reader: ReturnType<typeof sheetReader>) => {
      const reading = reader.read(content, 'insert-phones-specific-details');
      const error = await reading.next().catch((thrown: unknown) => thrown);
      return (error as { errors?: { code: string }[] }).errors?.[0]?.code;
    };
    expect(await codeOf(sheetReader({ time: 1 }))).toBe('too_slow');
    const big = workbook({
      rows: heading,
      strings: `<sst>${many(300_000, (n) => `<si><t>text number ${n}</t></si>`)}</sst>`,
    });
    const reading = sheetReader({ memory: 12 }).read(big, 'insert-phones-specific-details');
    await expect(reading.next()).rejects.toMatchObject({ code: 'bulk_file_refused' });
  });

  it('makes those that come after it wait, but not without end', async () => {
    const reader = sheetReader({ queue: 1 });
    const content = new TextEncoder().encode(csv(['a,']));
    const open = [1, 2, 3].map(() => reader.read(content, 'insert-phones-specific-details'));
    const outcomes = await Promise.allSettled(
      open.map(async (reading) => {
        const first = await reading.next();
        await reading.return(undefined as never);
        return first.done;
      }),
    );
    expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({ code: 'bulk_reader_busy' });
    // And it goes on.
    for await (const rows of reader.read(content, 'insert-phones-specific-details')) expect(rows.length).toBe(1);
  });
});
