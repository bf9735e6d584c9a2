import type { ChangePhone } from '../devices/change-phone.ts';
import type { LineRequest } from '../devices/lines.ts';
import type { Phone } from '../devices/phone.ts';
import type { BulkChange } from './job.ts';
import { noneCell, type RowInput, type RowText } from './row-input.ts';

/** What an update changes on one phone: what all get, then what the row says; a blank cell leaves what is there. */
export function planUpdate(change: BulkChange | null, input: RowInput | undefined, phone: Phone): ChangePhone {
  const { texts, flags, lines }: Pick<RowInput, 'texts' | 'flags' | 'lines'> = input ?? {
    texts: {},
    flags: {},
    lines: [],
  };
  const said = (field: RowText) => texts[field];
  const owner = said('ownerUserId');
  const description = said('description');
  const domain = said('mraServiceDomain');
  const merged: Record<string, unknown> = {
    ...change,
    ...(description === undefined ? {} : { description: description === noneCell ? '' : description }),
    ...(owner === undefined ? {} : { ownerUserId: owner === noneCell ? null : owner }),
    ...definedOf({
      devicePool: said('devicePool'),
      phoneButtonTemplate: said('phoneButtonTemplate'),
      phoneSecurityProfile: said('phoneSecurityProfile'),
      sipProfile: said('sipProfile'),
      commonPhoneProfile: said('commonPhoneProfile'),
      mraServiceDomain: domain === noneCell ? null : domain,
      model: said('model'),
      ...flags,
    }),
    ...(lines.some((line) => line !== undefined) ? { lines: mergeLines(phone, lines) } : {}),
  };
  return merged as ChangePhone;
}

/** The phone's lines with what the row says of each; `<None>` for its number takes a line away. */
function mergeLines(phone: Phone, lines: RowInput['lines']): LineRequest[] {
  const merged: LineRequest[] = [];
  for (let place = 0; place < Math.max(phone.lines.length, lines.length); place++) {
    const there = phone.lines[place];
    const said = lines[place];
    if (said?.directoryNumber === noneCell) continue;
    const directoryNumber = said?.directoryNumber ?? there?.directoryNumber;
    if (directoryNumber === undefined) {
      // A cell of a line that neither is there nor gets a number: the rules name it.
      if (said !== undefined) merged.push({ directoryNumber: '' });
      continue;
    }
    const maxCalls = said?.maxCalls ?? there?.maxCalls;
    const busyTrigger = said?.busyTrigger ?? there?.busyTrigger;
    const { label, display } = said ?? {};
    merged.push({
      directoryNumber,
      partition: said?.partition ?? there?.partition ?? '',
      label: label === noneCell ? '' : (label ?? there?.label ?? ''),
      display: display === noneCell ? '' : (display ?? there?.display ?? ''),
      ...definedOf({ maxCalls, busyTrigger, description: said?.description, alertingName: said?.alertingName }),
    });
  }
  return merged;
}

function definedOf<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
