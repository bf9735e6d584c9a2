import { type DeviceField, headingOfField, type LineField, type TransactionType } from './columns.ts';

type HelpKey = DeviceField | `line.${LineField}`;
type Both = readonly [en: string, zh: string];

const columns: Readonly<Record<HelpKey, Both>> = {
  mac: [
    'The 12 hex digits of the phone, as text. Leave blank in all rows to use Create Dummy MAC Address.',
    '电话的 12 位十六进制数字，以文本形式填写。使用“创建虚拟 MAC 地址”时请在所有行留空。',
  ],
  name: ['SEP or BAT and 12 hex digits.', 'SEP 或 BAT 加 12 位十六进制数字。'],
  description: ['What people call the phone, at most 128 characters.', '电话的描述，最多 128 个字符。'],
  model: ['The model, e.g. Cisco 8845.', '型号，例如 Cisco 8845。'],
  devicePool: ['A device pool. Blank: that of the phone template.', '设备池。留空：使用电话模板的设备池。'],
  phoneButtonTemplate: [
    'A phone button template of the model. Blank: the default.',
    '该型号的电话按键模板。留空：使用默认模板。',
  ],
  ownerUserId: ['User id of the owner. The user must exist.', '所有者的用户 ID。该用户必须存在。'],
  phoneSecurityProfile: ['A device security profile.', '设备安全性配置文件。'],
  sipProfile: ['A SIP profile.', 'SIP 配置文件。'],
  commonPhoneProfile: ['A common phone profile.', '通用电话配置文件。'],
  mraServiceDomain: [
    'Where the phone registers from outside. Blank: as the device pool says.',
    '电话从外部注册时所用的服务域。留空：使用设备池的设置。',
  ],
  requiresActivationCode: [
    't: the phone must enter an activation code before it registers. f: it does not.',
    't：电话注册前必须输入激活代码。f：不需要。',
  ],
  allowActivationCodeViaMra: [
    't: the activation code works over Mobile and Remote Access too.',
    't：激活代码也可通过移动和远程访问使用。',
  ],
  enabled: ['f: the phone is not served.', 'f：不为该电话提供服务。'],
  'line.directoryNumber': [
    '1 to 24 digits; *, # and a leading + are allowed. A number that does not exist is made; one that exists is shared.',
    '1 到 24 位数字；允许 *、# 和开头的 +。不存在的号码会被创建；已存在的号码会被共享。',
  ],
  'line.partition': ['Route partition. Blank: that of the phone template.', '路由分区。留空：使用电话模板的分区。'],
  'line.label': ['Text beside the line key, at most 50 characters.', '线路按键旁的文本，最多 50 个字符。'],
  'line.display': ['Caller ID shown to the other side.', '显示给对方的主叫 ID。'],
  'line.maxCalls': ['Calls on the line at once, 1 to 200.', '线路上同时的呼叫数，1 到 200。'],
  'line.busyTrigger': ['From how many calls on the line is busy.', '从多少个呼叫起线路视为忙。'],
  'line.description': ['Description of a line that is made.', '新建线路的描述。'],
  'line.alertingName': ['Alerting name of a line that is made.', '新建线路的振铃名称。'],
};

export function columnHelp(key: HelpKey, language: 'en' | 'zh-CN'): string {
  return columns[key][language === 'en' ? 0 : 1];
}

const intro: Readonly<Record<'en' | 'zh-CN', readonly (readonly string[])[]>> = {
  en: [
    ['How to use this workbook', ''],
    ['1', 'Fill in the first sheet: one phone per row, the headings stay. A blank row ends the file.'],
    [
      '2',
      'Save the workbook as .xlsx, or the sheet as "CSV UTF-8". Both can be uploaded; neither macros nor other workbooks are needed.',
    ],
    [
      '3',
      'Console: Bulk Administration > Upload/Download Files > Upload a file. Target: Phones. Transaction type: the one below.',
    ],
    [
      '4',
      'Bulk Administration > Insert Phones (or Update Phones, Delete Phones). Try a dry run first: it shows row by row what would happen, and why a row is refused.',
    ],
    [
      '5',
      'Follow the job in Bulk Administration > Job Scheduler. Activation codes are in the result file, for those who may see them.',
    ],
    ['Limits', 'At most 50,000 rows and 10 MiB in one file. File names hold no comma.'],
    [
      'Columns',
      'May stand in any order; those you do not need can be taken out. Numbers are counted from 1: DIRECTORY NUMBER 1, DIRECTORY NUMBER 2 …',
    ],
  ],
  'zh-CN': [
    ['如何使用此工作簿', ''],
    ['1', '填写第一个工作表：每行一部电话，保留标题。空行表示文件结束。'],
    ['2', '将工作簿保存为 .xlsx，或将工作表保存为“CSV UTF-8”。两者都可以上传；不需要宏，也不需要其他工作簿。'],
    ['3', '控制台：批量管理 > 上传/下载文件 > 上传文件。目标：电话。事务类型：见下文。'],
    ['4', '批量管理 > 插入电话（或更新电话、删除电话）。请先试运行：它会逐行显示将发生什么，以及某一行为何被拒绝。'],
    ['5', '在批量管理 > 作业计划程序中查看作业。有权查看的人员可在结果文件中看到激活代码。'],
    ['限制', '一个文件最多 50,000 行、10 MiB。文件名不能包含逗号。'],
    ['列', '可以按任意顺序排列；不需要的列可以删除。编号从 1 开始：目录号码 1、目录号码 2……'],
  ],
};

const about: Readonly<Record<TransactionType, Both>> = {
  'insert-phones-specific-details': [
    'Insert Phones - Specific Details: what a row does not say comes from the phone template chosen with the job. All rows are of the model of the template, and have no more lines than it.',
    '插入电话 - 特定详细信息：行中未说明的内容来自作业所选的电话模板。所有行都是模板的型号，线路数不多于模板。',
  ],
  'insert-phones-all-details': [
    'Insert Phones - All Details: each row says everything; no phone template. The export of phones writes this format.',
    '插入电话 - 所有详细信息：每行说明全部内容；不使用电话模板。导出电话使用此格式。',
  ],
  'update-phones': [
    'Update Phones - Custom File: a blank cell leaves what is there; <None> clears it.',
    '更新电话 - 自定义文件：空单元格保持原值；<None> 清除该值。',
  ],
  phones: [
    'Phones - Custom File: the phones to delete, or whose activation codes are meant.',
    '电话 - 自定义文件：要删除的电话，或其激活代码所涉及的电话。',
  ],
};

/** Two columns: what, and what about it. */
export function helpPage(
  transaction: TransactionType,
  fields: readonly string[],
  language: 'en' | 'zh-CN',
): readonly (readonly string[])[] {
  const of = language === 'en' ? 0 : 1;
  const seen = new Set<string>();
  const rows: string[][] = [];
  for (const field of fields) {
    const line = /^lines\[\d+\]\.(\w+)$/.exec(field)?.[1];
    const key = (line === undefined ? field : `line.${line}`) as HelpKey;
    if (seen.has(key)) continue;
    seen.add(key);
    rows.push([headingOfField(field, language), columns[key][of]]);
  }
  return [...intro[language], [transaction, about[transaction][of]], ['', ''], ...rows];
}
