import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { planFleet, readCodes } from './plan.ts';

const first = '020000000001' as MacAddress;
const plan = (changes: Partial<Parameters<typeof planFleet>[0]>) =>
  planFleet({ count: 3, codes: [], firstMac: first, spreadMs: 0, random: () => 0, ...changes });

describe('the codes of a fleet', () => {
  it('stand one a line, with a MAC or without, in any spelling', () => {
    const text =
      '\ufeffcode,mac\n0000-0001-2345-6780\n\n# a comment\nOAC1:4273819502648313, 00:11:22:33:44:55\r\n"4273 8195 0264 8332"\t\n';
    expect(readCodes(text)).toEqual([
      { code: '0000000123456780', mac: undefined },
      { code: '4273819502648313', mac: '001122334455' },
      { code: '4273819502648332', mac: undefined },
    ]);
  });

  it.each([
    ['a wrong digit', '0000000123456781', 'code_check_digit', 'Line 1 '],
    ['too few digits', '# one\n123', 'code_length', 'Line 2 '],
    ['a MAC that is none', '0000000123456780,zz', 'usage', 'Line 1 '],
    ['a repetition', '0000000123456780\n0000-0001-2345-6780', 'usage', 'Line 2 of the codes repeats line 1'],
  ])('are refused for %s, by the number of the line', (_, text, code, words) => {
    expect(() => readCodes(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(words) }));
  });
});

describe('the plan of a fleet', () => {
  it('counts the MAC addresses up and passes over those in the file', () => {
    const codes = readCodes('0000000123456780\n4273819502648313,02:00:00:00:00:02\n4273819502648332');
    expect(plan({ codes }).map(({ mac }) => mac)).toEqual(['020000000001', '020000000002', '020000000003']);
  });

  it('gives every phone a MAC of its own and every code to one phone, and starts within the spread', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.nat({ max: 10_000 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (count, spreadMs, randoms) => {
          const random = () => randoms.next().value as number;
          const planned = plan({ count, spreadMs, random });
          expect(new Set(planned.map(({ mac }) => mac)).size).toBe(count);
          expect(new Set(planned.map(({ index }) => index)).size).toBe(count);
          let before = 0;
          for (const { startAfterMs } of planned) {
            expect(startAfterMs).toBeGreaterThanOrEqual(before);
            expect(startAfterMs).toBeLessThanOrEqual(spreadMs);
            before = startAfterMs;
          }
        },
      ),
    );
  });

  it('is refused when there are fewer codes than phones', () => {
    expect(() => plan({ codes: readCodes('0000000123456780') })).toThrow(/3 phones are wanted, but there are 1 codes/);
  });

  it('is refused when the MAC addresses run into the multicast ones', () => {
    expect(() => plan({ firstMac: '02FFFFFFFFFF' as MacAddress })).toThrow(/There are not 3 MAC addresses/);
  });
});
