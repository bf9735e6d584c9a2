import { columnOf, unescapeText, type XmlEvents, xmlFeed, xmlText } from './sheet-xml.ts';
import { XlsxError } from './xlsx-error.ts';
import { type Inflate, readZip, unpack, type ZipEntry } from './zip.ts';

/** One row of a sheet; `line` is its number, 1-based. */
export interface SheetRow {
  readonly line: number;
  readonly fields: readonly string[];
}

export interface XlsxLimits {
  /** Octets the sheet and the shared strings may unpack to, each. */
  readonly unpacked: number;
  readonly columns: number;
  /** Characters of all shared strings together. */
  readonly sharedText: number;
}

const defaultLimits: XlsxLimits = { unpacked: 128 * 2 ** 20, columns: 1024, sharedText: 24 * 2 ** 20 };
const smallPart = 2 ** 20;
const smallElements = 10_000;
const sheetElements = 20_000_000;

/**
 * The rows of one sheet of an .xlsx workbook (ECMA-376), as they come: the sheet named like one of `wanted`, else the first that is visible.
 * Formulas are never evaluated: their last result is taken. Rows without any cell are left out.
 * @throws XlsxError
 */
export async function* xlsxRows(
  workbook: Uint8Array,
  inflate: Inflate,
  wanted: readonly string[],
  limits: XlsxLimits = defaultLimits,
): AsyncGenerator<SheetRow> {
  const entries = new Map(readZip(workbook).map((each) => [each.name.replace(/^\//, ''), each]));
  for (const name of entries.keys()) {
    if (/vbaProject\.bin$/i.test(name)) throw new XlsxError('macros', 'The workbook holds macros.');
    if (/^xl\/externalLinks\//i.test(name))
      throw new XlsxError('external_links', 'The workbook refers to other workbooks.');
  }
  const sheetPath = await findSheet(entries, inflate, wanted);
  const strings = await sharedStrings(entries.get('xl/sharedStrings.xml'), inflate, limits);
  const sheet = entries.get(sheetPath);
  if (sheet === undefined) throw new XlsxError('damaged', 'The sheet is missing in the workbook.');
  yield* sheetRows(unpack(sheet, inflate, limits.unpacked), strings, limits);
}

async function findSheet(
  entries: ReadonlyMap<string, ZipEntry>,
  inflate: Inflate,
  wanted: readonly string[],
): Promise<string> {
  const book = entries.get('xl/workbook.xml');
  const relations = entries.get('xl/_rels/workbook.xml.rels');
  if (book === undefined || relations === undefined) throw new XlsxError('not_xlsx', 'This is not an .xlsx workbook.');
  const sheets: { name: string; relation: string; visible: boolean }[] = [];
  await readPart(book, inflate, (name, attributes) => {
    if (name !== 'sheet') return;
    const relation = Object.entries(attributes).find(([key]) => key.endsWith(':id') || key === 'id')?.[1] ?? '';
    sheets.push({
      name: attributes['name'] ?? '',
      relation,
      visible: (attributes['state'] ?? 'visible') === 'visible',
    });
  });
  const targets = new Map<string, string>();
  await readPart(relations, inflate, (name, attributes) => {
    if (name === 'Relationship') targets.set(attributes['Id'] ?? '', attributes['Target'] ?? '');
  });
  const lower = wanted.map((each) => each.toLowerCase());
  const chosen =
    sheets.find((each) => lower.includes(each.name.trim().toLowerCase())) ?? sheets.find((each) => each.visible);
  const target = chosen === undefined ? undefined : targets.get(chosen.relation);
  if (target === undefined) throw new XlsxError('damaged', 'The workbook has no sheet.');
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function readPart(entry: ZipEntry, inflate: Inflate, open: XmlEvents['open']): Promise<void> {
  await feed(unpack(entry, inflate, smallPart), { open, close() {}, text() {} }, smallElements);
}

async function feed(octets: AsyncIterable<Uint8Array>, events: XmlEvents, elements: number): Promise<void> {
  const xml = xmlFeed(events, elements);
  const text = xmlText();
  for await (const piece of octets) xml.write(text.decode(piece));
  xml.write(text.end());
  xml.end();
}

async function sharedStrings(
  entry: ZipEntry | undefined,
  inflate: Inflate,
  limits: XlsxLimits,
): Promise<readonly string[]> {
  if (entry === undefined) return [];
  const strings: string[] = [];
  let total = 0;
  const text = textOf();
  await feed(
    unpack(entry, inflate, limits.unpacked),
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
        total += value.length;
        if (total > limits.sharedText)
          throw new XlsxError('too_large', 'The workbook holds more text than is allowed.');
        strings.push(value);
      },
    },
    sheetElements,
  );
  return strings;
}

/** The text of an <si> or <is>: all its <t>, without the phonetic runs of East Asian text. */
function textOf() {
  let collected = '';
  let inText = false;
  let phonetic = 0;
  return {
    start() {
      collected = '';
    },
    open(name: string) {
      if (name === 'rPh') phonetic++;
      inText = name === 't' && phonetic === 0;
    },
    text(part: string) {
      if (inText) collected += part;
    },
    close(name: string) {
      if (name === 'rPh') phonetic--;
      if (name === 't') inText = false;
    },
    value: () => unescapeText(collected),
  };
}

async function* sheetRows(
  octets: AsyncIterable<Uint8Array>,
  strings: readonly string[],
  limits: XlsxLimits,
): AsyncGenerator<SheetRow> {
  let ready: SheetRow[] = [];
  let line = 0;
  let fields: string[] = [];
  let column = -1;
  let type = '';
  let value = '';
  let inValue = false;
  const inline = textOf();
  const xml = xmlFeed(
    {
      open(name, attributes) {
        if (name === 'row') {
          const said = Number(attributes['r']);
          line = Number.isSafeInteger(said) && said > line ? said : line + 1;
          fields = [];
          column = -1;
        } else if (name === 'c') {
          column = columnOf(attributes['r'] ?? '') ?? column + 1;
          if (column >= limits.columns)
            throw new XlsxError('too_large', `A row has more than ${limits.columns} columns.`);
          type = attributes['t'] ?? 'n';
          value = '';
          inline.start();
        } else if (name === 'v') inValue = true;
        inline.open(name);
      },
      text(part) {
        if (inValue) value += part;
        inline.text(part);
      },
      close(name) {
        inline.close(name);
        if (name === 'v') inValue = false;
        else if (name === 'c') {
          while (fields.length < column) fields.push('');
          fields[column] = cellText(type, value, inline.value(), strings);
        } else if (name === 'row' && fields.length > 0) ready.push({ line, fields });
      },
    },
    sheetElements,
  );
  const text = xmlText();
  const drain = () => {
    const rows = ready;
    ready = [];
    return rows;
  };
  for await (const piece of octets) {
    xml.write(text.decode(piece));
    yield* drain();
  }
  xml.write(text.end());
  xml.end();
  yield* drain();
}

function cellText(type: string, value: string, inline: string, strings: readonly string[]): string {
  switch (type) {
    case 's': {
      const shared = strings[Number(value)];
      if (shared === undefined) throw new XlsxError('damaged', 'A cell refers to a text that is missing.');
      return shared;
    }
    case 'inlineStr':
      return inline;
    case 'b':
      return value === '1' ? 'TRUE' : 'FALSE';
    case 'n':
      return plainNumber(value);
    default:
      return unescapeText(value);
  }
}

/** Numbers are kept as people typed them where that can be told: `1.001E+3` is 1001. */
function plainNumber(text: string): string {
  if (!/[eE.]/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number.toFixed(0) : text;
}
