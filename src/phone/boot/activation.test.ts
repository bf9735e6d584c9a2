import { describe, expect, it } from 'vitest';
import {
  absent,
  activated,
  code,
  discovered,
  down,
  ended,
  find,
  gotDefaults,
  gotFull,
  itl,
  on,
  otherCode,
  play,
  refused,
  registered,
  reply,
  saved,
  toCode,
  toProof,
  trusted,
  typed,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import type { PhoneFaultCode } from './faults.ts';
import type { BootEvent } from './types.ts';

describe('the code as it is typed', () => {
  const bad: readonly [string, string, PhoneFaultCode][] = [
    ['15 digits', '000000012345678', 'code_length'],
    ['letters', 'hello', 'code_length'],
    ['a wrong digit', '0000000123456781', 'code_check_digit'],
    ['two digits swapped', '0000001023456780', 'code_check_digit'],
  ];
  it.each(bad)('refuses %s before anything is sent', (_, text, fault) => {
    const { effects, state } = play([...toCode, { type: 'code_typed', text }]);
    expect(find(effects, 'connect_das')).toHaveLength(0);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe(fault);
    expect(state.phase).toBe('code');
  });

  it.each(bad)('ends with that reason when nobody corrects %s', (_, text, fault) => {
    expect(ended(play([...toCode, { type: 'code_typed', text }, { type: 'no_code' }]))?.code).toBe(fault);
  });

  it.each([
    ['with dashes', '0000-0001-2345-6780'],
    ['with spaces', '0000 0001 2345 6780'],
    ['as a QR payload', 'OAC1:0000000123456780'],
  ])('takes a code %s', (_, text) => {
    expect(find(play([...toCode, { type: 'code_typed', text }, trusted]).effects, 'activate')[0]?.code).toBe(code);
  });
});

describe('trust', () => {
  it('sends nothing to a server that nobody vouches for, and keeps nothing of it', () => {
    const played = play([...toCode, typed, { type: 'das_untrusted', detail: 'who is this', answered: true }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
    expect(find(played.all, 'activate')).toHaveLength(0);
    expect(find(played.all, 'store')).toHaveLength(0);
  });

  it('asks again when TVS could not be asked, and says trust_mismatch only when it never can', () => {
    const unasked: BootEvent = { type: 'das_untrusted', detail: 'TVS is silent', answered: false };
    const again = play([...toCode, typed, unasked]);
    expect(find(again.effects, 'connect_das')[0]?.url).toBe('https://b:1');
    const pass = [unasked, unasked, waited];
    const played = play([...toCode, typed, ...pass, ...pass, ...pass, ...pass, ...pass, unasked, unasked]);
    expect(ended(played)?.code).toBe('trust_mismatch');
    expect(find(played.all, 'activate')).toHaveLength(0);
  });

  it('stops when the server cannot prove that it knows the code, without trying another', () => {
    const played = play([...toProof, refused('server_proof_failed')]);
    expect(ended(played)?.code).toBe('server_proof_failed');
    expect(find(played.all, 'store')).toHaveLength(0);
  });

  it.each([['the server calls it by another name', { deviceName: 'SEP000000000000' }]])(
    'stores nothing and stops when %s',
    (_, changes) => {
      const played = play([...toProof, { type: 'activated', reply: { ...reply, ...changes } }]);
      expect(ended(played)?.code).toBe('trust_mismatch');
      expect(find(played.all, 'store')).toHaveLength(0);
    },
  );

  describe('when the server proves another trust list than the phone was given', () => {
    const proves: BootEvent = { type: 'activated', reply: { ...reply, itlSha256: 'bb' } };
    const proved = { ...itl, sha256: 'bb' };
    const none: BootEvent = { type: 'file_unusable', detail: 'another one', untrusted: true };

    it('fetches that one before it gives up, from whoever has it, and keeps it', () => {
      const asked = play([...toProof, proves]);
      expect(find(asked.effects, 'load_trust_list')).toEqual([
        { type: 'load_trust_list', file: 'ITLSEP001122334455.tlv', known: undefined, proved: 'bb' },
      ]);
      expect(find(asked.all, 'store')).toEqual([]);
      const got = play([...toProof, proves, absent, none, waited, { type: 'trust_list', list: proved }]);
      expect(find(got.effects, 'store')[0]?.phone.trust).toBe(proved);
      expect(got.state.phase).toBe('storing');
    });

    it('keeps its own when the server proves it as one from before', () => {
      const before = { ...reply, itlSha256: 'bb', itlPreviousSha256: ['cc', 'aa'] };
      const { effects } = play([...toProof, { type: 'activated', reply: before }]);
      expect(find(effects, 'store')[0]?.phone.trust).toBe(itl);
    });

    it('asks for another proof when the list cannot be had, and after three of them stops and stores nothing', () => {
      const looks = [none, waited, none, waited, none, waited, none, waited, none];
      const again = play([...toProof, proves, ...looks]);
      expect(find(again.effects, 'connect_das')[0]?.url).toBe('https://b:1');
      const fresh = play([...toProof, proves, ...looks, trusted, activated]);
      expect(fresh.state.phase).toBe('storing');
      const run = [proves, ...looks];
      const end = play([...toProof, ...run, trusted, ...run, waited, trusted, ...run]);
      expect(ended(end)?.code).toBe('trust_mismatch');
      expect(find(end.all, 'store')).toEqual([]);
      expect(find(end.all, 'activate')).toHaveLength(3);
    });

    it('takes no other list in its place', () => {
      const other: BootEvent = { type: 'trust_list', list: { ...itl, sha256: 'dd' } };
      expect(find(play([...toProof, proves, other]).all, 'store')).toEqual([]);
    });
  });

  it('stores nothing and stops when it was trusting on no list at all', () => {
    const played = play([on, discovered, absent, absent, absent, gotDefaults, typed, trusted, activated]);
    expect(ended(played)?.code).toBe('trust_mismatch');
  });
});

describe('answers of the activation service', () => {
  const final: readonly PhoneFaultCode[] = [
    'bad_request',
    'unsupported_suite',
    'mic_required',
    'mic_untrusted',
    'mic_expired',
    'mic_not_yet_valid',
    'mic_revoked',
    'mic_subject_invalid',
    'mic_purpose',
    'mic_weak',
    'mic_proof_invalid',
    'protocol_error',
  ];
  it.each(final)('%s ends the boot', (fault) => {
    expect(ended(play([...toProof, refused(fault)]))?.code).toBe(fault);
  });

  const aboutTheCode: readonly PhoneFaultCode[] = [
    'code_not_accepted',
    'code_expired',
    'code_already_used',
    'code_released',
    'model_mismatch',
    'mac_mismatch',
    'mode_not_allowed',
    'device_name_conflict',
    'device_disabled',
  ];
  it.each(aboutTheCode)('%s asks for another code, on no other node', (fault) => {
    const played = play([...toProof, refused(fault)]);
    expect(find(played.effects, 'ask_code')[0]?.problem?.code).toBe(fault);
    expect(find(played.effects, 'connect_das')).toHaveLength(0);
    expect(ended(play([...toProof, refused(fault), { type: 'no_code' }]))?.code).toBe(fault);
  });

  it('takes the next code that is typed', () => {
    const { effects } = play([
      ...toProof,
      refused('code_not_accepted'),
      { type: 'code_typed', text: otherCode },
      trusted,
    ]);
    expect(find(effects, 'activate')[0]?.code).toBe(otherCode);
  });

  it.each(['busy', 'rate_limited', 'internal', 'session_expired', 'session_channel_mismatch'] as const)(
    '%s sends it to the next node',
    (fault) => {
      const { effects } = play([...toProof, refused(fault)]);
      expect(find(effects, 'connect_das')[0]?.url).toBe('https://b:1');
    },
  );

  it('goes to the next node when one is down, without counting a run', () => {
    const { effects, state } = play([...toCode, typed, down()]);
    expect(find(effects, 'connect_das')[0]?.url).toBe('https://b:1');
    expect(state).toMatchObject({ phase: 'activating', runs: 0 });
  });

  it('waits as long as the server asks before it begins again at the first node', () => {
    const busy = refused('busy', { started: false, retryAfterMs: 7000 });
    const first = play([...toProof, busy, trusted, busy]);
    expect(find(first.effects, 'timer')).toEqual([{ type: 'timer', name: 'wait', ms: 7000 }]);
    const { effects } = play([...toProof, busy, trusted, busy, waited]);
    expect(find(effects, 'connect_das')[0]?.url).toBe('https://a:1');
  });

  it('makes at most 3 runs a key entry', () => {
    const broken = refused('internal');
    const played = play([...toProof, broken, trusted, broken, waited, trusted, broken]);
    expect(find(played.all, 'activate')).toHaveLength(3);
    expect(ended(played)?.code).toBe('internal');
  });

  it('gives up after six passes over nodes that are all down', () => {
    const pass = [down(), down(), waited];
    const played = play([...toCode, typed, ...pass, ...pass, ...pass, ...pass, ...pass, down(), down()]);
    expect(ended(played)?.code).toBe('activation_unreachable');
    expect(find(played.all, 'connect_das')).toHaveLength(12);
  });

  it('ends with the clear answer of one node rather than the silence of another', () => {
    const pass = [refused('busy', { started: false }), down(), waited, trusted];
    const played = play([
      ...toProof,
      ...pass,
      ...pass,
      ...pass,
      ...pass,
      ...pass,
      refused('busy', { started: false }),
      down(),
    ]);
    expect(ended(played)?.code).toBe('busy');
  });

  it('forgets the code after ten minutes', () => {
    const armed = find(play([...toCode, typed]).effects, 'timer');
    expect(armed).toEqual([{ type: 'timer', name: 'code', ms: 600_000 }]);
    const played = play([...toProof, { type: 'timer', name: 'code' }]);
    expect(ended(played)?.code).toBe('activation_unreachable');
    expect(JSON.stringify(played.state)).not.toContain(code);
  });

  it.each([
    ['success', activated],
    ['a refusal', refused('code_not_accepted')],
    ['a mismatch', refused('server_proof_failed')],
  ])('holds the code no longer after %s', (_, event) => {
    const played = play([...toProof, event]);
    expect(JSON.stringify(played.state)).not.toContain(code);
    expect(find(played.effects, 'stop_timer')).toContainEqual({ type: 'stop_timer', name: 'code' });
  });

  it('does not confirm what it could not store', () => {
    const played = play([...toProof, activated, { type: 'store_failed', detail: 'disk full' }]);
    expect(ended(played)?.code).toBe('state_not_stored');
    expect(find(played.all, 'confirm')).toHaveLength(0);
  });

  it('goes on when the confirmation does not get through', () => {
    const played = play([...toProof, activated, saved, { type: 'confirm_failed', detail: '' }, gotFull, registered]);
    expect(played.state.phase).toBe('registered');
  });
});
