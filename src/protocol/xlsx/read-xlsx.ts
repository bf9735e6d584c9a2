import { type NumberFormat, numberFormat } from './number-format.ts';
import { type MergedCells, type SheetAbout, type SheetRow, sheetRows } from './read-sheet.ts';
import { textOf } from './sheet-text.ts';
import { type XmlEvents, xmlFeed, xmlText } from './sheet-xml.ts';
import { XlsxError } from './xlsx-error.ts';
import { type Inflate, readZip, unpack, type ZipEntry } from './zip.ts';

export interface XlsxLimits {
  /** Octets that all parts that are read may unpack to, together. */
  readonly unpacked: number;
  readonly columns: number;
  /** Characters of one cell. */
  readonly cell: number;
  /** Characters of all shared strings together, and of all cells of the sheet together. */
  readonly text: number;
}

export interface XlsxOptions {
  readonly limits?: XlsxLimits;
  /** Told once, after the last row. */
  readonly about?: (about: SheetAbout) => void;
}

const defaultLimits: XlsxLimits = { unpacked: 192 * 2 ** 20, columns: 1024, cell: 4096, text: 24 * 2 ** 20 };
const smallPart = 2 ** 20;
const smallElements = 10_000;
const stylePart = 8 * 2 ** 20;
const styleElements = 500_000;
const sheetElements = 20_000_000;
const mostStrings = 2_000_000;
const mostCells = 20_000_000;

interface Book {
  readonly sheet: ZipEntry;
  readonly name: string;
  readonly others: readonly string[];
  readonly date1904: boolean;
  readonly strings: ZipEntry | undefined;
  readonly styles: ZipEntry | undefined;
}

type Open = (entry: ZipEntry, limit: number) => AsyncIterable<Uint8Array>;

/**
 * The rows of one sheet of an .xlsx workbook (ECMA-376), as they come: the sheet named like one of `wanted`, else the first that is visible.
 * Formulas are never evaluated: their last result is taken. Rows without any cell are left out. Nothing that is too long is copied or kept.
 * @throws XlsxError
 */
export async function* xlsxRows(
  workbook: Uint8Array,
  inflate: Inflate,
  wanted: readonly string[],
  { limits = defaultLimits, about }: XlsxOptions = {},
): AsyncGenerator<SheetRow> {
  const entries = new Map(readZip(workbook).map((each) => [each.name.replace(/^\//, ''), each]));
  for (const name of entries.keys()) {
    if (/vbaProject\.bin$/i.test(name)) throw new XlsxError('macros', 'The workbook holds macros.');
    if (/^xl\/externalLinks\//i.test(name))
      throw new XlsxError('external_links', 'The workbook refers to other workbooks.');
  }
  const open = counting(inflate, limits.unpacked);
  const book = await readBook(entries, open, wanted);
  const parts = {
    strings: await sharedStrings(book.strings, open, limits),
    formats: await cellFormats(book.styles, open),
    date1904: book.date1904,
  };
  const found = { hiddenLines: [] as number[], hiddenColumns: [] as number[], merged: [] as MergedCells[] };
  const sheetLimits = { ...limits, cells: mostCells, elements: sheetElements };
  yield* sheetRows(open(book.sheet, limits.unpacked), parts, sheetLimits, found);
  about?.({ sheet: book.name, otherSheets: book.others, ...found });
}

/** Unpacks with one bound for all parts: many parts of the allowed size are no way around it. */
function counting(inflate: Inflate, most: number): Open {
  let left = most;
  return async function* (entry, limit) {
    for await (const piece of unpack(entry, inflate, Math.min(limit, left))) {
      left -= piece.length;
      yield piece;
    }
  };
}

async function readBook(entries: ReadonlyMap<string, ZipEntry>, open: Open, wanted: readonly string[]): Promise<Book> {
  const book = entries.get('xl/workbook.xml');
  const relations = entries.get('xl/_rels/workbook.xml.rels');
  if (book === undefined || relations === undefined) throw new XlsxError('not_xlsx', 'This is not an .xlsx workbook.');
  const sheets: { name: string; relation: string; visible: boolean }[] = [];
  let date1904 = false;
  await readPart(open(book, smallPart), smallElements, (name, attributes) => {
    if (name === 'workbookPr') date1904 = attributes['date1904'] === '1' || attributes['date1904'] === 'true';
    if (name !== 'sheet') return;
    const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id') || key === 'id')?.[1] ?? '';
    sheets.push({
      name: (attributes['name'] ?? '').slice(0, 64),
      relation,
      visible: (attributes['state'] ?? 'visible') === 'visible',
    });
  });
  const targets = new Map<string, string>();
  const byType = new Map<string, string>();
  await readPart(open(relations, smallPart), smallElements, (name, attributes) => {
    if (name !== 'Relationship') return;
    const target = attributes['Target'] ?? '';
    const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    targets.set(attributes['Id'] ?? '', path);
    byType.set(/[^/]*$/.exec(attributes['Type'] ?? '')![0], path);
  });
  const lower = wanted.map((each) => each.toLowerCase());
  const chosen =
    sheets.find((each) => lower.includes(each.name.trim().toLowerCase())) ?? sheets.find((each) => each.visible);
  const path = chosen === undefined ? undefined : targets.get(chosen.relation);
  if (chosen === undefined || path === undefined) throw new XlsxError('damaged', 'The workbook has no sheet.');
  const sheet = entries.get(path);
  if (sheet === undefined) throw new XlsxError('damaged', 'The sheet is missing in the workbook.');
  return {
    sheet,
    name: chosen.name,
    others: sheets.filter((each) => each.visible && each !== chosen).map((each) => each.name),
    date1904,
    strings: entries.get(byType.get('sharedStrings') ?? '') ?? entries.get('xl/sharedStrings.xml'),
    styles: entries.get(byType.get('styles') ?? '') ?? entries.get('xl/styles.xml'),
  };
}

function readPart(octets: AsyncIterable<Uint8Array>, elements: number, open: XmlEvents['open']): Promise<void> {
  return feed(octets, { open, close() {}, text() {} }, elements);
}

async function feed(octets: AsyncIterable<Uint8Array>, events: XmlEvents, elements: number): Promise<void> {
  const xml = xmlFeed(events, elements);
  const text = xmlText();
  for await (const piece of octets) xml.write(text.decode(piece));
  xml.write(text.end());
  xml.end();
}

/** null: a text that is longer than a cell may be. It matters only where a cell of the sheet refers to it. */
async function sharedStrings(
  entry: ZipEntry | undefined,
  open: Open,
  limits: XlsxLimits,
): Promise<readonly (string | null)[]> {
  if (entry === undefined) return [];
  const strings: (string | null)[] = [];
  let total = 0;
  const text = textOf(limits.cell);
  await feed(
    open(entry, limits.unpacked),
    {
      open: (name) => {
        if (name === 'si') text.start();
        text.open(name);
      },
      text: text.text,
      close: (name) => {
        text.close(name);
        if (name !== 'si') return;
        const value = text.value();
        total += value?.length ?? 0;
        if (total > limits.text || strings.length >= mostStrings)
          throw new XlsxError('too_large', 'The workbook holds more text than is allowed.');
        strings.push(value);
      },
    },
    sheetElements,
  );
  return strings;
}

/** How each style shows numbers (ECMA-376 part 1, 18.8.10 cellXfs). */
async function cellFormats(entry: ZipEntry | undefined, open: Open): Promise<readonly NumberFormat[]> {
  if (entry === undefined) return [];
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  const known = new Map<number, NumberFormat>();
  let inCells = false;
  await feed(
    open(entry, stylePart),
    {
      open(name, attributes) {
        if (name === 'numFmt') codes.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '');
        else if (name === 'cellXfs') inCells = true;
        else if (name === 'xf' && inCells) {
          const id = Number(attributes['numFmtId'] ?? 0);
          const format = known.get(id) ?? numberFormat(id, codes.get(id));
          known.set(id, format);
          formats.push(format);
        }
      },
      close(name) {
        if (name === 'cellXfs') inCells = false;
      },
      text() {},
    },
    styleElements,
  );
  return formats;
}
