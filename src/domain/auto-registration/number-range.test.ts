import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEmpty, type NumberRange, rangeComplaint, searchOrder, sizeOf } from './number-range.ts';

describe('a directory number range', () => {
  it.each([
    ['1000', '1999', undefined],
    ['0000', '0000', undefined],
    ['1000', '999', /same number of digits/],
    ['2000', '1000', /before the starting one/],
    ['1O00', '1999', /digits only/],
    ['', '', /digits only/],
    ['1'.repeat(16), '2'.repeat(16), /at most 15/],
  ])('%s to %s', (start, end, complaint) => {
    const said = rangeComplaint({ start, end });
    if (complaint === undefined) expect(said).toBeUndefined();
    else expect(said?.detail).toMatch(complaint);
  });

  it('of equal numbers is off, and holds nothing', () => {
    expect([isEmpty({ start: '1000', end: '1000' }), sizeOf({ start: '1000', end: '1000' })]).toEqual([true, 0]);
    expect(sizeOf({ start: '0998', end: '1001' })).toBe(4);
  });
});

describe('the search for the next number', () => {
  const range = { start: '0998', end: '1002' };
  it.each([
    [undefined, [range]],
    [
      '0998',
      [
        { start: '0999', end: '1002' },
        { start: '0998', end: '0998' },
      ],
    ],
    [
      '0999',
      [
        { start: '1000', end: '1002' },
        { start: '0998', end: '0999' },
      ],
    ],
    ['1002', [range]],
    // The range was changed since.
    ['4711', [range]],
    ['998', [range]],
  ])('after %s goes on behind it and comes round', (last, expected) => {
    expect(searchOrder(range, last)).toEqual(expected);
  });

  it('looks at every number once, the last one given last', () => {
    const numbers = ({ start, end }: NumberRange) =>
      Array.from({ length: Number(end) - Number(start) + 1 }, (_, i) =>
        String(Number(start) + i).padStart(start.length, '0'),
      );
    fc.assert(
      fc.property(fc.nat(900), fc.integer({ min: 1, max: 60 }), fc.nat(59), (from, more, at) => {
        const wide = { start: String(from).padStart(4, '0'), end: String(from + more).padStart(4, '0') };
        const last = numbers(wide)[at % (more + 1)]!;
        const order = searchOrder(wide, last).flatMap(numbers);
        expect(new Set(order)).toEqual(new Set(numbers(wide)));
        expect(order).toHaveLength(more + 1);
        expect(order.at(-1)).toBe(last);
      }),
    );
  });
});
