import { writeZip } from './zip.ts';

/** One sheet to write. All cells are text: a spreadsheet must not turn 0011… into a number. */
export interface SheetToWrite {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  /** Characters, per column. */
  readonly widths: readonly number[];
  /** The first row stands out and stays in sight. */
  readonly heading?: boolean;
  readonly hidden?: boolean;
  /** Lines break within cells. */
  readonly wrap?: boolean;
  readonly validations?: readonly Validation[];
}

export interface Validation {
  /** 0-based; from the second row on. */
  readonly column: number;
  /** Choices as a formula, e.g. `Lists!$A$1:$A$3`; or text of at most this many characters. */
  readonly list?: string;
  readonly longest?: number;
  /** A text that fulfils this formula, written for the second row. */
  readonly formula?: string;
  /** Only a warning: other values may be typed. */
  readonly warns?: boolean;
  readonly promptTitle: string;
  readonly prompt: string;
  readonly errorTitle: string;
  readonly error: string;
}

/** Rows that are prepared for typing: as many as a file may have. */
const lastRow = 50_001;

const style = { plain: 0, heading: 1, text: 2, wrap: 3 } as const;

/** A workbook (ECMA-376) with these sheets, in this order. The same content gives the same bytes. */
export function writeXlsx(sheets: readonly SheetToWrite[]): Uint8Array {
  const part = (name: string, xml: string) => ({ name, bytes: new TextEncoder().encode(`${declaration}${xml}`) });
  return writeZip([
    part(
      '[Content_Types].xml',
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>${sheets.map((_, index) => `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${spreadsheet}.worksheet+xml"/>`).join('')}<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/></Types>`,
    ),
    part(
      '_rels/.rels',
      `<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    part(
      'xl/workbook.xml',
      `<workbook xmlns="${main}" xmlns:r="${relation}"><sheets>${sheets
        .map(
          ({ name, hidden }, index) =>
            `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
        )
        .join('')}</sheets></workbook>`,
    ),
    part(
      'xl/_rels/workbook.xml.rels',
      `<Relationships xmlns="${packageRelations}">${sheets.map((_, index) => `<Relationship Id="rId${index + 1}" Type="${relation}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${relation}/styles" Target="styles.xml"/></Relationships>`,
    ),
    part('xl/styles.xml', styles),
    ...sheets.map((sheet, index) => part(`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet))),
  ]);
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

// Number format 49 is text.
const styles = `<styleSheet xmlns="${main}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF1F4E79"/></patternFill></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="49" fontId="1" fillId="2" applyNumberFormat="1" applyFont="1" applyFill="1"/><xf numFmtId="49" applyNumberFormat="1"/><xf numFmtId="49" applyNumberFormat="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function sheetXml(sheet: SheetToWrite): string {
  const { rows, widths, heading = false, wrap = false, validations = [] } = sheet;
  const body = wrap ? style.wrap : style.text;
  const view = heading
    ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    : '';
  const columns = widths
    .map(
      (width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" style="${body}" customWidth="1"/>`,
    )
    .join('');
  const data = rows
    .map(
      (fields, row) =>
        `<row r="${row + 1}">${fields
          .map((text, column) =>
            text === ''
              ? ''
              : `<c r="${columnName(column)}${row + 1}" s="${heading && row === 0 ? style.heading : body}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`,
          )
          .join('')}</row>`,
    )
    .join('');
  return `<worksheet xmlns="${main}">${view}${columns === '' ? '' : `<cols>${columns}</cols>`}<sheetData>${data}</sheetData>${validations.length === 0 ? '' : `<dataValidations count="${validations.length}">${validations.map(validationXml).join('')}</dataValidations>`}</worksheet>`;
}

function validationXml(rule: Validation): string {
  const range = `${columnName(rule.column)}2:${columnName(rule.column)}${lastRow}`;
  const [kind, formula] =
    rule.list !== undefined
      ? ['type="list"', rule.list]
      : rule.formula !== undefined
        ? ['type="custom"', rule.formula]
        : ['type="textLength" operator="lessThanOrEqual"', String(rule.longest ?? 255)];
  return `<dataValidation ${kind} allowBlank="1" showInputMessage="1" showErrorMessage="1"${rule.warns ? ' errorStyle="warning"' : ''} errorTitle="${escapeXml(rule.errorTitle.slice(0, 32))}" error="${escapeXml(rule.error.slice(0, 225))}" promptTitle="${escapeXml(rule.promptTitle.slice(0, 32))}" prompt="${escapeXml(rule.prompt.slice(0, 255))}" sqref="${range}"><formula1>${escapeXml(formula)}</formula1></dataValidation>`;
}

/** 0 → `A`, 27 → `AB`. */
export function columnName(column: number): string {
  let name = '';
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  return name;
}

function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
