import type { CellDoubt } from './cell-doubt.ts';
import { type NumberFormat, numberFormat, seenNumber } from './number-format.ts';
import { textOf } from './sheet-text.ts';
import { columnOf, unescapeText, xmlFeed, xmlText } from './sheet-xml.ts';
import { XlsxError } from './xlsx-error.ts';

/** One row of a sheet; `line` is its number, 1-based. */
export interface SheetRow {
  readonly line: number;
  readonly fields: readonly string[];
  /** Cells whose field is not what a person sees in them. */
  readonly doubts?: readonly CellDoubt[];
}

/** Cells that are shown as one; lines 1-based, columns 0-based, both inclusive. */
export interface MergedCells {
  readonly fromLine: number;
  readonly toLine: number;
  readonly fromColumn: number;
  readonly toColumn: number;
}

/** What a person does not see of the sheet, or sees otherwise; known once all its rows were read. */
export interface SheetAbout {
  readonly sheet: string;
  /** Visible sheets that are not read. */
  readonly otherSheets: readonly string[];
  readonly hiddenLines: readonly number[];
  readonly hiddenColumns: readonly number[];
  readonly merged: readonly MergedCells[];
}

export interface SheetParts {
  /** null: longer than a cell may be. */
  readonly strings: readonly (string | null)[];
  /** By the style of a cell. */
  readonly formats: readonly NumberFormat[];
  readonly date1904: boolean;
}

export interface SheetLimits {
  readonly columns: number;
  /** Characters of a cell. */
  readonly cell: number;
  /** Characters of all cells of the sheet together. */
  readonly text: number;
  /** Cells, counted with the blank ones in front of others. */
  readonly cells: number;
  readonly elements: number;
}

const lastLine = 1_048_576;
const mostMerged = 10_000;
const plainFormat = numberFormat(0, undefined);

/** The rows of a sheet's XML as they come. @throws XlsxError */
export async function* sheetRows(
  octets: AsyncIterable<Uint8Array>,
  parts: SheetParts,
  limits: SheetLimits,
  about: { hiddenLines: number[]; hiddenColumns: number[]; merged: MergedCells[] },
): AsyncGenerator<SheetRow> {
  let ready: SheetRow[] = [];
  const reader = rowReader(parts, limits, (row) => ready.push(row), about);
  const xml = xmlFeed(reader, limits.elements);
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

function rowReader(
  parts: SheetParts,
  limits: SheetLimits,
  done: (row: SheetRow) => void,
  about: { hiddenLines: number[]; hiddenColumns: number[]; merged: MergedCells[] },
) {
  let line = 0;
  let fields: string[] = [];
  let doubts: CellDoubt[] = [];
  let column = -1;
  let type = '';
  let style = 0;
  let value = '';
  let inValue = false;
  let formula = false;
  let textLeft = limits.text;
  let cellsLeft = limits.cells;
  const inline = textOf(limits.cell);

  const endCell = () => {
    const cell = { type, style, value, formula, inline: inline.value(), column, line };
    const { field, doubt } = readCell(cell, parts);
    textLeft -= field.length;
    while (fields.length < column) fields.push('');
    fields[column] = field;
    if (doubt !== undefined) doubts.push(doubt);
  };
  return {
    open(name: string, attributes: Readonly<Record<string, string>>) {
      if (name === 'row') {
        const said = Number(attributes['r']);
        line = Number.isSafeInteger(said) && said > line ? said : line + 1;
        if (line > lastLine) throw new XlsxError('damaged', `A sheet has no row ${line}.`);
        if (attributes['hidden'] === '1' || attributes['hidden'] === 'true') about.hiddenLines.push(line);
        fields = [];
        doubts = [];
        column = -1;
      } else if (name === 'c') {
        column = columnOf(attributes['r'] ?? '') ?? column + 1;
        if (column >= limits.columns)
          throw new XlsxError('too_large', `A row has more than ${limits.columns} columns.`, line);
        type = attributes['t'] ?? 'n';
        style = Number(attributes['s'] ?? 0);
        value = '';
        formula = false;
        inline.start();
      } else if (name === 'v') inValue = true;
      else if (name === 'f') formula = true;
      else if (name === 'col') hide(attributes, limits.columns, about.hiddenColumns);
      else if (name === 'mergeCell') merge(attributes['ref'] ?? '', about.merged);
      inline.open(name);
    },
    text(part: string) {
      if (inValue && value.length <= limits.cell) value += part.slice(0, limits.cell + 1);
      inline.text(part);
    },
    close(name: string) {
      inline.close(name);
      if (name === 'v') {
        inValue = false;
        if (value.length > limits.cell) throw tooLong(line);
      } else if (name === 'c') endCell();
      else if (name === 'row' && fields.length > 0) {
        cellsLeft -= fields.length;
        if (textLeft < 0 || cellsLeft < 0)
          throw new XlsxError('too_large', 'The sheet holds more than is allowed.', line);
        done(doubts.length === 0 ? { line, fields } : { line, fields, doubts });
      }
    },
  };
}

interface Cell {
  readonly type: string;
  readonly style: number;
  readonly value: string;
  readonly formula: boolean;
  readonly inline: string | null;
  readonly column: number;
  readonly line: number;
}

function readCell(cell: Cell, parts: SheetParts): { readonly field: string; readonly doubt?: CellDoubt } {
  const { type, value, column, line } = cell;
  const format = parts.formats[cell.style] ?? plainFormat;
  const doubt = (reason: CellDoubt['reason'], shown: string | null, stored: string, code: string | null = null) => ({
    field: stored,
    doubt: { column, reason, shown, stored, format: code },
  });
  const text = (stored: string | null) => {
    if (stored === null) throw tooLong(line);
    return format.changesText && stored !== '' ? doubt('text_format', null, stored, format.code) : { field: stored };
  };
  switch (type) {
    case 's': {
      const shared = parts.strings[Number(value)];
      if (shared === undefined) throw new XlsxError('damaged', 'A cell refers to a text that is missing.', line);
      return text(shared);
    }
    case 'inlineStr':
      return text(cell.inline);
    case 'b': {
      const word = value === '1' ? 'TRUE' : 'FALSE';
      return doubt('boolean', word, word);
    }
    case 'e':
      return doubt('error', unescapeText(value), unescapeText(value));
    case 'd':
      return doubt('date', value, value, format.code);
    case 'n': {
      if (value === '') return cell.formula ? doubt('formula', null, '') : { field: '' };
      const seen = seenNumber(value, format, parts.date1904);
      if ('exact' in seen) return { field: seen.exact };
      return doubt(seen.reason, seen.shown, seen.stored, format.code);
    }
    default:
      return text(unescapeText(value));
  }
}

const tooLong = (line: number) =>
  new XlsxError('cell_too_long', 'A cell holds more text than a cell of a phone file may.', line);

function hide(attributes: Readonly<Record<string, string>>, columns: number, into: number[]): void {
  if (attributes['hidden'] !== '1' && attributes['hidden'] !== 'true') return;
  const from = Math.max(1, Number(attributes['min']));
  const to = Math.min(columns, Number(attributes['max']));
  for (let column = from; column <= to && into.length < columns; column++) into.push(column - 1);
}

function merge(reference: string, into: MergedCells[]): void {
  const [from, to = from] = reference.split(':') as [string, string?];
  const fromColumn = columnOf(from);
  const toColumn = columnOf(to!);
  if (fromColumn === undefined || toColumn === undefined) return;
  if (into.length >= mostMerged) throw new XlsxError('too_large', 'The sheet has too many merged cells.');
  const lineOf = (cell: string) => Number(/\d+$/.exec(cell)?.[0] ?? 0);
  into.push({ fromLine: lineOf(from), toLine: lineOf(to!), fromColumn, toColumn });
}
