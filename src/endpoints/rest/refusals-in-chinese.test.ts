import { describe, expect, it } from 'vitest';
import { tooManyGuesses } from '../../domain/access/access-fault.ts';
import { rangeComplaint } from '../../domain/auto-registration/number-range.ts';
import { refusalFrom } from '../../domain/bulk/job.ts';
import { readRow } from '../../domain/bulk/row-input.ts';
import { tellError } from '../../domain/bulk/texts.ts';
import { readLines, requireFit } from '../../domain/devices/lines.ts';
import { readLoadName } from '../../domain/devices/load-names.ts';
import { readMac, requireModel } from '../../domain/devices/naming.ts';
import {
  inUse,
  invalidValue,
  nameTaken,
  unknownReference,
  versionConflict,
} from '../../domain/settings/setting-fault.ts';
import { say } from '../../texts/say.ts';
import { tell } from '../../texts/tell.ts';
import { wordsZh } from '../../texts/zh/words.ts';
import { sentencesZh } from '../../texts/zh.ts';
import { presentProblem } from './problem.ts';

const refused = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it was not refused');
};

/** The document as a page gets it, said in Chinese. */
function inChinese(error: unknown): string {
  const { code } = error as { readonly code: string };
  const body = JSON.parse(JSON.stringify(presentProblem(error, { [code]: { status: 400, title: 't' } }).body)) as {
    readonly code: string;
    readonly text: string;
    readonly values: Readonly<Record<string, string | number>>;
  };
  const told = tell(body, sentencesZh, wordsZh)!;
  return `${told.detail} ${told.remedy}`;
}

const eight = Array.from({ length: 8 }, () => 'x');

describe('a refusal said in Chinese', () => {
  it.each([
    ['a model', () => refused(() => requireModel('Cisco 9999')), ['Cisco 9999', '8845']],
    ['a MAC address', () => refused(() => readMac('00112233445G')), ['00112233445G']],
    [
      'a line that is there twice',
      () => refused(() => readLines([{ directoryNumber: '4711' }, { directoryNumber: '4711' }])),
      ['4711', '1', '2'],
    ],
    [
      'a busy trigger',
      () => refused(() => readLines([{ directoryNumber: '4711', maxCalls: 3, busyTrigger: 9 }])),
      ['3', '9'],
    ],
    [
      'lines that do not fit',
      () => refused(() => requireFit({ name: 'Nine', model: undefined, lines: 2 } as never, 'Cisco 8845', 7)),
      ['Nine', '7', '2'],
    ],
    [
      'a firmware load',
      () => refused(() => readLoadName('sip78xx/1-2-3', requireModel('Cisco 8845'), 'load')),
      ['sip78xx/1-2-3'],
    ],
    ['a kind and a name', () => unknownReference('devicePool', 'device pool', 'Berlin'), ['设备池', 'Berlin']],
    ['a name that is taken', () => nameTaken('SIP profile', 'Standard 7'), ['Standard 7']],
    [
      'what uses an object',
      () => inUse('device pool', 'Berlin', [{ kind: 'phone', count: 12, names: eight }]),
      ['Berlin', '12'],
    ],
    ['what changed meanwhile', () => versionConflict('device pool', 'Berlin', 3), ['Berlin']],
    ['how long to wait', () => tooManyGuesses(840), ['14']],
    [
      'a limit of digits',
      () => invalidValue('endingDirectoryNumber', rangeComplaint({ start: '1'.repeat(16), end: '2'.repeat(16) })!),
      ['15'],
    ],
  ] as const)('names %s', (_, make, facts) => {
    const text = inChinese(make());
    for (const fact of facts) expect(text).toContain(fact);
    expect(text).not.toMatch(/\{\w+\}/);
  });

  it('names the limit a cell of a file breaks, the phones of a shared line and the rows of a job', () => {
    const { errors } = readRow([{ heading: 'DESCRIPTION', field: 'description' }], ['x'.repeat(200)]);
    expect(tellError(errors[0]!, 'zh-CN').detail).toMatch(/超过 \d+ 个字符/);
    const refusal = { ...refusalFrom(say('mac_with_dummy.rows', { rows: 31 })), value: '' };
    expect(tellError(refusal, 'zh-CN').detail).toContain('31');
    expect(tellError(refusal, 'en').detail).toContain('31');
  });

  it('says of a row that an older release stored what is known: its code and its value', () => {
    const stored = { code: 'damaged', value: 'x', message: 'The workbook is damaged.', remedy: 'Save it again.' };
    expect(tellError(stored, 'zh-CN').detail).toBe('工作簿已损坏。');
  });
});
