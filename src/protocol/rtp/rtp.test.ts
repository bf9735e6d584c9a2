import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { alawOf, fromUlaw, sampleOfAlaw, sampleOfUlaw, silence, ulawOf } from './g711.ts';
import { readRtp, writeRtp } from './packet.ts';

describe('RTP', () => {
  it('reads what it writes', () => {
    const packet = fc.record({
      payloadType: fc.nat(127),
      marker: fc.boolean(),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffff_ffff),
      ssrc: fc.nat(0xffff_ffff),
      payload: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(packet, (sent) => {
        expect(readRtp(writeRtp(sent))).toEqual(sent);
      }),
    );
  });

  it('skips contributing sources, extension and padding', () => {
    const bytes = Uint8Array.of(
      ...[0xb1, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
      ...[9, 9, 9, 9],
      ...[0xbe, 0xde, 0, 1, 1, 2, 3, 4],
      ...[0x55, 0x66, 0, 0, 3],
    );
    const { payload, marker, sequence } = readRtp(bytes);
    expect([[...payload], marker, sequence]).toEqual([[0x55, 0x66], true, 1]);
  });

  it('refuses anything else, and never fails in another way', () => {
    expect(() => readRtp(Uint8Array.of(0x40, ...new Uint8Array(11)))).toThrow(MalformedError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          readRtp(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
  });
});

describe('G.711', () => {
  it('gives the octets of the recommendation', () => {
    expect([0, 32_635, -32_635, 1000, -1000].map(ulawOf)).toEqual([0xff, 0x80, 0x00, 0xce, 0x4e]);
    expect([0, 32_767, -32_768, 1000, -1000].map(alawOf)).toEqual([0xd5, 0xaa, 0x2a, 0xfa, 0x7a]);
    expect([sampleOfUlaw(0xff), sampleOfUlaw(0x80), sampleOfAlaw(0xaa)]).toEqual([0, 32_124, 32_256]);
  });

  it('comes back as the same octet, and near the sample', () => {
    for (let octet = 0; octet < 256; octet++) {
      // Two octets of μ-law are zero.
      if (octet !== 0x7f) expect(ulawOf(sampleOfUlaw(octet))).toBe(octet);
      expect(alawOf(sampleOfAlaw(octet))).toBe(octet);
    }
    fc.assert(
      fc.property(fc.integer({ min: -32_000, max: 32_000 }), (sample) => {
        const room = Math.abs(sample) / 16 + 16;
        expect(Math.abs(sampleOfUlaw(ulawOf(sample)) - sample)).toBeLessThan(room);
        expect(Math.abs(sampleOfAlaw(alawOf(sample)) - sample)).toBeLessThan(room);
      }),
    );
  });

  it('keeps silence silent from one law to the other', () => {
    expect([...fromUlaw(Uint8Array.of(silence.PCMU), 'PCMA')]).toEqual([silence.PCMA]);
    const same = Uint8Array.of(1, 2, 3);
    expect(fromUlaw(same, 'PCMU')).toBe(same);
  });
});
