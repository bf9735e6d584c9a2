import type { Phone } from '../devices/phone.ts';
import { headingOfField, type LineField } from './columns.ts';

/** Columns of an export: as "Insert Phones - All Details" reads them back. */
const deviceColumns = [
  'name',
  'model',
  'description',
  'devicePool',
  'phoneButtonTemplate',
  'ownerUserId',
  'phoneSecurityProfile',
  'sipProfile',
  'commonPhoneProfile',
  'mraServiceDomain',
  'requiresActivationCode',
  'allowActivationCodeViaMra',
  'enabled',
] as const satisfies readonly (keyof Phone)[];
const lineColumns = [
  'directoryNumber',
  'partition',
  'label',
  'display',
  'maxCalls',
  'busyTrigger',
] as const satisfies readonly LineField[];

export function exportHeading(lines: number): string[] {
  return [
    ...deviceColumns.map((field) => headingOfField(field)),
    ...Array.from({ length: lines }, (_, place) =>
      lineColumns.map((field) => headingOfField(`lines[${place}].${field}`)),
    ).flat(),
  ];
}

export function exportRecord(phone: Phone, lines: number): string[] {
  const cell = (value: unknown) =>
    value === undefined ? '' : value === true ? 't' : value === false ? 'f' : String(value);
  return [
    ...deviceColumns.map((field) => cell(phone[field])),
    ...Array.from({ length: lines }, (_, place) =>
      lineColumns.map((field) => cell(phone.lines[place]?.[field])),
    ).flat(),
  ];
}
