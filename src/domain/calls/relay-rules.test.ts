import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksToHide, partyOf } from './party.ts';
import { requestHeader, responseHeader } from './relay-headers.ts';
import { judgeRelay, type RelayedRequest, relayedMethods } from './relay-rules.ts';
import { TransferGrants } from './transfer-grants.ts';

const plain: RelayedRequest = {
  method: 'INVITE',
  withinCall: false,
  inDialog: false,
  event: undefined,
  bodies: [],
  askedToNotify: false,
  replaces: false,
  askedToReplace: false,
  joins: false,
  refersTo: undefined,
};
const judge = (changes: Partial<RelayedRequest>, messages = true) => judgeRelay({ ...plain, ...changes }, { messages });

describe('what phones may send each other', () => {
  it('is what stands in the table: any other method is refused, in a call and out of one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{1,12}$/), fc.boolean(), (method, withinCall) => {
        fc.pre(!relayedMethods.includes(method));
        expect(judge({ method, withinCall })).toMatchObject({ kind: 'refuse', status: 405 });
      }),
    );
  });

  it('is no notice but about a transfer that was asked for, whatever its event and body', () => {
    const any = fc.record({
      event: fc.option(fc.oneof(fc.string(), fc.constantFrom('service-control', 'check-sync', 'refer')), {
        nil: undefined,
      }),
      withinCall: fc.boolean(),
      inDialog: fc.boolean(),
      bodies: fc.array(fc.constantFrom('text/plain', 'message/sipfrag', 'application/x-cisco-remotecc-request+xml')),
    });
    fc.assert(
      fc.property(any, (changes) => {
        expect(judge({ ...changes, method: 'NOTIFY' }).kind).toBe('refuse');
      }),
    );
    const granted = { method: 'NOTIFY', event: 'refer', withinCall: true, inDialog: true, askedToNotify: true };
    expect(judge({ ...granted, bodies: ['message/sipfrag'] })).toEqual({ kind: 'relay' });
    expect(judge({ ...granted, event: 'service-control' }).kind).toBe('refuse');
    expect(judge({ ...granted, bodies: ['application/x-cisco-remotecc-request+xml'] }).kind).toBe('refuse');
  });

  it('never carries an order of the server’s, in whatever method', () => {
    for (const method of relayedMethods) {
      for (const withinCall of [true, false]) {
        const changes = { method, withinCall, refersTo: 'call', event: 'refer', askedToNotify: true } as const;
        for (const type of ['application/x-cisco-remotecc-request+xml', 'message/external-body']) {
          expect(judge({ ...changes, bodies: ['multipart/mixed', type] }).kind).toBe('refuse');
        }
      }
    }
  });

  it('lets a call end, whatever stands under its BYE', () => {
    expect(judge({ method: 'BYE', withinCall: true, inDialog: true, bodies: ['text/plain'] })).toEqual({
      kind: 'relay',
    });
  });

  it('is no part of a call for who only says so by a tag', () => {
    for (const method of ['INVITE', 'OPTIONS', 'REFER', 'MESSAGE', 'BYE']) {
      expect(judge({ method, inDialog: true })).toMatchObject({ kind: 'refuse', status: 481 });
    }
  });
});

describe('the headers of others', () => {
  it('stay behind when nobody has looked at them', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^(?:x|p|foo)-[a-z-]{1,20}$/),
        fc.constantFrom(...relayedMethods),
        (key, method) => {
          expect(requestHeader(key, { from: 'phone', method, intercom: true })).toBe('dropped');
          expect(responseHeader(key, 'phone')).toBe('dropped');
        },
      ),
    );
  });
});

describe('the name of a party', () => {
  const device = {
    name: 'SEP001122334401',
    lines: [
      { number: '1001', partition: '', contactUser: '', display: 'First\r\nX: y' },
      { number: '1002', partition: '', contactUser: '', display: 'Second' },
    ],
  } as unknown as Parameters<typeof partyOf>[0];
  it('is that of the line that speaks, on one line of text', () => {
    expect(partyOf(device, '1002', false)).toEqual({ number: '1002', display: 'Second', hidden: false });
    expect(partyOf(device, 'SEP001122334401', false)).toMatchObject({ number: '1001', display: 'First X: y' });
    expect(partyOf({ ...device, lines: [] }, '1002', true)).toEqual({ number: device.name, display: '', hidden: true });
  });

  it.each([
    [['id'], true],
    [['header;user'], true],
    [['critical', 'ID'], true],
    [['none;id'], false],
    [['session'], false],
    [[], false],
  ])('is hidden by Privacy %j: %s', (privacy, hidden) => {
    expect(asksToHide(privacy)).toBe(hidden);
  });
});

describe('what a REFER asks for', () => {
  const transfer = { callId: 'a', by: 'A', to: 'B', replaces: 'c' };
  it('is granted to the one it asks, towards the one who asked, until the last word or five minutes of silence', () => {
    const clock = { at: 0, now: () => clock.at };
    const grants = new TransferGrants(clock);
    grants.open(transfer);
    expect(grants.notifies('a', 'A', 'B', false)).toBe(false);
    expect(grants.notifies('b', 'B', 'A', false)).toBe(false);
    expect(grants.notifies('a', 'B', 'A', false)).toBe(true);
    expect([grants.replaces('B', 'c'), grants.replaces('A', 'c'), grants.replaces('B', 'a')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(grants.notifies('a', 'B', 'A', true)).toBe(true);
    expect(grants.notifies('a', 'B', 'A', false)).toBe(false);
    clock.at += 300_000;
    expect(grants.replaces('B', 'c')).toBe(false);
    grants.open(transfer);
    grants.close(transfer);
    expect([grants.replaces('B', 'c'), grants.notifies('a', 'B', 'A', false)]).toEqual([false, false]);
  });
});
