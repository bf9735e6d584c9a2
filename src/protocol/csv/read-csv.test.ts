import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvEncodingError, CsvError, CsvReader, csvDelimiter, csvRecords } from './read-csv.ts';
import { csvRecord } from './write-csv.ts';

const whole = (text: string, delimiter = ',') => {
  const reader = new CsvReader(delimiter);
  return [...reader.push(text), ...reader.end()];
};

async function* pieces(...parts: readonly Uint8Array[]) {
  yield* parts;
}
const collect = async <T>(from: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const each of from) all.push(each);
  return all;
};

describe('a CSV reader', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a\rb\r', [['a'], ['b']]],
    ['a,,\n', [['a', '', '']]],
    ['"a,1","say ""hi"""\n', [['a,1', 'say "hi"']]],
    ['"two\r\nlines",x\n', [['two\r\nlines', 'x']]],
    ['5" disk,y\n', [['5" disk', 'y']]],
    ['""\n', [['']]],
    ['\n\n', [[''], ['']]],
    ['', []],
    ['a,', [['a', '']]],
  ])('reads %j', (text, records) => {
    expect(whole(text).map((each) => each.fields)).toEqual(records);
  });

  it('says the line each record begins on, quoted line ends counted', () => {
    expect(whole('h\n"a\nb"\nc\r\n\r\nd').map((each) => each.line)).toEqual([1, 2, 4, 5, 6]);
  });

  it.each([
    ['a\n"open\nx', 'quote_open', 2],
    ['a\n"x"y\n', 'quote_garbage', 2],
    [`a\n${'x'.repeat(5000)}\n`, 'field_too_long', 2],
    [`${','.repeat(2000)}\n`, 'too_many_fields', 1],
  ])('refuses %j', (text, problem, line) => {
    const error = (() => {
      try {
        whole(text);
        return undefined;
      } catch (thrown) {
        return thrown as CsvError;
      }
    })();
    expect(error).toBeInstanceOf(CsvError);
    expect([error!.problem, error!.line]).toEqual([problem, line]);
  });

  it('reads back whatever is written, cut into pieces anywhere', () => {
    const field = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', ' '), maxLength: 8 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (records, cuts) => {
          const text = records
            .map((fields) => fields.map((each) => `"${each.replaceAll('"', '""')}"`).join(','))
            .join('\r\n');
          const reader = new CsvReader();
          const points = [...new Set([0, ...cuts.map((each) => Math.min(each, text.length)), text.length])].toSorted(
            (a, b) => a - b,
          );
          const read = points.slice(1).flatMap((to, index) => reader.push(text.slice(points[index], to)));
          read.push(...reader.end());
          expect(read.map((each) => each.fields)).toEqual(records);
        },
      ),
    );
  });

  it('reads what our own writer writes, but for the apostrophes that keep formulas from running', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 2, maxLength: 6 }),
        (fields) => {
          const [read] = whole(csvRecord(fields));
          expect(read!.fields.map((each, index) => (each === `'${fields[index]}` ? fields[index] : each))).toEqual(
            fields,
          );
        },
      ),
    );
  });

  it.each([
    ['a,b;c', ','],
    ['a;b;c', ';'],
    ['a\tb', '\t'],
    ['alone', ','],
    ['"a;b",c', ','],
  ])('knows what stands between the fields of %j', (heading, delimiter) => {
    expect(csvDelimiter(heading)).toBe(delimiter);
  });
});

describe('the octets of a CSV file', () => {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  const utf16 = (text: string) =>
    Uint8Array.from([0xff, 0xfe, ...new Uint8Array(Uint16Array.from([...text].map((c) => c.charCodeAt(0))).buffer)]);

  it.each([
    ['UTF-8', [utf8('a,电话\n1,2')]],
    ['UTF-8 with a byte order mark', [Uint8Array.of(0xef, 0xbb, 0xbf), utf8('a,电话\n1,2')]],
    ['a mark in two pieces', [Uint8Array.of(0xef), Uint8Array.of(0xbb, 0xbf, ...utf8('a,电话\n1,2'))]],
    ['characters in two pieces', [utf8('a,电话\n1,2').subarray(0, 4), utf8('a,电话\n1,2').subarray(4)]],
    ['UTF-16, tabs, as a spreadsheet saves it', [utf16('a\t电话\n1\t2')]],
  ])('may be %s', async (_, parts) => {
    expect((await collect(csvRecords(pieces(...parts)))).map((each) => each.fields)).toEqual([
      ['a', '电话'],
      ['1', '2'],
    ]);
  });

  it('may not be of another encoding', async () => {
    await expect(collect(csvRecords(pieces(Uint8Array.of(0x61, 0x2c, 0xb5, 0xe7, 0xbb, 0xb0))))).rejects.toBeInstanceOf(
      CsvEncodingError,
    );
  });
});
