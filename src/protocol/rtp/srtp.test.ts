import { createCipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { writeRtp } from './packet.ts';
import { type SrtpCrypto, SrtpReceiver, SrtpSender, sessionKeys, srtpSuites } from './srtp.ts';

const crypto: SrtpCrypto = {
  aesCtr: (key, counter, data) => createCipheriv('aes-128-ctr', key, counter).update(data),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};
const master = fromHex('E1F97A0D3E018BE0D64FA32C06DE4139' + '0EC675AD498AFEEBB6960B3AABE6');
const packet = (sequence: number, payload = Uint8Array.of(1, 2, 3), ssrc = 7) =>
  writeRtp({ payloadType: 0, marker: false, sequence: sequence & 0xffff, timestamp: sequence * 160, ssrc, payload });

describe('SRTP', () => {
  it('derives the session keys of RFC 3711 appendix B.3', () => {
    const keys = sessionKeys(crypto, master);
    expect(toHex(keys.cipher).toUpperCase()).toBe('C61E7A93744F39EE10734AFE3FF7A087');
    expect(toHex(keys.salt).toUpperCase()).toBe('30CBBC08863D8C85D49DB34A9AE1');
    expect(toHex(keys.authentication).toUpperCase()).toBe('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4');
  });

  it.each(srtpSuites)(
    'opens what it protects, in any order within the window, past the end of the sequence numbers (%s)',
    (suite) => {
      const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 2, maxLength: 30 });
      fc.assert(
        fc.property(payloads, fc.constantFrom(0, 0xfff0, 0x7ff0), fc.nat(4), (sent, first, swap) => {
          const sender = new SrtpSender(crypto, suite, master);
          const receiver = new SrtpReceiver(crypto, suite, master);
          const plain = sent.map((payload, i) => packet(first + i, payload));
          const order = plain.map((bytes, i) => ({
            bytes,
            sealed: sender.protect(bytes),
            at: i === 0 ? -1 : i - (i % (swap + 1)),
          }));
          for (const { bytes, sealed } of order.toSorted((a, b) => a.at - b.at)) {
            expect(toHex(receiver.unprotect(sealed))).toBe(toHex(bytes));
          }
        }),
      );
    },
  );

  it('hides the payload and leaves the header', () => {
    const plain = packet(1, new Uint8Array(160).fill(0xff));
    const sealed = new SrtpSender(crypto, 'AES_CM_128_HMAC_SHA1_80', master).protect(plain);
    expect(sealed).toHaveLength(plain.length + 10);
    expect(toHex(sealed.subarray(0, 12))).toBe(toHex(plain.subarray(0, 12)));
    expect(new Set(sealed.subarray(12, 172)).size).toBeGreaterThan(50);
  });

  it('refuses what was changed, repeated, too old, cut off, or made with another key', () => {
    const sender = new SrtpSender(crypto, 'AES_CM_128_HMAC_SHA1_80', master);
    const receiver = new SrtpReceiver(crypto, 'AES_CM_128_HMAC_SHA1_80', master);
    const [old, ...rest] = Array.from({ length: 80 }, (_, i) => sender.protect(packet(i + 1)));
    const changed = rest[0]!.slice();
    changed[13]! ^= 1;
    expect(() => receiver.unprotect(changed)).toThrow(/not authentic/);
    for (const each of rest) receiver.unprotect(each);
    expect(() => receiver.unprotect(rest.at(-1)!)).toThrow(/came before/);
    expect(() => receiver.unprotect(old!)).toThrow(/came before/);
    expect(() => receiver.unprotect(old!.subarray(0, 15))).toThrow(MalformedError);
    const other = new SrtpSender(
      crypto,
      'AES_CM_128_HMAC_SHA1_80',
      master.map((octet) => octet ^ 1),
    );
    expect(() => receiver.unprotect(other.protect(packet(81)))).toThrow(/not authentic/);
    expect(() => sessionKeys(crypto, master.subarray(1))).toThrow(MalformedError);
  });

  it('fails in no other way, whatever comes', () => {
    const receiver = new SrtpReceiver(crypto, 'AES_CM_128_HMAC_SHA1_32', master);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => receiver.unprotect(bytes)).toThrow(MalformedError);
      }),
    );
  });
});
