import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { chooseAudio, readSession, writeAnswer } from './audio.ts';

const session = (...lines: readonly string[]) =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.1', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', ...lines, ''].join('\r\n');
const phone = session(
  'm=audio 16384 RTP/AVP 114 9 8 0 101',
  'a=rtpmap:114 opus/48000/2',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=sendrecv',
  'm=video 16386 RTP/AVP 97',
  'c=IN IP4 192.0.2.2',
  'a=rtpmap:97 H264/90000',
);

describe('an offer', () => {
  it('of a desk phone gives the first law it prefers, and its events', () => {
    expect(chooseAudio(readSession(phone))).toEqual({
      index: 0,
      codec: 'PCMA',
      payloadType: 8,
      telephoneEvent: 101,
      address: '192.0.2.1',
      port: 16_384,
      receives: true,
      crypto: undefined,
    });
  });

  it.each([
    [
      'static payload types without a map',
      session('m=audio 4000 RTP/AVP 0'),
      { codec: 'PCMU', telephoneEvent: undefined },
    ],
    [
      'a law under another number',
      session('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 pcmu/8000/1'),
      { codec: 'PCMU', payloadType: 97 },
    ],
    ['an address of its own', session('m=audio 4000 RTP/AVP 0', 'c=IN IP6 2001:db8::1'), { address: '2001:db8::1' }],
    ['a stream on hold', session('m=audio 4000 RTP/AVP 0', 'a=sendonly'), { receives: false }],
    ['the second stream', session('m=audio 0 RTP/AVP 0', 'm=audio 4002 RTP/AVP 0'), { index: 1, port: 4002 }],
  ])('with %s', (_, text, expected) => {
    expect(chooseAudio(readSession(text))).toMatchObject(expected);
  });

  it.each([
    ['only encrypted audio', session('m=audio 4000 RTP/SAVP 0')],
    ['only other codecs', session('m=audio 4000 RTP/AVP 9', 'a=rtpmap:9 G722/8000')],
    ['a wide-band clock', session('m=audio 4000 RTP/AVP 97', 'a=rtpmap:97 PCMU/16000')],
    ['no stream', session()],
    ['no address', 'v=0\r\nm=audio 4000 RTP/AVP 0\r\n'],
  ])('with %s is none for us', (_, text) => {
    expect(chooseAudio(readSession(text))).toBeUndefined();
  });

  it('is read, or refused as malformed, whatever it is', () => {
    const line = fc.constantFrom(
      'm=audio 1 RTP/AVP 0',
      'm=audio x',
      'c=IN IP4 1.2.3.4',
      'c=x',
      'a=b',
      'q',
      '',
      'm=audio 99999 RTP/AVP 0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string()), { maxLength: 12 }), (lines) => {
        try {
          chooseAudio(readSession(lines.join('\n')));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
    );
    expect(() => readSession(`v=0\r\n${'a=x\r\n'.repeat(5000)}`)).toThrow(MalformedError);
  });
});

describe('an answer', () => {
  it('takes the chosen stream and refuses the others, in their order', () => {
    const offer = readSession(phone);
    const parts = {
      offer,
      chosen: chooseAudio(offer)!,
      address: '192.0.2.9',
      port: 24_576,
      master: new Uint8Array(30).fill(0xfb),
      sessionId: '7',
      sessionVersion: 1,
    };
    const answer = readSession(writeAnswer(parts));
    expect(answer.media.map(({ kind, port }) => [kind, port])).toEqual([
      ['audio', 24_576],
      ['video', 0],
    ]);
    expect(chooseAudio(answer)).toMatchObject({
      codec: 'PCMA',
      payloadType: 8,
      telephoneEvent: 101,
      address: '192.0.2.9',
    });
    expect(writeAnswer({ ...parts, address: '2001:db8::9' })).toContain('c=IN IP6 2001:db8::9');
  });
});

describe('an offer with keys', () => {
  const key = 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';
  const secure = (...lines: readonly string[]) => session('m=audio 4000 RTP/SAVP 0', ...lines);

  it.each([
    ['of the one suite', [`a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`], 'AES_CM_128_HMAC_SHA1_80'],
    ['with a lifetime', [`a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:${key}|2^20`], 'AES_CM_128_HMAC_SHA1_32'],
    [
      'behind others that cannot be used',
      [
        `a=crypto:1 AEAD_AES_256_GCM inline:${key}${key}`,
        `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${key}|1:4`,
        `a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:${key} UNENCRYPTED_SRTP`,
        `a=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${key}`,
      ],
      'AES_CM_128_HMAC_SHA1_80',
    ],
  ])('%s is answered with ours, under its tag', (_, lines, suite) => {
    const offer = readSession(secure(...lines));
    const chosen = chooseAudio(offer)!;
    expect(chosen.crypto).toMatchObject({ suite, tag: /crypto:(\d+)/.exec(lines.at(-1)!)![1] });
    const answer = writeAnswer({
      offer,
      chosen,
      address: '192.0.2.9',
      port: 4002,
      master: new Uint8Array(30).fill(0xfb),
      sessionId: '7',
      sessionVersion: 1,
    });
    expect(answer).toContain('m=audio 4002 RTP/SAVP 0');
    expect(chooseAudio(readSession(answer))!.crypto).toEqual({
      ...chosen.crypto,
      master: new Uint8Array(30).fill(0xfb),
    });
  });

  it.each([
    ['is left out', []],
    ['is too short', ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA']],
  ])('is none for us when the key %s', (_, lines) => {
    expect(chooseAudio(readSession(secure(...lines)))).toBeUndefined();
  });
});
