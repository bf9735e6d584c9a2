import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import {
  derBoolean,
  derChildren,
  derNamedBits,
  derObjectIdentifier,
  derOctetAligned,
  derTime,
  derUnsigned,
  readDer,
} from './der.ts';
import { MalformedError } from './errors.ts';

const der = (hex: string) => readDer(fromHex(hex));

describe('DER', () => {
  it.each([
    ['a length in the long form that is short', '048101aa'],
    ['a length with a leading zero', '0482000400000000'],
    ['an indefinite length', '30800000'],
    ['a length of four octets', '048400000001aa'],
    ['a cut element', '0402aa'],
    ['something behind it', '0401aa00'],
    ['a long tag', '1f8101aa'],
    ['nothing', ''],
  ])('refuses %s', (_, hex) => expect(() => der(hex)).toThrow(MalformedError));

  it('reads object identifiers', () => {
    expect(derObjectIdentifier(der('06092a864886f70d01010b'))).toBe('1.2.840.113549.1.1.11');
    expect(derObjectIdentifier(der('0603550403'))).toBe('2.5.4.3');
    for (const bad of ['0600', '060380 01', '06028001', '060181']) {
      expect(() => derObjectIdentifier(der(bad.replace(' ', '')))).toThrow(MalformedError);
    }
  });

  it('reads integers that are written in one way only', () => {
    expect(derUnsigned(der('020100'))).toEqual(Uint8Array.of(0));
    expect(derUnsigned(der('02020080'))).toEqual(Uint8Array.of(0x80));
    for (const bad of ['0200', '020180', '0202007f']) expect(() => derUnsigned(der(bad))).toThrow(MalformedError);
  });

  it('reads booleans, bits and octets strictly', () => {
    expect(derBoolean(der('0101ff'))).toBe(true);
    expect(() => derBoolean(der('010101'))).toThrow(MalformedError);
    expect(derNamedBits(der('03020780'))).toEqual([true]);
    expect(() => derNamedBits(der('03020781'))).toThrow(MalformedError);
    expect(derOctetAligned(der('030200aa'))).toEqual(Uint8Array.of(0xaa));
    expect(() => derOctetAligned(der('030201aa'))).toThrow(MalformedError);
  });

  it('reads both kinds of time, the century as RFC 5280 has it, and no impossible ones', () => {
    const time = (tag: string, text: string) =>
      derTime(der(`${tag}${text.length.toString(16).padStart(2, '0')}${Buffer.from(text).toString('hex')}`));
    expect(time('17', '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(time('17', '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(time('18', '20990228120000Z')).toBe(Date.UTC(2099, 1, 28, 12));
    for (const bad of ['210229000000Z', '211301000000Z', '210101240000Z', '2101010000Z', '210101000000+0100']) {
      expect(() => time('17', bad)).toThrow(MalformedError);
    }
  });

  it('throws nothing but MalformedError, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const walk = (octets: Uint8Array, depth: number): void => {
          try {
            for (const child of derChildren(readDer(octets))) if (depth < 5) walk(child.encoded, depth + 1);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        };
        walk(bytes, 0);
      }),
    );
  });
});
