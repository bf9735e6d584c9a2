import { describe, expect, it } from 'vitest';
import { type DhcpEffect, type DhcpEvent, type DhcpSetup, type DhcpState, idleDhcp, stepDhcp } from './machine.ts';
import { addressBytes, type DhcpMessage, dhcpOption, dhcpType, messageTypeOf } from './packet.ts';

const setup: DhcpSetup = {
  xid: 77,
  hardware: Uint8Array.of(2, 0, 0, 0, 0, 1),
  vendorClass: 'test phone',
  waits: [1000, 2000],
};

function answer(type: number, changes: Partial<DhcpMessage> = {}, tftp = true): DhcpEvent {
  return {
    type: 'message',
    message: {
      op: 'reply',
      xid: 77,
      secs: 0,
      broadcast: true,
      clientAddress: '0.0.0.0',
      yourAddress: '192.0.2.10',
      serverAddress: '0.0.0.0',
      relayAddress: '0.0.0.0',
      hardware: setup.hardware,
      options: new Map([
        [dhcpOption.messageType, Uint8Array.of(type)],
        [dhcpOption.serverIdentifier, addressBytes('192.0.2.1')],
        [dhcpOption.leaseTime, Uint8Array.of(0, 0, 2, 88)],
        ...(tftp ? [[dhcpOption.tftpServerAddresses, addressBytes('192.0.2.5')] as const] : []),
      ]),
      ...changes,
    },
  };
}

function play(...events: DhcpEvent[]): {
  state: DhcpState;
  effects: readonly DhcpEffect[];
  all: readonly DhcpEffect[];
} {
  let state = idleDhcp;
  let effects: readonly DhcpEffect[] = [];
  const all: DhcpEffect[] = [];
  for (const event of events) {
    ({ state, effects } = stepDhcp(setup, state, event));
    all.push(...effects);
  }
  return { state, effects, all };
}

const start: DhcpEvent = { type: 'start' };
const timeout: DhcpEvent = { type: 'timeout' };
const sent = (effects: readonly DhcpEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'send' ? [messageTypeOf(effect.message)] : []));

describe('the DHCP client', () => {
  it('discovers, requests what was offered, and is bound by the ACK', () => {
    const { state, all } = play(start, answer(dhcpType.offer), answer(dhcpType.ack));
    expect(sent(all)).toEqual([dhcpType.discover, dhcpType.request]);
    expect(state).toEqual({
      phase: 'bound',
      lease: { address: '192.0.2.10', server: '192.0.2.1', seconds: 600, tftp: ['192.0.2.5'] },
    });
  });

  it('requests the offered address from the offering server only', () => {
    const { effects } = play(start, answer(dhcpType.offer));
    const request = effects.find((effect) => effect.type === 'send')!.message;
    expect(request.options.get(dhcpOption.requestedAddress)).toEqual(addressBytes('192.0.2.10'));
    expect(request.options.get(dhcpOption.serverIdentifier)).toEqual(addressBytes('192.0.2.1'));
    expect(request.broadcast).toBe(true);
  });

  it('keeps the servers of the OFFER when the ACK names none', () => {
    const { state } = play(start, answer(dhcpType.offer), answer(dhcpType.ack, {}, false));
    expect(state).toMatchObject({ phase: 'bound', lease: { tftp: ['192.0.2.5'] } });
  });

  it('passes over an offer without a TFTP server and takes a later one', () => {
    const { state } = play(start, answer(dhcpType.offer, {}, false), answer(dhcpType.offer));
    expect(state.phase).toBe('requesting');
  });

  it.each([
    ['another transaction', { xid: 78 }],
    ['another phone', { hardware: Uint8Array.of(2, 0, 0, 0, 0, 2) }],
    ['a request, not a reply', { op: 'request' as const }],
  ])('ignores %s', (_, changes) => {
    expect(play(start, answer(dhcpType.offer, changes)).state.phase).toBe('selecting');
  });

  it('ignores an ACK that it did not ask for', () => {
    expect(play(start, answer(dhcpType.ack)).state.phase).toBe('selecting');
  });

  it('repeats itself with longer waits, then gives up', () => {
    const { all } = play(start, timeout, timeout);
    expect(all.map((effect) => (effect.type === 'timer' ? effect.ms : effect.type))).toEqual([
      'send',
      1000,
      'send',
      2000,
      'failed',
    ]);
  });

  it.each([
    ['nobody answers', [start, timeout, timeout], 'no_answer'],
    ['only offers without a TFTP server come', [start, answer(2, {}, false), timeout, timeout], 'no_tftp_server'],
    ['the server takes its offer back', [start, answer(dhcpType.offer), answer(dhcpType.nak)], 'refused'],
    ['the server falls silent after its offer', [start, answer(dhcpType.offer), timeout, timeout], 'no_answer'],
    [
      'a server answers twice without one',
      [start, answer(2, {}, false), answer(2, {}, false), timeout],
      'no_tftp_server',
    ],
  ] as const)('fails when %s', (_, events, reason) => {
    expect(play(...events).effects).toEqual([{ type: 'failed', reason }]);
  });

  it('gives its lease back to the server that gave it', () => {
    const { effects } = play(start, answer(dhcpType.offer), answer(dhcpType.ack), { type: 'release' });
    expect(sent(effects)).toEqual([dhcpType.release]);
    const [effect] = effects;
    expect(effect).toMatchObject({ message: { clientAddress: '192.0.2.10', broadcast: false } });
  });
});
