import type { DeviceName } from '../../identifiers/device-name.ts';
import { parseDeviceName } from '../../identifiers/device-name.ts';
import { mostCalls } from '../../identifiers/line-limits.ts';
import { type MacAddress, parseMacAddress } from '../../identifiers/mac-address.ts';
import { say } from '../../texts/say.ts';
import type { Column, LineField } from './columns.ts';
import { type RowError, rowError } from './row-error.ts';
import { macRefused, numberRefused } from './value-refusals.ts';

/** What a row says. undefined: its cell is blank, or there is no such column. */
export interface RowInput {
  readonly mac: MacAddress | undefined;
  /** Only BAT names: a SEP name is a MAC. */
  readonly batName: DeviceName | undefined;
  readonly texts: Readonly<Partial<Record<RowText, string>>>;
  readonly flags: Readonly<Partial<Record<RowFlag, boolean>>>;
  /** By place of the line, holes included. */
  readonly lines: readonly (LineInput | undefined)[];
  readonly errors: readonly RowError[];
}

export type RowText =
  | 'description'
  | 'model'
  | 'devicePool'
  | 'phoneButtonTemplate'
  | 'ownerUserId'
  | 'phoneSecurityProfile'
  | 'sipProfile'
  | 'commonPhoneProfile'
  | 'mraServiceDomain';
export type RowFlag = 'requiresActivationCode' | 'allowActivationCodeViaMra' | 'enabled';

export type LineInput = Readonly<
  Partial<Record<Exclude<LineField, 'maxCalls' | 'busyTrigger'>, string>> &
    Partial<Record<'maxCalls' | 'busyTrigger', number>>
>;

/** Written in a cell to clear what is there, where a blank cell leaves it. */
export const noneCell = '<None>';

const longest: Readonly<Record<string, number>> = {
  description: 128,
  model: 64,
  devicePool: 50,
  phoneButtonTemplate: 50,
  ownerUserId: 128,
  phoneSecurityProfile: 64,
  sipProfile: 50,
  commonPhoneProfile: 50,
  mraServiceDomain: 253,
  'line.directoryNumber': 64,
  'line.partition': 50,
  'line.label': 50,
  'line.display': 50,
  'line.description': 128,
  'line.alertingName': 50,
};

const yes = new Set(['t', 'true', 'yes', 'y', '1', 'x', '是', '真']);
const no = new Set(['f', 'false', 'no', 'n', '0', '否', '假']);
const printable = /^[ -~\u00A0-\uFFFF]*$/;

/** Reads the cells of a row; everything that is wrong with their form is told, nothing is thrown. */
export function readRow(columns: readonly Column[], cells: readonly string[]): RowInput {
  const errors: RowError[] = [];
  let mac: MacAddress | undefined;
  let batName: DeviceName | undefined;
  let named: string | undefined;
  const texts: Partial<Record<RowText, string>> = {};
  const flags: Partial<Record<RowFlag, boolean>> = {};
  const lines: (Record<string, string | number> | undefined)[] = [];

  const identify = (heading: string, value: string) => {
    const name = parseDeviceName(value);
    const found = parseMacAddress(name?.startsWith('SEP') ? name.slice(3) : value);
    const bat = name?.startsWith('BAT') ? name : undefined;
    if (found === undefined && bat === undefined) {
      errors.push(macRefused(heading, value));
      return;
    }
    const said = found ?? bat!;
    if (named !== undefined && named !== said) errors.push(rowError(heading, value, say('identity_conflict')));
    named = said;
    mac = found;
    batName = found === undefined ? bat : undefined;
  };

  const text = (heading: string, kind: string, value: string): boolean => {
    const most = longest[kind]!;
    if (value.length <= most && printable.test(value)) return true;
    errors.push(
      value.length > most
        ? rowError(heading, value, say('text_too_long', { most }))
        : rowError(heading, value, say('text_invalid')),
    );
    return false;
  };

  for (const [index, { heading, field }] of columns.entries()) {
    const value = cells[index] ?? '';
    if (field === null || value === '') continue;
    const line = /^lines\[(\d+)\]\.(\w+)$/.exec(field);
    if (line !== null) {
      const place = Number(line[1]);
      const of = line[2] as LineField;
      lines[place] ??= {};
      if (of === 'maxCalls' || of === 'busyTrigger') {
        const number = /^\d{1,3}$/.test(value) ? Number(value) : 0;
        if (number >= 1 && number <= mostCalls) lines[place][of] = number;
        else
          errors.push(
            rowError(heading, value, say('number_invalid', { value: value.slice(0, 64), least: 1, most: mostCalls })),
          );
      } else if (text(heading, `line.${of}`, value)) {
        lines[place][of] = of === 'partition' && value === noneCell ? '' : value;
        if (of === 'directoryNumber') errors.push(...numberRefused(heading, value));
      }
    } else if (field === 'mac' || field === 'name') identify(heading, value);
    else if (field === 'requiresActivationCode' || field === 'allowActivationCodeViaMra' || field === 'enabled') {
      const word = value.toLowerCase();
      if (yes.has(word) || no.has(word)) flags[field] = yes.has(word);
      else errors.push(rowError(heading, value, say('flag_invalid', { value: value.slice(0, 64) })));
    } else if (text(heading, field, value)) texts[field as RowText] = value;
  }
  return { mac, batName, texts, flags, lines: Array.from(lines) as (LineInput | undefined)[], errors };
}
