import type { Phone, PhoneLine } from '../devices/phone.ts';
import type { FieldChange, PhoneSnapshot } from './job.ts';

const fields = [
  'name',
  'model',
  'description',
  'devicePool',
  'phoneButtonTemplate',
  'phoneSecurityProfile',
  'sipProfile',
  'commonPhoneProfile',
  'ownerUserId',
  'mraServiceDomain',
  'requiresActivationCode',
  'allowActivationCodeViaMra',
  'enabled',
] as const satisfies readonly (keyof Phone)[];

function described(phone: Phone): Map<string, string> {
  const all = new Map<string, string>();
  for (const field of fields) {
    const value = phone[field];
    if (value !== undefined && value !== '') all.set(field, String(value));
  }
  for (const line of phone.lines) all.set(`lines[${line.index - 1}]`, lineText(line));
  return all;
}

/** `1001 in Internal | label | caller id | 4 calls, busy from 2` */
function lineText({ directoryNumber, partition, label, display, maxCalls, busyTrigger }: PhoneLine): string {
  const number = partition === '' ? directoryNumber : `${directoryNumber} in ${partition}`;
  return [number, label, display, `${maxCalls}/${busyTrigger}`].filter((part) => part !== '').join(' | ');
}

/** What differs, member by member. Undefined: there is no phone before, or none after. */
export function phoneDiff(before: Phone | undefined, after: Phone | undefined): FieldChange[] {
  const was = before === undefined ? new Map<string, string>() : described(before);
  const is = after === undefined ? new Map<string, string>() : described(after);
  const changes: FieldChange[] = [];
  for (const field of new Set([...was.keys(), ...is.keys()])) {
    const from = was.get(field) ?? null;
    const to = is.get(field) ?? null;
    if (from !== to) changes.push({ field, from, to });
  }
  return changes;
}

export function snapshotOf(phone: Phone): PhoneSnapshot {
  return {
    name: phone.name,
    model: phone.model,
    description: phone.description,
    devicePool: phone.devicePool,
    phoneButtonTemplate: phone.phoneButtonTemplate,
    phoneSecurityProfile: phone.phoneSecurityProfile,
    sipProfile: phone.sipProfile,
    commonPhoneProfile: phone.commonPhoneProfile,
    ownerUserId: phone.ownerUserId ?? null,
    mraServiceDomain: phone.mraServiceDomain ?? null,
    requiresActivationCode: phone.requiresActivationCode,
    allowActivationCodeViaMra: phone.allowActivationCodeViaMra,
    enabled: phone.enabled,
    lines: phone.lines.map(({ directoryNumber, partition, label, display, maxCalls, busyTrigger }) => ({
      directoryNumber,
      partition,
      label,
      display,
      maxCalls,
      busyTrigger,
    })),
  };
}
