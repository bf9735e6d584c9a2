import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../kernel/bytes.ts';
import { readManifest } from './firmware.ts';

const sha = 'ab'.repeat(32);

describe('a load manifest', () => {
  it('names an image a line', () => {
    expect(readManifest(utf8(`# load\na.sbn 12 ${sha}\r\nb.sbn\t3 ${sha}\n`))).toEqual([
      { name: 'a.sbn', size: 12, sha256: sha },
      { name: 'b.sbn', size: 3, sha256: sha },
    ]);
  });

  it.each([
    ['binary', Uint8Array.of(0xff, 0x00)],
    ['prose', utf8('hello world')],
    ['a path', utf8(`../a.sbn 12 ${sha}`)],
    ['one bad line', utf8(`a.sbn 12 ${sha}\nb.sbn 12`)],
  ])('that is %s counts as no manifest', (_, bytes) => {
    expect(readManifest(bytes)).toEqual([]);
  });

  it('never fails on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Array.isArray(readManifest(bytes))).toBe(true);
      }),
    );
  });
});
