import { describe, expect, it } from 'vitest';
import {
  absent,
  activated,
  code,
  discovered,
  ended,
  find,
  gotDefaults,
  gotFull,
  gotItl,
  itl,
  nodeDown,
  on,
  play,
  refused,
  registered,
  reply,
  saved,
  toCode,
  toProof,
  toRegister,
  toRegistered,
  trusted,
  typed,
  unreachable,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import type { BootEvent } from './types.ts';

describe('a new phone on its way in', () => {
  it('asks for its own trust list, then the common one, then its file, then the defaults', () => {
    const { all } = play([on, discovered, absent, gotItl, absent, gotDefaults]);
    expect(all.flatMap((effect) => (effect.type.startsWith('load_') ? [effect] : []))).toMatchObject([
      { type: 'load_trust_list', file: 'ITLSEP001122334455.tlv' },
      { type: 'load_trust_list', file: 'ITLFile.tlv' },
      { type: 'load_configuration', trust: itl },
      { type: 'load_defaults', trust: itl },
    ]);
  });

  it('goes from the code to registered, storing before it confirms', () => {
    const { all, state } = play(toRegistered);
    expect(state.phase).toBe('registered');
    const order = all.map((effect) => effect.type).filter((type) => type !== 'report');
    expect(order.slice(order.indexOf('ask_code'))).toEqual([
      'ask_code',
      'timer',
      'connect_das',
      'activate',
      'stop_timer',
      'use_servers',
      'store',
      'confirm',
      'load_configuration',
      'store',
      'register',
      'timer',
      'ready',
    ]);
  });

  it('acts on nothing the server says before its proof: not even the configuration is asked for', () => {
    expect(find(play(toProof).all, 'load_configuration')).toHaveLength(1);
    expect(find(play(toProof).all, 'store')).toHaveLength(0);
  });

  it('stores what the reply proved, the digest credentials included', () => {
    const digest = { username: 'SEP001122334455', password: 'secret' };
    const { effects } = play([...toProof, { type: 'activated', reply: { ...reply, digest } }]);
    expect(find(effects, 'store')[0]?.phone).toMatchObject({ activationId: 'id-1', trust: itl, digest });
  });

  it('asks TVS where XMLDefault says', () => {
    expect(find(play([...toCode, typed]).effects, 'connect_das')[0]).toMatchObject({
      url: 'https://a:1',
      trust: itl,
      tvs: [{ host: 'a', port: 2445 }],
    });
  });

  it('never writes the code into a report', () => {
    const told = JSON.stringify(find(play([...toProof, refused('code_not_accepted'), typed]).all, 'report'));
    expect(told).not.toContain(code);
    expect(told).not.toContain(code.slice(7, 15));
  });
});

describe('a patient phone', () => {
  it.each([
    ['DHCP', [on, { type: 'discovery_failed', failure: { code: 'dhcp_no_answer', message: '' } }] as BootEvent[]],
    ['TFTP', [on, discovered, unreachable]],
  ])('tries again with longer pauses while %s is away', (_, events) => {
    const pauses: number[] = [];
    const again: BootEvent[] = [];
    for (let i = 0; i < 6; i++) {
      const played = play([...again, ...(i === 0 ? events : [waited, ...events.slice(1)])], { patient: true });
      pauses.push(find(played.effects, 'timer')[0]!.ms);
      again.push(...(i === 0 ? events : [waited, ...events.slice(1)]));
    }
    expect(pauses).toEqual([1000, 2000, 5000, 10_000, 30_000, 30_000]);
  });

  it('still ends when a person must act', () => {
    expect(ended(play([...toProof, refused('mic_untrusted')], { patient: true }))?.code).toBe('mic_untrusted');
  });
});

describe('power off', () => {
  it('unregisters first when it is registered', () => {
    const leaving = play([...toRegistered, { type: 'power_off' }]);
    expect(find(leaving.effects, 'unregister')).toHaveLength(1);
    expect(ended(play([...toRegistered, { type: 'power_off' }, { type: 'unregistered' }]))).toBeUndefined();
  });

  it.each([
    ['at the prompt', toCode],
    ['during the handshake', toProof],
    ['while it registers', toRegister],
    ['while it looks for its servers', [on]],
  ])('stops at once %s', (_, events) => {
    const played = play([...events, { type: 'power_off' }]);
    expect(ended(played)?.code).toBe('stopped');
    expect(played.effects[0]).toEqual({ type: 'cancel' });
  });

  it('goes off instead of restarting when both are asked for', () => {
    const restart: BootEvent = { type: 'service_control', action: 'restart' };
    expect(ended(play([...toRegistered, restart, { type: 'power_off' }, { type: 'unregistered' }]))).toBeUndefined();
  });
});

describe('events out of place', () => {
  const every: readonly BootEvent[] = [
    discovered,
    gotItl,
    gotDefaults,
    gotFull,
    absent,
    typed,
    trusted,
    activated,
    saved,
    registered,
    waited,
    nodeDown,
    { type: 'unregistered' },
    { type: 'connection_lost', detail: '' },
  ];
  it.each(every.map((event) => [event.type, event] as const))('%s changes nothing after the end', (_, event) => {
    const events = [...toCode, { type: 'no_code' } as const];
    const { state, effects } = play([...events, event]);
    expect(effects).toEqual([]);
    expect(state.phase).toBe('ended');
  });

  it('a late activation does not bring the phone in twice', () => {
    const { effects } = play([...toRegistered, activated]);
    expect(effects).toEqual([]);
  });
});
