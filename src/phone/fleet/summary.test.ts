import { describe, expect, it } from 'vitest';
import { failedResult, type PhoneResult } from '../terminal/result.ts';
import { percentiles, summarise } from './summary.ts';

const registered = (total: number | undefined, tookMs: number): PhoneResult => ({
  phone: 'SEP020000000001',
  registered: true,
  tookMs,
  parts: { start: 1, prove: 2, configuration: 3, register: 4, total },
});
const failed = (code: 'busy' | 'code_expired') => failedResult('SEP020000000002', { code, message: 'no' }, 5);

describe('the summary of a fleet', () => {
  it('counts reasons, most frequent first, each with its remedy', () => {
    const summary = summarise(
      [failed('busy'), failed('code_expired'), failed('code_expired'), registered(100, 150)],
      2000,
    );
    expect(summary).toMatchObject({
      phones: 4,
      registered: 1,
      failed: 3,
      perSecond: 0.5,
      entryToRing: { p50: 100, p99: 100, max: 100 },
      powerToRing: { p50: 150 },
      reasons: [
        { fault: 'code_expired', phones: 2, remedy: expect.stringContaining('release') },
        { fault: 'busy', phones: 1 },
      ],
    });
  });

  it('leaves phones that needed no code out of the time from the code', () => {
    expect(summarise([registered(undefined, 40)], 100).entryToRing).toBeUndefined();
  });
});

describe('percentiles', () => {
  it('are nearest ranks, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentiles(values)).toEqual({ p50: 50, p99: 99, max: 100 });
  });

  it('of one value are that value', () => {
    expect(percentiles([7])).toEqual({ p50: 7, p99: 7, max: 7 });
  });

  it('of nothing are nothing', () => {
    expect(percentiles([])).toBeUndefined();
  });
});
