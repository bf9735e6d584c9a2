import { describe, expect, it } from 'vitest';
import {
  ended,
  find,
  gotFull,
  nodeA,
  nodeB,
  nodeDown,
  play,
  registered,
  rejected,
  toRegister,
  toRegistered,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import type { BootEvent } from './types.ts';

describe('registration', () => {
  it('refreshes five seconds before the registration ends', () => {
    expect(find(play(toRegistered).effects, 'timer')).toEqual([{ type: 'timer', name: 'keep-alive', ms: 115_000 }]);
    const { effects } = play([...toRegistered, { type: 'timer', name: 'keep-alive' }]);
    expect(find(effects, 'register')[0]?.node).toBe(nodeA);
  });

  it('is ready once, not at each refresh', () => {
    const { all } = play([...toRegistered, { type: 'timer', name: 'keep-alive' }, registered]);
    expect(find(all, 'ready')).toHaveLength(1);
  });

  it.each([
    ['is down', nodeDown],
    ['is overloaded', rejected(503, 5000)],
  ])('goes to the next node when one %s', (_, event) => {
    expect(find(play([...toRegister, event]).effects, 'register')[0]?.node).toBe(nodeB);
  });

  it('waits as long as the server asks after all nodes refused', () => {
    const { effects } = play([...toRegister, rejected(503, 5000), nodeDown]);
    expect(find(effects, 'timer')).toEqual([{ type: 'timer', name: 'wait', ms: 5000 }]);
  });

  it.each([
    ['all nodes are down', nodeDown, 'registration_unreachable'],
    ['all nodes refuse', rejected(403), 'registration_refused'],
  ] as const)('gives up after five passes when %s', (_, event, fault) => {
    const pass = [event, event, waited];
    expect(ended(play([...toRegister, ...pass, ...pass, ...pass, ...pass, event, event]))?.code).toBe(fault);
  });

  it('registers again, at the other node if need be, when its connection is lost', () => {
    const lost: BootEvent = { type: 'connection_lost', detail: 'reset' };
    const first = play([...toRegistered, lost]);
    expect(find(first.effects, 'register')[0]?.node).toBe(nodeA);
    const second = play([...toRegistered, lost, nodeDown, registered]);
    expect(second.state).toMatchObject({ phase: 'registered', at: 1 });
  });

  it.each([403, 404])('boots anew when a refresh is refused with %i: its record was changed', (status) => {
    const { effects, state } = play([...toRegistered, { type: 'timer', name: 'keep-alive' }, rejected(status)]);
    expect(state.phase).toBe('discovering');
    expect(find(effects, 'discover')).toHaveLength(1);
  });

  it('unregisters, reads its file and registers on a restart', () => {
    const restart: BootEvent = { type: 'service_control', action: 'restart' };
    expect(find(play([...toRegistered, restart]).effects, 'unregister')).toHaveLength(1);
    const { effects } = play([...toRegistered, restart, { type: 'unregistered' }]);
    expect(find(effects, 'load_configuration')).toHaveLength(1);
    expect(play([...toRegistered, restart, { type: 'unregistered' }, gotFull, registered]).state.phase).toBe(
      'registered',
    );
  });

  it('boots from the beginning on a reset, with what it has stored', () => {
    const reset: BootEvent = { type: 'service_control', action: 'reset' };
    const { state, effects } = play([...toRegistered, reset, { type: 'unregistered' }]);
    expect(find(effects, 'discover')).toHaveLength(1);
    expect(state).toMatchObject({ phase: 'discovering', held: { stored: { activationId: 'id-1' } } });
  });
});
