/** Headings of phone files, and what they mean. Source: reference/field-facts.md §13.1; Chinese headings are our own. */

export const transactions = [
  'insert-phones-specific-details',
  'insert-phones-all-details',
  'update-phones',
  'phones',
] as const;
export type TransactionType = (typeof transactions)[number];

export const deviceFields = [
  'mac',
  'name',
  'description',
  'model',
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
] as const;
export type DeviceField = (typeof deviceFields)[number];

export const lineFields = [
  'directoryNumber',
  'partition',
  'label',
  'display',
  'maxCalls',
  'busyTrigger',
  'description',
  'alertingName',
] as const;
export type LineField = (typeof lineFields)[number];

/** One column of a file. */
export interface Column {
  /** As the file writes it. */
  readonly heading: string;
  /** `mac`, `lines[0].directoryNumber`; null: known to the field, nothing here to set. */
  readonly field: string | null;
}

export type FilledColumn = Column & {
  /** Rows that hold something there. */
  readonly filled: number;
};

interface Headings {
  /** As we write it: the field's own words. */
  readonly heading: string;
  readonly headingZh: string;
  /** Other ways it is met, normalised. */
  readonly also: readonly string[];
}

export const deviceHeadings: Readonly<Record<DeviceField, Headings>> = {
  mac: {
    heading: 'MAC ADDRESS',
    headingZh: 'MAC 地址',
    also: ['MAC', 'MAC ADDRESS/DEVICE NAME', 'MAC ADDRESS / DEVICE NAME', 'MACADDRESS', 'MAC地址'],
  },
  name: { heading: 'DEVICE NAME', headingZh: '设备名称', also: ['NAME', 'PHONE NAME', '设备名'] },
  description: { heading: 'DESCRIPTION', headingZh: '描述', also: ['DEVICE DESCRIPTION', '说明'] },
  model: {
    heading: 'DEVICE TYPE',
    headingZh: '电话类型',
    also: ['PHONE TYPE', 'MODEL', 'PRODUCT', '型号', '设备类型'],
  },
  devicePool: { heading: 'DEVICE POOL', headingZh: '设备池', also: [] },
  phoneButtonTemplate: {
    heading: 'PHONE BUTTON TEMPLATE',
    headingZh: '电话按键模板',
    also: ['BUTTON TEMPLATE', 'PHONE TEMPLATE'],
  },
  ownerUserId: {
    heading: 'OWNER USER ID',
    headingZh: '所有者用户 ID',
    also: ['USER ID', 'USER ID 1', 'USERID', 'OWNER', '用户 ID', '用户ID', '所有者用户ID'],
  },
  phoneSecurityProfile: {
    heading: 'DEVICE SECURITY PROFILE',
    headingZh: '设备安全性配置文件',
    also: ['PHONE SECURITY PROFILE', 'SECURITY PROFILE', '电话安全性配置文件'],
  },
  sipProfile: { heading: 'SIP PROFILE', headingZh: 'SIP 配置文件', also: ['SIP配置文件'] },
  commonPhoneProfile: { heading: 'COMMON PHONE PROFILE', headingZh: '通用电话配置文件', also: [] },
  mraServiceDomain: {
    heading: 'MRA SERVICE DOMAIN',
    headingZh: '移动和远程访问服务域',
    also: ['MRA DOMAIN', 'SERVICE DOMAIN'],
  },
  requiresActivationCode: {
    heading: 'REQUIRES ACTIVATION CODE FOR ONBOARDING',
    headingZh: '需要用于自行激活的激活代码',
    also: [
      'REQUIRE ACTIVATION CODE FOR ONBOARDING',
      'REQUIRES ACTIVATION CODE ONBOARDING',
      'REQUIRE ACTIVATION CODE',
      'REQUIRES ACTIVATION CODE',
      'ACTIVATION CODE',
    ],
  },
  allowActivationCodeViaMra: {
    heading: 'ALLOW ACTIVATION CODE VIA MRA',
    headingZh: '允许通过移动和远程访问使用激活代码',
    also: ['ALLOW ACTIVATION CODE VIA MOBILE AND REMOTE ACCESS', 'ALLOW MRA MODE'],
  },
  enabled: { heading: 'ENABLED', headingZh: '已启用', also: ['IS ACTIVE'] },
};

export const lineHeadings: Readonly<Record<LineField, Headings>> = {
  directoryNumber: { heading: 'DIRECTORY NUMBER', headingZh: '目录号码', also: ['DN', 'EXTENSION', '分机'] },
  partition: { heading: 'ROUTE PARTITION', headingZh: '路由分区', also: ['PARTITION', '分区'] },
  label: { heading: 'LINE TEXT LABEL', headingZh: '线路文本标签', also: ['LABEL'] },
  display: { heading: 'DISPLAY', headingZh: '显示', also: ['DISPLAY (CALLER ID)', 'DISPLAY CALLER ID', 'CALLER ID'] },
  maxCalls: {
    heading: 'MAXIMUM NUMBER OF CALLS',
    headingZh: '最大呼叫数',
    also: ['MAX CALLS', 'MAXIMUM CALLS', 'MAX NUMBER OF CALLS'],
  },
  busyTrigger: { heading: 'BUSY TRIGGER', headingZh: '忙碌触发值', also: [] },
  description: { heading: 'LINE DESCRIPTION', headingZh: '线路描述', also: [] },
  alertingName: { heading: 'ALERTING NAME', headingZh: '振铃名称', also: [] },
};

/** Columns of the field's default file that nothing here can set: they may be there, and are told to be ignored. */
const known = [
  'LOCATION',
  'FORWARD BUSY EXTERNAL',
  'FORWARD BUSY EXTERNAL DESTINATION',
  'FORWARD NO ANSWER EXTERNAL',
  'FORWARD NO ANSWER EXTERNAL DESTINATION',
  'FORWARD NO COVERAGE EXTERNAL',
  'FORWARD NO COVERAGE EXTERNAL DESTINATION',
  'FORWARD BUSY INTERNAL',
  'FORWARD BUSY INTERNAL DESTINATION',
  'FORWARD NO ANSWER INTERNAL',
  'FORWARD NO ANSWER INTERNAL DESTINATION',
  'FORWARD NO COVERAGE INTERNAL',
  'FORWARD NO COVERAGE INTERNAL DESTINATION',
  'CALL PICKUP GROUP',
  'SPEED DIAL NUMBER',
  'SPEED DIAL LABEL',
  'CSS',
  'AAR CSS',
  'CALLING SEARCH SPACE',
  'DEVICE PROTOCOL',
];

/** Upper case, one space, full width made narrow, no stars, colons, quotes or byte order mark. */
export function normaliseHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .replace(/[\ufeff"*:]/g, ' ')
    .replace(/[_\s\u00a0]+/g, ' ')
    .trim()
    .toUpperCase();
}

const deviceByHeading = new Map<string, DeviceField>();
for (const field of deviceFields) {
  const { heading, headingZh, also } = deviceHeadings[field];
  for (const each of [heading, headingZh, ...also]) deviceByHeading.set(normaliseHeading(each), field);
}
const lineByHeading = new Map<string, LineField>();
for (const field of lineFields) {
  const { heading, headingZh, also } = lineHeadings[field];
  for (const each of [heading, headingZh, ...also]) lineByHeading.set(normaliseHeading(each), field);
}
const knownHeadings = new Set(known.map(normaliseHeading));
const mostLines = 100;

/** What a heading stands for; undefined: nothing we know. Lines are counted from 1, and without a number it is line 1. */
export function fieldOfHeading(heading: string): string | null | undefined {
  const text = normaliseHeading(heading);
  const device = deviceByHeading.get(text);
  if (device !== undefined) return device;
  const numbered = /^(.*?) ?(\d{1,3})$/.exec(text);
  const [base, number] = numbered === null ? [text, 1] : [numbered[1]!, Number(numbered[2])];
  const line = lineByHeading.get(base);
  if (line !== undefined && number >= 1 && number <= mostLines) return `lines[${number - 1}].${line}`;
  return knownHeadings.has(text) || knownHeadings.has(base) ? null : undefined;
}

/** The heading we write for a field. */
export function headingOfField(field: string, language: 'en' | 'zh-CN' = 'en'): string {
  const line = /^lines\[(\d+)\]\.(\w+)$/.exec(field);
  const { heading, headingZh } =
    line === null ? deviceHeadings[field as DeviceField] : lineHeadings[line[2] as LineField];
  const text = language === 'en' ? heading : headingZh;
  return line === null ? text : `${text} ${Number(line[1]) + 1}`;
}

/** The nearest heading we know, for a misspelt one; undefined: none is near. */
export function nearestHeading(heading: string): string | undefined {
  const text = normaliseHeading(heading);
  let best: { readonly heading: string; readonly distance: number } | undefined;
  for (const each of [
    ...deviceByHeading.keys(),
    ...[...lineByHeading.keys()].map((line) => `${line} 1`),
    ...knownHeadings,
  ]) {
    const distance = editDistance(text, each);
    if (distance <= Math.max(1, Math.floor(each.length / 4)) && (best === undefined || distance < best.distance))
      best = { heading: each, distance };
  }
  return best?.heading;
}

function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 12 || a.length > 80) return 99;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
