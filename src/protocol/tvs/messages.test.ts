import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import {
  decodeTvsRequest,
  decodeTvsResponse,
  encodeTvsRequest,
  encodeTvsResponse,
  tvsMessageLength,
} from './messages.ts';

const type = fc.constantFrom('verify' as const, 'query' as const);
const sessionId = fc.integer({ min: 0, max: 0xffffffff });

describe('TVS messages', () => {
  it('reads back every request', () => {
    const deviceName = fc.stringMatching(/^CP-[0-9A-Z]{4,6}-SEP[0-9A-F]{12}$/);
    fc.assert(
      fc.property(
        fc.record({ type, sessionId, deviceName, certificate: fc.uint8Array({ minLength: 1, maxLength: 4000 }) }),
        (request) => {
          const bytes = encodeTvsRequest(request);
          expect(tvsMessageLength(bytes)).toBe(bytes.length);
          expect(decodeTvsRequest(bytes)).toEqual(request);
        },
      ),
    );
  });

  it('reads back every response', () => {
    const verdict = fc.option(
      fc.record({
        roles: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 8 }),
        ttl: fc.integer({ min: 0, max: 0xffffffff }),
      }),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.record({ type, sessionId, verdict }), (response) => {
        expect(decodeTvsResponse(encodeTvsResponse(response))).toEqual(response);
      }),
    );
  });

  it('has the field’s octets', () => {
    const request = encodeTvsRequest({
      type: 'verify',
      sessionId: 0x01020304,
      deviceName: 'CP-8841-SEP001122334455',
      certificate: Uint8Array.of(0xaa),
    });
    expect(toHex(request)).toBe(
      `5701010001020304001f${'010018'}01${toHex(new TextEncoder().encode('CP-8841-SEP001122334455'))}${'020001aa'}`,
    );
    expect(toHex(encodeTvsResponse({ type: 'verify', sessionId: 1, verdict: { roles: [1, 3], ttl: 3600 } }))).toBe(
      '5701020000000001001007000100080002010309000400000e10',
    );
  });

  it('reads anything but a whole valid verdict as not trusted or malformed', () => {
    expect(decodeTvsResponse(fromHex('57010200000000010004' + '07000101')).verdict).toBeUndefined();
    expect(decodeTvsResponse(fromHex('57010200000000010004' + '070001ff')).verdict).toBeUndefined();
    expect(() => decodeTvsResponse(fromHex('57010200000000010004' + '07000100'))).toThrow(MalformedError);
  });

  it('answers anything with a message or MalformedError', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 3, 4, 9), fc.uint8Array({ maxLength: 80 }), (command, body) => {
        const bytes = Uint8Array.from([0x57, 1, command, 0, 0, 0, 0, 1, 0, body.length, ...body]);
        for (const decode of [decodeTvsRequest, decodeTvsResponse, tvsMessageLength]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        }
      }),
    );
  });

  it('waits for the header before it says how long a message is', () => {
    expect(tvsMessageLength(new Uint8Array(9))).toBeUndefined();
    expect(() => tvsMessageLength(new Uint8Array(10))).toThrow(MalformedError);
  });
});
