import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../src/protocol/xlsx/zip.ts';

/** Workbooks as other programs write them, packed, with whatever parts a test wants. */

export interface BookParts {
  /** Within <sheetData>. */
  readonly rows: string;
  readonly beforeRows?: string;
  readonly afterRows?: string;
  /** The whole part. */
  readonly strings?: string | Uint8Array;
  /** Number formats by style: the first is of style 1. */
  readonly formats?: readonly string[];
  readonly date1904?: boolean;
  readonly more?: Readonly<Record<string, string | Uint8Array>>;
}

const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export function workbook({
  rows,
  beforeRows = '',
  afterRows = '',
  strings,
  formats = [],
  date1904,
  more = {},
}: BookParts) {
  const styles = `<styleSheet><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${xml(code)}"/>`).join('')}</numFmts><cellXfs><xf numFmtId="0"/>${formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`).join('')}</cellXfs></styleSheet>`;
  return zip({
    'xl/workbook.xml': `<workbook xmlns:r="r"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets><sheet name="Phones" r:id="a"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="a" Type="${relation}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': styles,
    ...(strings === undefined ? {} : { 'xl/sharedStrings.xml': strings }),
    'xl/worksheets/sheet1.xml': `<worksheet>${beforeRows}<sheetData>${rows}</sheetData>${afterRows}</worksheet>`,
    ...more,
  });
}

export const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A row of cells of text at `line`. */
export const textRow = (line: number, cells: readonly string[]) =>
  `<row r="${line}">${cells.map((cell) => `<c t="inlineStr"><is><t>${xml(cell)}</t></is></c>`).join('')}</row>`;

/** An archive of these files, deflated. `claimed`: what it says of the size of each. */
export function zip(files: Readonly<Record<string, string | Uint8Array>>, claimed?: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string);
    const packed = deflateRawSync(bytes);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(8, 4);
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(claimed ?? bytes.length, 18);
    head.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), head, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), head, place, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const table = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(table.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, table, Buffer.from('PK\x05\x06'), end]);
}
