import { parseDirectoryNumber } from '../../identifiers/directory-number.ts';
import { say } from '../../texts/say.ts';
import { damageOfMac, damageOfNumber } from './cell-text.ts';
import { type RowError, rowError } from './row-error.ts';

/** A MAC address or device name that is none, with the likely cause. */
export function macRefused(column: string, value: string): RowError {
  const damage = damageOfMac(value);
  const text = { value: value.slice(0, 64) };
  return rowError(
    column,
    value,
    damage === undefined ? say('mac_invalid.cell', text) : say(`mac_invalid.${damage}`, text),
  );
}

/** A directory number that a spreadsheet spoilt; nothing where the rules for numbers themselves say all there is to say. */
export function numberRefused(column: string, value: string): readonly RowError[] {
  const damage = parseDirectoryNumber(value) === undefined ? damageOfNumber(value) : undefined;
  if (damage === undefined) return [];
  return [rowError(column, value, say(`directory_number_invalid.${damage}`, { value: value.slice(0, 64) }))];
}
