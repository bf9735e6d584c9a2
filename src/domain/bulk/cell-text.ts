/** What cells of spreadsheets look like when text was not kept as it was meant. */

/**
 * The text of a cell: spaces around do not count, and what a spreadsheet put around text so that it stays text goes again: an apostrophe
 * in front of what looks like a formula, and `="0011"`.
 */
export function cleanCell(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('="') && trimmed.endsWith('"') && trimmed.length > 2)
    return trimmed.slice(2, -1).replaceAll('""', '"').trim();
  return /^'\s{0,8}[=+\-@＝＋－＠]/u.test(trimmed) ? trimmed.slice(1).trim() : trimmed;
}

/** An error value as spreadsheet programs show it, in English and as German, French, Spanish and Italian ones do; or a column too narrow. */
export function isErrorText(text: string): boolean {
  return text.length <= 16 && text.startsWith('#') && errorText.test(text);
}

const errorText =
  /^#(?:N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BUSY!|CONNECT!|BLOCKED!|UNKNOWN!|GETTING_DATA|NV|BEZUG!|WERT!|ZAHL!|ÜBERLAUF!|NOMBRE!|VALEUR!|NOM\?|NOMBRE\?|¡REF!|¡VALOR!|¿NOMBRE\?|¡DIV\/0!|¡NUM!|N\/D|RIF!|VALORE!|NOME\?|#{2,})$/u;

/** What a spreadsheet, or whoever typed it, did to a value of digits; undefined: nothing that is known. */
export type Damage =
  | 'rounded'
  | 'decimal'
  | 'letter_o'
  | 'invisible'
  | 'apostrophe'
  | 'date'
  | 'zeros_lost'
  | 'separators';

const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\ufe00-\ufe0f]/u;

/** Of a directory number that is none. */
export function damageOfNumber(text: string): Damage | undefined {
  if (invisible.test(text)) return 'invisible';
  if (/^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text)) return 'rounded';
  if (/^\+?\d+[.,]0+$/.test(text)) return 'decimal';
  if (/^['’‘`´]/.test(text)) return 'apostrophe';
  if (isDateText(text)) return 'date';
  return /^\+?[\doO]{2,24}$/.test(text) && /\d/.test(text) ? 'letter_o' : undefined;
}

/** Of a MAC address that is none. */
export function damageOfMac(text: string): Damage | undefined {
  if (invisible.test(text)) return 'invisible';
  if (/^\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text) && !/^[\dA-F]{12}$/i.test(text)) return 'rounded';
  if (/^\d+[.,]0+$/.test(text)) return 'decimal';
  if (/^['’‘`´]/.test(text)) return 'apostrophe';
  const bare = text.replace(/^SEP/i, '').replace(/[\s:.,;_\u2010-\u2015-]+/gu, '');
  if (/^[\dA-F]{12}$/i.test(bare) && bare !== text) return 'separators';
  if (/^[\dA-FO]{12}$/i.test(bare) && /o/i.test(bare)) return 'letter_o';
  return /^[\dA-F]{6,11}$/i.test(text) ? 'zeros_lost' : undefined;
}

function isDateText(text: string): boolean {
  return (
    /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/.test(text) ||
    /^\d{1,2}[. -]{1,2}(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)[a-z]{0,6}$/i.test(text) ||
    /^\d{1,2}月\d{1,2}日$/.test(text)
  );
}
