import { SaxesParser } from 'saxes';
import { XlsxError } from './xlsx-error.ts';

const deepest = 32;

export interface XmlEvents {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close(name: string): void;
  text(text: string): void;
}

/** Feeds the XML of one part to `events`; names without their prefixes. `elements`: how many are read at most. @throws XlsxError */
export function xmlFeed(events: XmlEvents, elements: number): { write(text: string): void; end(): void } {
  const parser = new SaxesParser({ fragment: false });
  let depth = 0;
  let seen = 0;
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('doctype', () => {
    throw new XlsxError('damaged', 'The workbook holds a document type, which no workbook has.');
  });
  parser.on('error', () => {
    throw new XlsxError('damaged', 'The XML in the workbook is damaged.');
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth++;
    seen++;
    if (depth > deepest) throw new XlsxError('damaged', 'The XML in the workbook is nested too deeply.');
    if (seen > elements) throw new XlsxError('too_large', 'The workbook holds more than is allowed.');
    events.open(local(name), attributes as Readonly<Record<string, string>>);
  });
  parser.on('closetag', ({ name }) => {
    depth--;
    events.close(local(name));
  });
  parser.on('text', (text) => events.text(text));
  parser.on('cdata', (text) => events.text(text));
  return {
    write: (text) => void parser.write(text),
    end: () => void parser.close(),
  };
}

/** Octets of UTF-8 XML, piece by piece, to text. @throws XlsxError */
export function xmlText(): { decode(bytes: Uint8Array): string; end(): string } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const guard = (bytes: Uint8Array, stream: boolean) => {
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      throw new XlsxError('damaged', 'The XML in the workbook is not UTF-8.');
    }
  };
  return { decode: (bytes) => guard(bytes, true), end: () => guard(new Uint8Array(0), false) };
}

/** `_x000D_` → the character (ECMA-376 part 1, 22.9.2.19 ST_Xstring). */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}

/** `AB12` → 27; 0-based. Undefined for what is no reference. */
export function columnOf(reference: string): number | undefined {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference)?.[1];
  if (letters === undefined) return undefined;
  let column = 0;
  for (const letter of letters) column = column * 26 + (letter.charCodeAt(0) - 64);
  return column - 1;
}
