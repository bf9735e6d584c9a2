/** What a number format (ECMA-376 part 1, 18.8.30 and 18.8.31) makes a person see of the number that is stored. */

/** One section of a format, as far as it matters to whether exactly the digits are seen. */
interface Section {
  readonly date: boolean;
  /** Shown as the program likes: `General`, or text. */
  readonly general: boolean;
  /** The placeholders for digits in their order: `0 # ? . , %`. */
  readonly digits: string;
  readonly scientific: boolean;
  /** Something else is seen beside the digits, or the rules for it are not known here. */
  readonly decorated: boolean;
  readonly empty: boolean;
}

export interface NumberFormat {
  readonly code: string;
  readonly sections: readonly Section[];
  /** Text is shown as something else. */
  readonly changesText: boolean;
}

/** `exact`: what is seen, and so what was meant. Otherwise what is seen (null: cannot be told here) and what is stored differ. */
export type NumberSeen =
  | { readonly exact: string }
  | { readonly reason: 'date' | 'format' | 'precision'; readonly shown: string | null; readonly stored: string };

/** Formats that have a number and no code; of dates of East Asia only that they are dates counts. */
const builtIn: Readonly<Record<number, string>> = {
  0: 'General',
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  48: '##0.0E+0',
  49: '@',
};
const dateNumbers = (id: number) => (id >= 14 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
const longestCode = 1024;

/** The format with this number; `code`: what the workbook says about it. */
export function numberFormat(id: number, code: string | undefined): NumberFormat {
  const known = code ?? builtIn[id] ?? (dateNumbers(id) ? 'yyyy-mm-dd' : `"format ${id}"0`);
  const text = known.slice(0, longestCode);
  const sections = splitSections(text);
  const ofText = sections.length >= 4 ? sections[3]! : sections.length === 1 ? sections[0]! : '@';
  return {
    code: text,
    sections: sections.map(readSection),
    changesText: /@/.test(ofText) ? readable(ofText) !== '@' : sections.length >= 4 && ofText === '',
  };
}

/** Colours, locales and the width of a character: nothing a person reads. */
const neutral =
  /"[^"]*"|\\.|\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d{1,2}|\$-[0-9a-e][0-9a-f]*)\]|_.|\*./gi;
const readable = (text: string) => text.replace(neutral, (part) => (/^["\\]/.test(part) ? part : ''));

/** What a person sees of `raw`, a number as the sheet stores it. */
export function seenNumber(raw: string, format: NumberFormat, date1904: boolean): NumberSeen {
  const number = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(number)) return { exact: raw };
  const stored = plain(number);
  const section = sectionFor(number, format.sections);
  if (section === undefined || section.decorated) return differs('format', null);
  if (section.date) return differs('date', dateText(number, date1904));
  if (section.general) return general(raw, number, stored);
  if (section.empty) return differs('format', '');
  if (/^[#?]*0*$/.test(section.digits) && !section.scientific) {
    if (!Number.isInteger(number)) return differs('format', Math.round(number).toFixed(0));
    if (Math.abs(number) >= 1e15) return differs('precision', number.toFixed(0));
    const zeros = section.digits.replace(/[^0]/g, '').length;
    const digits = Math.abs(number).toFixed(0).padStart(zeros, '0');
    return { exact: `${number < 0 ? '-' : ''}${number === 0 && zeros === 0 ? '' : digits}` };
  }
  const shown = decorated(number, section);
  return shown === stored ? { exact: stored } : differs('format', shown);

  function differs(reason: 'date' | 'format' | 'precision', shown: string | null): NumberSeen {
    return { reason, shown, stored };
  }
}

/** 11 digits are shown as they are; beyond, the program rounds. */
function general(raw: string, number: number, stored: string): NumberSeen {
  // Digits with zeros in front are no number that a spreadsheet program writes: somebody meant them.
  if (/^0\d+$/.test(raw)) return { exact: raw };
  if (stored.length <= (number < 0 ? 12 : 11) && !/e/i.test(stored)) return { exact: stored };
  const shown =
    Math.abs(number) >= 1e11 || Math.abs(number) < 1e-4
      ? scientific(number, 5, true)
      : String(Number(number.toPrecision(Number.isInteger(number) ? 11 : 10)));
  return { reason: Math.abs(number) >= 1e15 ? 'precision' : 'format', shown, stored };
}

function decorated(number: number, { digits, scientific: exponent }: Section): string | null {
  const percent = digits.endsWith('%');
  const body = percent ? digits.slice(0, -1) : digits;
  const parts = /^([0#?,]*)(?:\.([0#?]*))?$/.exec(body);
  if (parts === null || parts[1]!.endsWith(',')) return null;
  const decimals = parts[2]?.length ?? 0;
  if (exponent) return scientific(number, Math.min(decimals, 20), false);
  const value = percent ? number * 100 : number;
  if (Math.abs(value) >= 1e15) return null;
  const text = new Intl.NumberFormat('en-US', {
    minimumIntegerDigits: Math.min(21, Math.max(1, parts[1]!.replace(/[^0]/g, '').length)),
    minimumFractionDigits: Math.min(20, parts[2]?.replace(/[^0]/g, '').length ?? 0),
    maximumFractionDigits: Math.min(20, decimals),
    useGrouping: parts[1]!.includes(','),
  }).format(value);
  return `${text}${percent ? '%' : ''}`;
}

function scientific(number: number, decimals: number, trim: boolean): string {
  const [mantissa, exponent] = number.toExponential(decimals).split('e') as [string, string];
  const power = Math.abs(Number(exponent)).toFixed(0).padStart(2, '0');
  return `${trim ? Number(mantissa) : mantissa}E${Number(exponent) < 0 ? '-' : '+'}${power}`;
}

/** `2026-05-01`, `2026-05-01 13:30`, `13:30`: in one way of writing, as the program's own depends on the country. */
function dateText(serial: number, date1904: boolean): string | null {
  if (serial < 0 || serial > 2_958_466) return null;
  const clock = (date: Date) => date.toISOString().slice(11, 16);
  const at = (days: number, epoch: number) => new Date(epoch + Math.round(days * 86_400_000));
  if (serial < 1 && !date1904) return clock(at(serial, 0));
  // 29 February 1900 never was, but has a number.
  const date = date1904
    ? at(serial, Date.UTC(1904, 0, 1))
    : at(serial, serial < 60 ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30));
  const day = date.toISOString().slice(0, 10);
  return Number.isInteger(serial) ? day : `${day} ${clock(date)}`;
}

function plain(number: number): string {
  return Number.isInteger(number) && Math.abs(number) < 1e21 ? number.toFixed(0) : String(number);
}

function sectionFor(number: number, sections: readonly Section[]): Section | undefined {
  if (sections.length >= 3 && number === 0) return sections[2];
  return number < 0 && sections.length >= 2 ? sections[1] : sections[0];
}

/** At the semicolons that are not within quotes or brackets. */
function splitSections(code: string): string[] {
  const sections = [''];
  for (let at = 0; at < code.length; at++) {
    const char = code[at]!;
    if (char === ';') {
      sections.push('');
      continue;
    }
    const end =
      char === '"'
        ? code.indexOf('"', at + 1)
        : char === '['
          ? code.indexOf(']', at)
          : /[\\_*]/.test(char)
            ? at + 1
            : at;
    const to = end < 0 ? code.length : end + 1;
    sections[sections.length - 1] += code.slice(at, to);
    at = to - 1;
  }
  return sections;
}

function readSection(text: string): Section {
  const rest = readable(text);
  // Quoted and escaped characters are seen as they are; so is whatever is not known here.
  const bare = rest.replace(/"[^"]*"|\\./g, '');
  const quoted = rest.replace(/""/g, '') !== bare;
  const date =
    /\[\$-f[48]00\]|\[[hms]+\]/i.test(bare) || /[ymdhsgeb]/i.test(bare.replace(/\[[^\]]*\]|general|e[+-]/gi, ''));
  const scientificPart = /e[+-][0#?]+/i;
  const isGeneral = /^(?:general|@)$/i.test(bare);
  const digits = bare.replace(scientificPart, '');
  return {
    date,
    general: isGeneral && !quoted,
    digits,
    scientific: scientificPart.test(bare),
    decorated: !date && (quoted || (!isGeneral && !/^[0#?.,%]*$/.test(digits))),
    empty: rest === '',
  };
}
