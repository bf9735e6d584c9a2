import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberFormat, seenNumber } from './number-format.ts';

const seen = (raw: string, code: string, date1904 = false) => seenNumber(raw, numberFormat(999, code), date1904);

describe('a number in a sheet', () => {
  it.each([
    ['2501', 'General', '2501'],
    ['1.001E3', 'General', '1001'],
    ['12345678901', 'General', '12345678901'],
    ['2.5', 'General', '2.5'],
    ['-7', 'General', '-7'],
    ['123', '00000', '00123'],
    ['123456', '00000', '123456'],
    ['0', '0', '0'],
    ['0', '#', ''],
    ['112233445566', '0', '112233445566'],
    ['112233445566', '000000000000', '112233445566'],
    ['2501', '0_);(0)', '2501'],
    ['2501', '[Blue]0', '2501'],
    ['2501', '[$-409]0', '2501'],
    ['2501', '@', '2501'],
    ['999', '#,##0', '999'],
    ['2501', '0;-0;;@', '2501'],
  ])('%s in the format %s is %s, as a person sees it', (raw, code, exact) => {
    expect(seen(raw, code)).toEqual({ exact });
  });

  it.each([
    ['112233445566', 'General', 'format', '1.12233E+11', '112233445566'],
    ['46143', 'yyyy-mm-dd', 'date', '2026-05-01', '46143'],
    ['46143.5', 'd.m.yy h:mm', 'date', '2026-05-01 12:00', '46143.5'],
    ['0.75', 'h:mm', 'date', '18:00', '0.75'],
    ['46143', '[$-F800]dddd', 'date', '2026-05-01', '46143'],
    ['2501', '0.00', 'format', '2501.00', '2501'],
    ['2501', '#,##0', 'format', '2,501', '2501'],
    ['0.25', '0%', 'format', '25%', '0.25'],
    ['112233445566', '0.00E+00', 'format', '1.12E+11', '112233445566'],
    ['2501.4', '0', 'format', '2501', '2501.4'],
    ['2501', ';;;', 'format', '', '2501'],
    ['2501', '"+"0', 'format', null, '2501'],
    ['2501', '00\\:00', 'format', null, '2501'],
    ['2501', '"_1"0', 'format', null, '2501'],
    ['2501', '[$€-407]0', 'format', null, '2501'],
    ['2501', '[>=1000]0,;0', 'format', null, '2501'],
    ['2501', '[DBNum1]0', 'format', null, '2501'],
    ['1234567890123456', '0', 'precision', '1234567890123456', '1234567890123456'],
  ])('%s in the format %s is not what a person sees: %s %s', (raw, code, reason, shown, stored) => {
    expect(seen(raw, code)).toEqual({ reason, shown, stored });
  });

  it('counts the days of dates as the workbook does', () => {
    expect(seen('44681', 'yyyy-mm-dd', true)).toMatchObject({ shown: '2026-05-01' });
  });

  it('has the formats that have a number and no code', () => {
    expect(seenNumber('46143', numberFormat(14, undefined), false)).toMatchObject({ reason: 'date' });
    expect(seenNumber('46143', numberFormat(57, undefined), false)).toMatchObject({ reason: 'date' });
    expect(seenNumber('7', numberFormat(1, undefined), false)).toEqual({ exact: '7' });
    expect(seenNumber('7', numberFormat(42, undefined), false)).toMatchObject({ reason: 'format', shown: null });
  });

  it('is taken or refused whatever the format says, and never as other digits than it shows', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 99_999_999_999 }),
        fc.string({ unit: fc.constantFrom(...'0#?.,%E+-;[]"\\_*@ymdhs $General'), maxLength: 12 }),
        (number, code) => {
          const outcome = seen(String(number), code);
          if ('exact' in outcome) expect(Number(outcome.exact)).toBe(number);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('says of text whether the format shows it as something else', () => {
    expect(['@', 'General', '0', '0;-0;0;@'].map((code) => numberFormat(9, code).changesText)).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(['"SEP"@', '0;0;0;"x"@', ';;;'].map((code) => numberFormat(9, code).changesText)).toEqual([
      true,
      true,
      true,
    ]);
  });
});
