import { parseDirectoryNumber } from '../../identifiers/directory-number.ts';
import { type Damage, damageOfMac, damageOfNumber } from './cell-text.ts';
import { type RowError, rowError } from './row-error.ts';

const asText = 'Format the column as Text in the spreadsheet, then type the value again';

/** What happened, and what to do about it; `what`: MAC address or directory number. */
const causes: Readonly<Record<Damage, (what: string) => readonly [string, string]>> = {
  rounded: (what) => [
    `the spreadsheet took the ${what} for a number and rounded it`,
    `${asText} from where it came from: what is missing cannot be got back.`,
  ],
  decimal: (what) => [
    `a program took the ${what} for a number and put decimals after it`,
    `${asText}; look whether zeros at its beginning are lost too.`,
  ],
  letter_o: () => ['it has the letter O where a digit 0 belongs', 'Write the digit 0.'],
  invisible: () => [
    'it holds characters that cannot be seen, as copying from mails and web pages brings them',
    'Type it by hand, or paste it as plain text.',
  ],
  apostrophe: () => ['it begins with an apostrophe', 'Take the apostrophe out of the file.'],
  date: (what) => [`the spreadsheet took the ${what} for a date`, `${asText}.`],
  zeros_lost: () => [
    'it has fewer than 12 hex digits: the spreadsheet may have taken it for a number and dropped the zeros in front',
    `${asText} from the label on the phone or its box, all 12 digits.`,
  ],
  separators: () => [
    'its separators are of several kinds, or stand where none belong',
    'Write the 12 hex digits without anything between them, or as 00:11:22:33:44:55.',
  ],
};

/** A MAC address or device name that is none, with the likely cause. */
export function macRefused(column: string, value: string): RowError {
  const damage = damageOfMac(value);
  const told = JSON.stringify(value.slice(0, 64));
  if (damage === undefined)
    return rowError(
      column,
      'mac_invalid',
      value,
      `${told} is not the MAC address of a phone.`,
      'Write the 12 hex digits from the label on the phone or its box, as text, or leave the cell blank and use Create Dummy MAC Address.',
    );
  const [cause, remedy] = causes[damage]('MAC address');
  return {
    ...rowError(column, 'mac_invalid', value, `${told} is not the MAC address of a phone: ${cause}.`, remedy),
    why: damage,
  };
}

/** A directory number that a spreadsheet spoilt; nothing where the rules for numbers themselves say all there is to say. */
export function numberRefused(column: string, value: string): readonly RowError[] {
  const damage = parseDirectoryNumber(value) === undefined ? damageOfNumber(value) : undefined;
  if (damage === undefined) return [];
  const [cause, remedy] = causes[damage]('directory number');
  const message = `${JSON.stringify(value.slice(0, 64))} is not a directory number: ${cause}.`;
  return [{ ...rowError(column, 'directory_number_invalid', value, message, remedy), why: damage }];
}
