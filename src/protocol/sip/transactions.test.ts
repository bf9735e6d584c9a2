import { describe, expect, it } from 'vitest';
import { type ClientEvent, clientTransaction, stepClient } from './client-transaction.ts';
import { type ServerEvent, serverTransaction, stepServer } from './server-transaction.ts';
import { standardTimers } from './timers.ts';

const told = (effect: { type: string; timer?: string; ms?: number }): string =>
  effect.type === 'timer' ? `${effect.timer}=${effect.ms}` : effect.type;

function client(method: string, reliable: boolean, ...events: readonly ClientEvent[]) {
  let machine = clientTransaction(method, reliable);
  const steps = events.map((event) => {
    const { state, effects } = stepClient(machine, event, standardTimers);
    machine = state;
    return effects.map(told).join(' ');
  });
  return { steps, state: machine.state };
}

function server(method: string, reliable: boolean, ...events: readonly ServerEvent[]) {
  let machine = serverTransaction(method, reliable);
  const steps = events.map((event) => {
    const { state, effects } = stepServer(machine, event, standardTimers);
    machine = state;
    return effects.map(told).join(' ');
  });
  return { steps, state: machine.state };
}

const start = { type: 'start' } as const;
const response = (status: number) => ({ type: 'response', status }) as const;
const timer = <T extends string>(name: T) => ({ type: 'timer', timer: name }) as const;
const respond = (status: number) => ({ type: 'respond', status }) as const;
const again = { type: 'request' } as const;
const ack = { type: 'ack' } as const;

describe('client transaction (RFC 3261 §17.1)', () => {
  it.each([
    [
      'retransmits an INVITE over UDP with doubled intervals until something comes',
      'INVITE',
      false,
      [start, timer('A'), timer('A'), response(180), timer('A')],
      ['send B=32000 A=500', 'send A=1000', 'send A=2000', 'deliver', ''],
      'proceeding',
    ],
    [
      'never retransmits over a stream',
      'INVITE',
      true,
      [start, response(100)],
      ['send B=32000', 'deliver'],
      'proceeding',
    ],
    [
      'tells that nobody answered the INVITE',
      'INVITE',
      false,
      [start, timer('B')],
      ['send B=32000 A=500', 'timedOut ended'],
      'terminated',
    ],
    [
      'waits for ever once a phone rings: timer B is over',
      'INVITE',
      false,
      [start, response(180), timer('B')],
      ['send B=32000 A=500', 'deliver', ''],
      'proceeding',
    ],
    [
      'acknowledges a refusal, and again when it comes again',
      'INVITE',
      false,
      [start, response(486), response(486), timer('D')],
      ['send B=32000 A=500', 'ack deliver D=32000', 'ack', 'ended'],
      'terminated',
    ],
    [
      'is done after a refusal over a stream',
      'INVITE',
      true,
      [start, response(486)],
      ['send B=32000', 'ack deliver ended'],
      'terminated',
    ],
    [
      'delivers every 2xx for 64*T1, and leaves their ACK to its user',
      'INVITE',
      false,
      [start, response(200), response(200), timer('M')],
      ['send B=32000 A=500', 'deliver M=32000', 'deliver', 'ended'],
      'terminated',
    ],
    [
      'ignores a refusal after a 2xx',
      'INVITE',
      false,
      [start, response(200), response(486)],
      ['send B=32000 A=500', 'deliver M=32000', ''],
      'accepted',
    ],
    [
      'caps the interval of other requests at T2',
      'BYE',
      false,
      [start, timer('E'), timer('E'), timer('E'), timer('E'), timer('E')],
      ['send F=32000 E=500', 'send E=1000', 'send E=2000', 'send E=4000', 'send E=4000', 'send E=4000'],
      'trying',
    ],
    [
      'slows down after a provisional response',
      'BYE',
      false,
      [start, response(100), timer('E')],
      ['send F=32000 E=500', 'deliver', 'send E=4000'],
      'proceeding',
    ],
    [
      'absorbs repeated answers for T4',
      'BYE',
      false,
      [start, response(200), response(200), timer('K')],
      ['send F=32000 E=500', 'deliver K=5000', '', 'ended'],
      'terminated',
    ],
    [
      'is done with the answer over a stream',
      'BYE',
      true,
      [start, response(200)],
      ['send F=32000', 'deliver ended'],
      'terminated',
    ],
    ['tells that nobody answered', 'BYE', true, [start, timer('F')], ['send F=32000', 'timedOut ended'], 'terminated'],
    [
      'tells that it could not be sent',
      'BYE',
      true,
      [start, { type: 'transportFailed' }, response(200)],
      ['send F=32000', 'transportFailed ended', ''],
      'terminated',
    ],
  ] as const)('%s', (_, method, reliable, events, steps, state) => {
    expect(client(method, reliable, ...events)).toEqual({ steps, state });
  });
});

describe('server transaction (RFC 3261 §17.2, RFC 6026)', () => {
  it.each([
    ['repeats its last provisional response', 'INVITE', false, [respond(100), again], ['send', 'resend'], 'proceeding'],
    [
      'repeats a refusal until it is acknowledged',
      'INVITE',
      false,
      [respond(486), timer('G'), timer('G'), ack, timer('I')],
      ['send H=32000 G=500', 'resend G=1000', 'resend G=2000', 'I=5000', 'ended'],
      'terminated',
    ],
    ['does not repeat over a stream', 'INVITE', true, [respond(486), ack], ['send H=32000', 'ended'], 'terminated'],
    [
      'gives up a refusal that nobody acknowledges',
      'INVITE',
      false,
      [respond(486), timer('H')],
      ['send H=32000 G=500', 'unacknowledged ended'],
      'terminated',
    ],
    [
      'passes on every 2xx, and nothing else, after the first',
      'INVITE',
      false,
      [respond(200), respond(200), respond(486), again, timer('L')],
      ['send L=32000', 'send', '', '', 'ended'],
      'terminated',
    ],
    [
      'lets only the first refusal out',
      'INVITE',
      false,
      [respond(486), respond(200)],
      ['send H=32000 G=500', ''],
      'completed',
    ],
    [
      'says nothing to a repeated request before there is an answer',
      'BYE',
      false,
      [again, respond(200), again, timer('J')],
      ['', 'send J=32000', 'resend', 'ended'],
      'terminated',
    ],
    ['is done with the answer over a stream', 'BYE', true, [respond(200), again], ['send ended', ''], 'terminated'],
  ] as const)('%s', (_, method, reliable, events, steps, state) => {
    expect(server(method, reliable, ...events)).toEqual({ steps, state });
  });
});
