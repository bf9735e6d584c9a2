import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { decodePacket, encodePacket, type TftpPacket } from './packet.ts';

const ascii = (max: number) =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((n) => String.fromCharCode(n)),
    minLength: 1,
    maxLength: max,
  });
const options = fc.uniqueArray(fc.record({ name: ascii(10).map((s) => s.toLowerCase()), value: ascii(6) }), {
  maxLength: 6,
  selector: (option) => option.name,
});
const word = fc.integer({ min: 0, max: 0xffff });
const packet: fc.Arbitrary<TftpPacket> = fc.oneof(
  fc.record({
    type: fc.constantFrom('rrq' as const, 'wrq' as const),
    fileName: ascii(60),
    mode: ascii(9).map((s) => s.toLowerCase()),
    options,
  }),
  fc.record({ type: fc.constant('data' as const), block: word, data: fc.uint8Array({ maxLength: 1500 }) }),
  fc.record({ type: fc.constant('ack' as const), block: word }),
  fc.record({ type: fc.constant('error' as const), code: word, message: ascii(60) }),
  fc.record({ type: fc.constant('oack' as const), options: options.filter((list) => list.length > 0) }),
);

describe('TFTP packets (RFC 1350 §5, RFC 2347)', () => {
  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(packet, (each) => {
        expect(decodePacket(encodePacket(each))).toEqual(each);
      }),
    );
  });

  it('answers any octets with a packet or MalformedError, nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 600 }), (code, rest) => {
        const bytes = Uint8Array.of(0, code, ...rest);
        try {
          decodePacket(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 500 },
    );
  });

  const rrq = (text: string) => Uint8Array.from([0, 1, ...new TextEncoder().encode(text)]);
  it.each([
    ['a runt', Uint8Array.of(0, 1, 0)],
    ['nothing', new Uint8Array(0)],
    ['an unknown opcode', Uint8Array.of(0, 9, 0, 0)],
    ['a mode without its NUL', rrq('a\0octet')],
    ['a name without its NUL', rrq('octet')],
    ['an option without a value', rrq('a\0octet\0blksize\0')],
    ['a repeated option', rrq('a\0octet\0blksize\x00512\0BLKSIZE\x001024\0')],
    ['a control character in the mode', rrq('a\0oc\ntet\0')],
    [
      'more options than any client sends',
      rrq(`a\0octet\0${Array.from({ length: 20 }, (_, i) => `o${i}\x001\0`).join('')}`),
    ],
    ['a request above 2048 octets', rrq(`${'a'.repeat(2100)}\0octet\0`)],
    ['an ACK with a tail', Uint8Array.of(0, 4, 0, 1, 0)],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodePacket(bytes)).toThrow(MalformedError);
  });

  it('refuses to write what would not survive the wire', () => {
    expect(() => encodePacket({ type: 'error', code: 0, message: 'a\0b' })).toThrow(RangeError);
  });
});
