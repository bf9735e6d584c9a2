import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xlsxRows } from '../../protocol/xlsx/read-xlsx.ts';
import { columnOf } from '../../protocol/xlsx/sheet-xml.ts';
import { columnName, writeXlsx } from '../../protocol/xlsx/write-xlsx.ts';
import { XlsxError } from '../../protocol/xlsx/xlsx-error.ts';
import { readZip, writeZip } from '../../protocol/xlsx/zip.ts';
import { inflateRaw } from './inflate.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

async function rowsOf(workbook: Uint8Array, wanted: readonly string[] = ['Phones']) {
  const rows: { line: number; fields: readonly string[] }[] = [];
  for await (const row of xlsxRows(workbook, inflateRaw, wanted)) rows.push(row);
  return rows;
}

/** A workbook of these parts, packed as given. */
function book(sheet: string, more: Record<string, string> = {}): Uint8Array {
  const parts: Record<string, string> = {
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="Sheet1" r:id="a"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="a" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': sheet,
    ...more,
  };
  return writeZip(Object.entries(parts).map(([name, text]) => ({ name, bytes: utf8(text) })));
}

/** The first entry of an archive, deflated, claiming to unpack to `claimed` octets. */
function deflated(name: string, content: Uint8Array, claimed: number): Uint8Array {
  const stored = writeZip([{ name, bytes: deflateRawSync(content) }]);
  const view = new DataView(stored.buffer);
  view.setUint16(8, 8, true);
  const central = stored.length - 22 - 46 - name.length;
  view.setUint16(central + 10, 8, true);
  view.setUint32(central + 24, claimed, true);
  return stored;
}

const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;

describe('the sheet of a workbook', () => {
  it('reads back what is written, in whatever script', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((each) => !/[\p{Cc}\ufffe\uffff]/u.test(each));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(text, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 }),
        async (rows) => {
          const written = writeXlsx([{ name: 'Phones', rows, widths: [12] }]);
          const read = await rowsOf(written);
          const full = rows
            .map((fields, index) => ({ line: index + 1, fields: trimmed(fields) }))
            .filter((each) => each.fields.length > 0);
          expect(read.map((each) => ({ ...each, fields: trimmed(each.fields) }))).toEqual(full);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is the one with the wanted name, else the first visible one', async () => {
    const three = writeXlsx([
      { name: 'Lists', rows: [['hidden']], widths: [], hidden: true },
      { name: 'Help', rows: [['help']], widths: [] },
      { name: 'PHONES ', rows: [['phones']], widths: [] },
    ]);
    expect((await rowsOf(three))[0]!.fields).toEqual(['phones']);
    expect((await rowsOf(three, ['Other']))[0]!.fields).toEqual(['help']);
  });

  it('reads numbers, booleans, shared, rich and escaped texts, gaps, and the result of formulas', async () => {
    const workbook = book(
      sheet(
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2"><v>1.001E3</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" t="str"><f>HYPERLINK("x")</f><v>made</v></c></row>' +
          '<row r="5"><c r="B5" t="inlineStr"><is><r><t>one </t></r><r><t>two_x000A_</t></r></is></c><c><v>001</v></c></row>',
      ),
      { 'xl/sharedStrings.xml': '<sst><si><r><t>张</t></r><rPh><t>zhang</t></rPh><r><t>三</t></r></si></sst>' },
    );
    expect(await rowsOf(workbook)).toEqual([
      {
        line: 2,
        fields: ['张三', '', '1001', 'TRUE', 'made'],
        doubts: [{ column: 3, reason: 'boolean', shown: 'TRUE', stored: 'TRUE', format: null }],
      },
      { line: 5, fields: ['', 'one two\n', '001'] },
    ]);
  });

  it.each([
    ['a file that is no archive', utf8('MAC ADDRESS,DESCRIPTION'), 'not_xlsx'],
    ['an archive that is no workbook', writeZip([{ name: 'a.txt', bytes: utf8('a') }]), 'not_xlsx'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, ...new Uint8Array(40)), 'xls_or_password'],
    ['macros', book(sheet(''), { 'xl/vbaProject.bin': 'x' }), 'macros'],
    ['links to other workbooks', book(sheet(''), { 'xl/externalLinks/externalLink1.xml': '<a/>' }), 'external_links'],
    ['a document type', book(`<!DOCTYPE a [<!ENTITY b "c">]>${sheet('')}`), 'damaged'],
    ['broken XML', book('<worksheet><sheetData>'), 'damaged'],
    ['a text that is missing', book(sheet('<row><c t="s"><v>7</v></c></row>')), 'damaged'],
    ['deep nesting', book('<a>'.repeat(40) + '</a>'.repeat(40)), 'damaged'],
    ['a far column', book(sheet('<row><c r="XFD1"><v>1</v></c></row>')), 'too_large'],
  ])('is not read from %s', async (_, bytes, problem) => {
    const error = await rowsOf(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(XlsxError);
    expect((error as XlsxError).problem).toBe(problem);
  });

  it('is dropped when it unpacks to more than is allowed, whatever the archive claims', async () => {
    const bomb = new Uint8Array(64 * 2 ** 20);
    for (const claimed of [bomb.length, 10]) {
      const [entry] = readZip(deflated('xl/workbook.xml', bomb, claimed));
      let out = 0;
      const error = await (async () => {
        for await (const piece of inflateRaw(entry!.packed, 2 ** 20)) out += piece.length;
      })().catch((thrown: unknown) => thrown);
      expect((error as XlsxError).problem).toBe('too_large');
      expect(out).toBeLessThanOrEqual(2 ** 20);
    }
  });

  it('gives rows or says what is wrong, whatever octets are changed', async () => {
    const good = writeXlsx([
      {
        name: 'Phones',
        rows: [
          ['MAC ADDRESS', 'DESCRIPTION'],
          ['', 'x'],
        ],
        widths: [12],
        heading: true,
      },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(good.length),
        async (changes, cut) => {
          const bytes = Uint8Array.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          const error = await rowsOf(cut % 3 === 0 ? bytes.subarray(0, cut) : bytes).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error !== undefined) expect(error).toBeInstanceOf(XlsxError);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('names its columns as spreadsheets do', () => {
    for (let column = 0; column < 1000; column++) expect(columnOf(`${columnName(column)}7`)).toBe(column);
    expect(['A', 'Z', 'AA', 'AB'].map((each) => columnOf(`${each}1`))).toEqual([0, 25, 26, 27]);
  });
});

function trimmed(fields: readonly string[]): readonly string[] {
  const last = fields.findLastIndex((each) => each !== '');
  return fields.slice(0, last + 1);
}
