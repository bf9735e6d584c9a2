import { describe, expect, it } from 'vitest';
import { contentVersion } from './content-version.ts';

describe('the version of a content', () => {
  it('is the same for the same content, another for another, and fits a header', () => {
    expect(contentVersion({ value: '72' })).toBe(contentVersion({ value: '72' }));
    expect(contentVersion({ value: '72' })).not.toBe(contentVersion({ value: '27' }));
    expect(Number.isSafeInteger(contentVersion({ value: '设备' }))).toBe(true);
  });
});
