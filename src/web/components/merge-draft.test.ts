import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeDraft, mergeValue } from './merge-draft.ts';

const line = (directoryNumber: string, more: object = {}) => ({ directoryNumber, partition: '', label: '', ...more });

describe('merging what was typed with what somebody else saved', () => {
  it('keeps both when they changed different fields, and tells of theirs', () => {
    const merged = mergeDraft({ a: 'old', b: 'old' }, { a: 'mine' }, { a: 'old', b: 'theirs' });
    expect(merged).toEqual({
      typed: { a: 'mine' },
      others: [{ field: 'b', was: 'old', theirs: 'theirs', clash: false }],
    });
  });

  it('asks when both changed one field to different values, and keeps what was typed meanwhile', () => {
    const merged = mergeDraft({ a: 'old' }, { a: 'mine' }, { a: 'theirs' });
    expect(merged.typed).toEqual({ a: 'mine' });
    expect(merged.others).toEqual([{ field: 'a', was: 'old', theirs: 'theirs', clash: true }]);
  });

  it('sees no clash when both typed the same', () => {
    expect(mergeDraft({ a: 'old' }, { a: 'new' }, { a: 'new' }).others).toMatchObject([{ clash: false }]);
  });

  it('keeps a line that somebody else added while another one was being labelled', () => {
    const was = [line('1001')];
    const mine = [line('1001', { label: 'Front desk' })];
    const theirs = [line('1001'), line('299991')];
    expect(mergeValue(was, mine, theirs)?.value).toEqual([line('1001', { label: 'Front desk' }), line('299991')]);
  });

  it('merges two labels of two lines, and two settings of one line', () => {
    const was = [line('1001'), line('1002')];
    const mine = [line('1001', { label: 'A' }), line('1002')];
    const theirs = [line('1001', { display: 'Anna' }), line('1002', { label: 'B' })];
    expect(mergeValue(was, mine, theirs)?.value).toEqual([
      line('1001', { display: 'Anna', label: 'A' }),
      line('1002', { label: 'B' }),
    ]);
  });

  it('asks when one removed the line that the other changed', () => {
    const was = [line('1001'), line('1002')];
    expect(mergeValue(was, [line('1001')], [line('1001'), line('1002', { label: 'B' })])).toBeUndefined();
    expect(mergeValue(was, [line('1001'), line('1002', { label: 'B' })], [line('1001')])).toBeUndefined();
  });

  it('follows whoever moved lines, and asks when both did', () => {
    const was = ['a', 'b', 'c'];
    expect(mergeValue(was, ['b', 'a', 'c'], ['a', 'b', 'c', 'd'])?.value).toEqual(['b', 'a', 'c', 'd']);
    expect(mergeValue(was, ['a', 'b', 'c', 'd'], ['c', 'b', 'a'])?.value).toEqual(['c', 'b', 'a', 'd']);
    expect(mergeValue(was, ['b', 'a', 'c'], ['a', 'c', 'b'])).toBeUndefined();
  });

  it('merges a group of settings entry by entry', () => {
    const was = { webAccess: 'disabled', sshAccess: 'disabled' };
    expect(mergeValue(was, { ...was, webAccess: 'enabled' }, { ...was, sshAccess: 'enabled' })?.value).toEqual({
      webAccess: 'enabled',
      sshAccess: 'enabled',
    });
  });

  const values = fc.oneof(
    fc.string({ maxLength: 2 }),
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constantFrom('1', '2', '3')),
  );

  it('gives back the one side that changed anything, whichever it is', () => {
    fc.assert(
      fc.property(values, values, (was, changed) => {
        expect(mergeValue(was, changed, was)).toEqual({ value: changed });
        expect(mergeValue(was, was, changed)).toEqual({ value: changed });
        expect(mergeValue(was, changed, changed)).toEqual({ value: changed });
      }),
    );
  });

  it('never loses an entry that either side added', () => {
    const lists = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(lists, lists, lists, (was, mine, theirs) => {
        const merged = mergeValue(was, mine, theirs);
        if (merged === undefined) return;
        const added = [...mine, ...theirs].filter((entry) => !was.includes(entry));
        expect(merged.value).toEqual(expect.arrayContaining(added));
      }),
    );
  });
});
