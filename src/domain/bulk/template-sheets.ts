import { phoneModels } from '../../identifiers/phone-model.ts';
import {
  type DeviceField,
  deviceHeadings,
  headingOfField,
  type LineField,
  lineFields,
  lineHeadings,
  type TransactionType,
} from './columns.ts';
import { columnHelp, helpPage } from './template-help.ts';

/** Names of what there is here, for the drop-downs. */
export interface TemplateChoices {
  readonly devicePools: readonly string[];
  readonly phoneButtonTemplates: readonly string[];
  readonly phoneSecurityProfiles: readonly string[];
  readonly sipProfiles: readonly string[];
  readonly commonPhoneProfiles: readonly string[];
  readonly mraServiceDomains: readonly string[];
  readonly partitions: readonly string[];
}

export interface TemplateOptions {
  readonly transaction: TransactionType;
  /** Line columns. */
  readonly lines: number;
  readonly language: 'en' | 'zh-CN';
  readonly choices: TemplateChoices;
}

/** A sheet as any writer of workbooks takes it. */
export interface TemplateSheet {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
  readonly widths: readonly number[];
  readonly heading?: boolean;
  readonly hidden?: boolean;
  readonly wrap?: boolean;
  readonly validations?: readonly TemplateRule[];
}

export interface TemplateRule {
  readonly column: number;
  readonly list?: string;
  readonly longest?: number;
  readonly formula?: string;
  readonly warns?: boolean;
  readonly promptTitle: string;
  readonly prompt: string;
  readonly errorTitle: string;
  readonly error: string;
}

const columnsOf: Readonly<Record<TransactionType, readonly DeviceField[]>> = {
  'insert-phones-specific-details': [
    'mac',
    'description',
    'ownerUserId',
    'requiresActivationCode',
    'allowActivationCodeViaMra',
    'devicePool',
  ],
  'insert-phones-all-details': [
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
  ],
  'update-phones': ['name', 'description', 'ownerUserId', 'devicePool', 'requiresActivationCode', 'enabled'],
  phones: ['name', 'description'],
};
const lineColumns: Readonly<Record<TransactionType, readonly LineField[]>> = {
  'insert-phones-specific-details': ['directoryNumber', 'partition', 'label', 'display'],
  'insert-phones-all-details': lineFields,
  'update-phones': ['directoryNumber', 'partition', 'label', 'display'],
  phones: [],
};

/** The sheets of the template workbook: the one to fill in, the choices behind its drop-downs, and help in both languages. */
export function templateSheets({ transaction, lines, language, choices }: TemplateOptions): readonly TemplateSheet[] {
  const fields = [
    ...columnsOf[transaction],
    ...Array.from({ length: lineColumns[transaction].length === 0 ? 0 : lines }, (_, place) =>
      lineColumns[transaction].map((field) => `lines[${place}].${field}`),
    ).flat(),
  ];
  const lists: (readonly [string, readonly string[]])[] = [
    ['model', phoneModels.map((model) => model.name)],
    ['devicePool', choices.devicePools],
    ['phoneButtonTemplate', choices.phoneButtonTemplates],
    ['phoneSecurityProfile', choices.phoneSecurityProfiles],
    ['sipProfile', choices.sipProfiles],
    ['commonPhoneProfile', choices.commonPhoneProfiles],
    ['mraServiceDomain', choices.mraServiceDomains],
    ['partition', choices.partitions.filter((name) => name !== '')],
    ['flag', ['t', 'f']],
  ];
  const headings = fields.map((field) => headingOfField(field, language));
  const sheet: TemplateSheet = {
    name: language === 'en' ? 'Phones' : '电话',
    rows: [headings],
    widths: headings.map((heading) => Math.max(14, Math.min(44, heading.length * (language === 'en' ? 1.2 : 2.2) + 4))),
    heading: true,
    validations: fields.map((field, column) => ruleFor(field, column, lists, language)),
  };
  const tallest = Math.max(...lists.map(([, names]) => names.length));
  const listSheet: TemplateSheet = {
    name: 'Lists',
    rows: [
      lists.map(([name]) => name),
      ...Array.from({ length: tallest }, (_, row) => lists.map(([, names]) => names[row] ?? '')),
    ],
    widths: lists.map(() => 30),
    hidden: true,
  };
  const help = (of: 'en' | 'zh-CN'): TemplateSheet => ({
    name: of === 'en' ? 'Help' : '帮助',
    rows: helpPage(transaction, fields, of),
    widths: [36, 110],
    wrap: true,
  });
  return language === 'en'
    ? [sheet, help('en'), help('zh-CN'), listSheet]
    : [sheet, help('zh-CN'), help('en'), listSheet];
}

const listOf: Readonly<Record<string, string>> = {
  requiresActivationCode: 'flag',
  allowActivationCodeViaMra: 'flag',
  enabled: 'flag',
};

function ruleFor(
  field: string,
  column: number,
  lists: readonly (readonly [string, readonly string[]])[],
  language: 'en' | 'zh-CN',
): TemplateRule {
  const line = /^lines\[\d+\]\.(\w+)$/.exec(field)?.[1] as LineField | undefined;
  const plain = line ?? field;
  const heading = line === undefined ? deviceHeadings[field as DeviceField] : lineHeadings[line];
  const title = language === 'en' ? heading.heading : heading.headingZh;
  const help = columnHelp(line === undefined ? (field as DeviceField) : `line.${line}`, language);
  const wrong = language === 'en' ? 'That cannot stand here' : '此处不能填写该内容';
  const base = { column, promptTitle: title, prompt: help, errorTitle: wrong, error: help };
  const list = lists.findIndex(([name]) => name === (listOf[plain] ?? plain));
  const names = lists[list]?.[1] ?? [];
  if (list >= 0 && names.length > 0) {
    const letter = String.fromCharCode(65 + list);
    return { ...base, list: `Lists!$${letter}$2:$${letter}$${names.length + 1}`, warns: listOf[plain] === undefined };
  }
  // A MAC address: 12 hex digits, with or without separators, or a device name.
  const longest = { mac: 17, name: 15, description: 128, directoryNumber: 24, maxCalls: 3, busyTrigger: 3 }[plain];
  return { ...base, longest: longest ?? (plain === 'ownerUserId' ? 128 : 50) };
}
