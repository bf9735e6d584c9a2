import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import { formatAddress, parseAddress } from './address.ts';
import { quote } from './grammar.ts';
import { judgeMessage } from './judge.ts';
import { maxMessageBytes } from './limits.ts';
import { field, header, headerAll, type SipRequest } from './message.ts';
import { readMessage } from './read.ts';
import { type StreamFrame, StreamFramer } from './stream.ts';
import { encodeUser, formatUri, parseSipUri, sameUri } from './uri.ts';
import { formatVia, parseVia } from './via.ts';
import { writeMessage } from './write.ts';

const charsOf = (text: string) => fc.constantFrom(...text);
const tokenText = fc.string({ unit: charsOf("abcXYZ019-.!%*_+`'~"), minLength: 1, maxLength: 12 });
const hostText = fc
  .oneof(
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
  )
  .map((host) => host.toLowerCase());
const port = fc.option(fc.integer({ min: 1, max: 65_535 }), { nil: undefined });
const uriParam = fc.tuple(
  fc.string({ unit: charsOf('abcdefgh'), minLength: 1, maxLength: 6 }),
  fc.option(fc.string({ unit: charsOf("ab1-_.!~*'()[]/:&+$"), minLength: 1, maxLength: 6 }), { nil: undefined }),
);
const uniqueParams = <T>(item: fc.Arbitrary<readonly [string, T]>) =>
  fc.uniqueArray(item, { maxLength: 3, selector: ([name]) => name.toLowerCase() });
const uri = fc.record({
  scheme: fc.constantFrom('sip' as const, 'sips' as const),
  user: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).map(encodeUser), { nil: undefined }),
  password: fc.constant(undefined),
  host: hostText,
  port,
  params: uniqueParams(uriParam),
  headers: fc.constant(undefined),
});
const headerParam = fc.tuple(
  tokenText,
  fc.option(fc.oneof(tokenText, fc.string({ maxLength: 8, unit: charsOf('ab "\\,;<>=@') }).map(quote)), {
    nil: undefined,
  }),
);
const address = fc.record({
  display: fc.option(fc.oneof(tokenText, fc.string({ unit: charsOf('ab "\\,;<>é界'), maxLength: 8 }).map(quote)), {
    nil: undefined,
  }),
  uriText: uri.map(formatUri),
  params: uniqueParams(headerParam),
});
const via = fc.record({
  transport: fc.constantFrom('UDP', 'TCP', 'TLS', 'SCTP'),
  host: hostText,
  port,
  params: uniqueParams(headerParam),
});
const request: fc.Arbitrary<SipRequest> = fc
  .record({
    method: tokenText,
    uri: uri.map(formatUri),
    vias: fc.array(via, { minLength: 1, maxLength: 4 }),
    from: address,
    to: address,
    callId: fc.stringMatching(/^[!-~]{1,20}$/),
    cseq: fc.integer({ min: 0, max: 0x7fffffff }),
    contacts: fc.array(address, { maxLength: 3 }),
    body: fc.uint8Array({ maxLength: 60 }),
  })
  .map((parts) => ({
    kind: 'request' as const,
    method: parts.method,
    uri: parts.uri,
    headers: [
      ...parts.vias.map((each) => field('Via', formatVia(each))),
      field('From', formatAddress(parts.from)),
      field('To', formatAddress(parts.to)),
      field('Call-ID', parts.callId),
      field('CSeq', `${parts.cseq} ${parts.method}`),
      ...parts.contacts.map((each) => field('Contact', formatAddress(each))),
    ],
    body: parts.body,
  }));

describe('reading and writing', () => {
  it('reads back every URI it writes', () => {
    fc.assert(
      fc.property(uri, (value) => {
        expect(parseSipUri(formatUri(value))).toEqual(value);
        expect(sameUri(value, parseSipUri(formatUri(value)))).toBe(true);
      }),
    );
  });

  it('reads back every address it writes', () => {
    fc.assert(
      fc.property(address, (value) => {
        const { display, uriText, params } = parseAddress(formatAddress(value));
        expect({ display, uriText, params }).toEqual(value);
      }),
    );
  });

  it('reads back every Via it writes', () => {
    fc.assert(
      fc.property(via, (value) => {
        expect(parseVia(formatVia(value))).toEqual(value);
      }),
    );
  });

  it('reads back every request it writes, and believes it', () => {
    fc.assert(
      fc.property(request, (value) => {
        const verdict = judgeMessage(writeMessage(value));
        expect(verdict.kind).toBe('request');
        if (verdict.kind !== 'request') return;
        const headers = verdict.request.headers.filter((each) => each.key !== 'content-length');
        expect({ ...verdict.request, headers }).toEqual(value);
      }),
    );
  });

  it('reads compact names, folded lines and lists as what they mean', () => {
    const text =
      'OPTIONS sip:a SIP/2.0\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1, SIP/2.0/UDP b\r\nm: "a, b" <sip:x,y@c>,\r\n <sip:d>\r\ni: 7\r\nl: 0\r\n\r\n';
    const { message } = readMessage(utf8(text));
    expect(headerAll(message, 'via')).toEqual(['SIP/2.0/UDP a;branch=z9hG4bK1', 'SIP/2.0/UDP b']);
    expect(headerAll(message, 'contact')).toEqual(['"a, b" <sip:x,y@c>', '<sip:d>']);
    expect(header(message, 'call-id')).toBe('7');
  });

  it('judges any octets without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void judgeMessage(bytes)),
      { numRuns: 300 },
    );
  });

  it('judges any damage to a good message without throwing, and never finds a body longer than what came', () => {
    fc.assert(
      fc.property(
        request,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
        fc.nat(),
        (value, hits, cut) => {
          const bytes = writeMessage(value);
          for (const [at, octet] of hits) bytes[at % bytes.length] = octet;
          const damaged = bytes.subarray(0, cut % 3 === 0 ? cut % bytes.length : bytes.length);
          const verdict = judgeMessage(damaged);
          if (verdict.kind === 'request') expect(verdict.request.body.length).toBeLessThanOrEqual(damaged.length);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('drops what is larger than 16 KiB', () => {
    const large: SipRequest = {
      kind: 'request',
      method: 'MESSAGE',
      uri: 'sip:a@b',
      headers: [],
      body: new Uint8Array(maxMessageBytes),
    };
    expect(judgeMessage(writeMessage(large))).toMatchObject({ kind: 'drop' });
  });
});

describe('framing of a stream', () => {
  const collect = (chunks: readonly Uint8Array[]): StreamFrame[] => {
    const framer = new StreamFramer();
    return chunks.flatMap((chunk) => framer.push(chunk));
  };

  it('cuts out the same messages however the octets arrive', () => {
    fc.assert(
      fc.property(
        fc.array(request, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        (messages, cuts) => {
          const written = messages.map(writeMessage);
          const stream = concat(...written);
          const at = cuts.map((cut) => cut % stream.length).toSorted((a, b) => a - b);
          const chunks = [0, ...at].map((from, i) => stream.subarray(from, at[i] ?? stream.length));
          expect(collect(chunks)).toEqual(written.map((bytes) => ({ kind: 'message', bytes })));
        },
      ),
    );
  });

  it('tells keep-alives from messages', () => {
    const message = utf8('OPTIONS sip:a SIP/2.0\r\nl: 0\r\n\r\n');
    const kinds = collect([utf8('\r\n\r\n'), message, utf8('\r\n')]).map((frame) => frame.kind);
    expect(kinds).toEqual(['ping', 'message', 'pong']);
  });

  it.each([
    ['no Content-Length', 'OPTIONS sip:a SIP/2.0\r\n\r\n'],
    ['two Content-Lengths', 'OPTIONS sip:a SIP/2.0\r\nl: 0\r\nContent-Length: 5\r\n\r\n'],
    ['a negative one', 'OPTIONS sip:a SIP/2.0\r\nl: -1\r\n\r\n'],
    ['one past the limit', 'OPTIONS sip:a SIP/2.0\r\nl: 16384\r\n\r\n'],
    ['a header section past the limit', `OPTIONS sip:a SIP/2.0\r\nX: ${'x'.repeat(maxMessageBytes)}`],
  ])('gives up a stream with %s', (_, text) => {
    expect(() => collect([utf8(text)])).toThrow(MalformedError);
  });
});
