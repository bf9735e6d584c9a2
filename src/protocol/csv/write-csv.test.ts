import { describe, expect, it } from 'vitest';
import { csvRecord } from './write-csv.ts';

describe('a CSV record (RFC 4180)', () => {
  it.each([
    [['a', 'b'], 'a,b\r\n'],
    [['', ''], ',\r\n'],
    [['say "hi"', 'a,b', 'one\r\ntwo'], '"say ""hi""","a,b","one\r\ntwo"\r\n'],
    [[' padded '], '" padded "\r\n'],
  ])('%j', (fields, record) => {
    expect(csvRecord(fields)).toBe(record);
  });

  it.each(['=1+1', '+1', '-1', '@x', ' =x', '\u00a0=x', '\tx', '\rx', '＝x'])(
    'never lets a spreadsheet run %j',
    (text) => {
      expect(csvRecord([text]).replace(/^"/, '')).toMatch(/^'/);
    },
  );
});
