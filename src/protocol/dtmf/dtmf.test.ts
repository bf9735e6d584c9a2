import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedError } from '../../kernel/errors.ts';
import { type DtmfDigit, digitOfEvent, eventOfDigit } from './digit.ts';
import { digitOfInfo, dtmfRelayBody, dtmfRelayType } from './info.ts';
import { kpmlRequest, kpmlResponse, readKpmlResponse } from './kpml.ts';
import { hear, heardNothing, readTelephoneEvent, type TelephoneEvent, writeTelephoneEvent } from './telephone-event.ts';

const digit = fc.constantFrom(...'0123456789*#ABCD').map((text) => text as DtmfDigit);

describe('telephone events of RFC 4733', () => {
  it('are read as they are written', () => {
    const event = fc.record({ event: fc.nat(255), end: fc.boolean(), volume: fc.nat(63), duration: fc.nat(0xffff) });
    fc.assert(
      fc.property(event, (sent) => {
        expect(readTelephoneEvent(writeTelephoneEvent(sent))).toEqual(sent);
      }),
    );
    expect(() => readTelephoneEvent(Uint8Array.of(1, 2, 3))).toThrow(MalformedError);
  });

  it('make one key of each press, whatever is lost, repeated or late', () => {
    const listen = (packets: readonly (readonly [timestamp: number, key: string, end?: boolean])[]) => {
      let state = heardNothing;
      let heard = '';
      for (const [timestamp, key, end = false] of packets) {
        const event: TelephoneEvent = { event: eventOfDigit(key as DtmfDigit), end, volume: 10, duration: 0 };
        const step = hear(state, timestamp, event);
        state = step.state;
        heard += step.digit ?? '';
      }
      return heard;
    };
    expect(
      listen([
        [100, '1'],
        [100, '1'],
        [100, '1', true],
        [100, '1', true],
      ]),
    ).toBe('1');
    expect(listen([[100, '1', true]])).toBe('1');
    expect(
      listen([
        [100, '1'],
        [900, '1'],
        [100, '1', true],
        [900, '1', true],
      ]),
    ).toBe('11');
    // Recorded keys start over with each; a 32-bit timestamp comes round.
    expect(
      listen([
        [31_040, '3'],
        [13_280, '1'],
        [0xffff_ff00, '2'],
        [64, '4'],
      ]),
    ).toBe('3124');
    expect(
      listen([
        [100, '1'],
        [200, '2'],
        [300, '3'],
        [100, '1', true],
      ]),
    ).toBe('123');
  });

  it('name the sixteen keys and nothing else', () => {
    fc.assert(
      fc.property(digit, (key) => {
        expect(digitOfEvent(eventOfDigit(key))).toBe(key);
      }),
    );
    expect(digitOfEvent(16)).toBeUndefined();
  });
});

describe('keys in SIP INFO', () => {
  it.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', '5'],
    ['Application/DTMF-Relay; charset=utf-8', 'Duration= 250\nSignal= #\n', '#'],
    ['application/dtmf-relay', 'Signal=10\r\n', '*'],
    ['application/dtmf', '7', '7'],
    ['application/dtmf', ' 11 ', '#'],
    ['application/dtmf-relay', 'Signal=55\r\n', undefined],
    ['application/dtmf-relay', '', undefined],
    ['text/plain', 'Signal=5', undefined],
    [undefined, '5', undefined],
  ])('%s %j is %s', (type, body, key) => {
    expect(digitOfInfo(type, body)).toBe(key);
  });

  it('are read as they are written', () => {
    fc.assert(
      fc.property(digit, (key) => {
        expect(digitOfInfo(dtmfRelayType, dtmfRelayBody(key))).toBe(key);
      }),
    );
  });
});

describe('keys by KPML (RFC 4730)', () => {
  it('are asked for one by one, for as long as the subscription lasts', () => {
    expect(kpmlRequest()).toMatch(/<pattern persist="persist"><regex[^>]*>\[x\*#ABCD\]<\/regex>/);
  });

  it('are read as they are written, and as others write them', () => {
    fc.assert(
      fc.property(digit, (key) => {
        expect(readKpmlResponse(kpmlResponse(key))).toEqual({ code: 200, digits: [key] });
      }),
    );
    const theirs = `<?xml version='1.0'?><k:kpml-response xmlns:k="urn:ietf:params:xml:ns:kpml-response" version='1.0' code='200' text='OK' digits='12' tag='x'></k:kpml-response>`;
    expect(readKpmlResponse(theirs)).toEqual({ code: 200, digits: ['1', '2'] });
    expect(readKpmlResponse('<kpml-response version="1.0" code="423" text="Timer Expired"/>')).toEqual({
      code: 423,
      digits: [],
    });
  });

  it.each([
    '',
    '<other code="200"/>',
    '<kpml-response/>',
    '<kpml-response code="2000"/>',
    '<kpml-response code="200" digits="1x"/>',
    '<!DOCTYPE a [<!ENTITY b "c">]><kpml-response code="200" digits="1"/>',
  ])('are refused: %s', (text) => {
    expect(() => readKpmlResponse(text)).toThrow(MalformedError);
  });
});
