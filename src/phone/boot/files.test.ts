import { describe, expect, it } from 'vitest';
import {
  absent,
  activated,
  defaultsWith,
  discovered,
  ended,
  find,
  full,
  gotDefaults,
  gotFull,
  gotItl,
  gotStub,
  itl,
  nodeA,
  on,
  onAgain,
  play,
  registered,
  rejected,
  reply,
  saved,
  stored,
  toCode,
  toProof,
  trusted,
  typed,
  unreachable,
  waited,
} from '../../../test/phone/support/boot-scenes.ts';
import type { PhoneFaultCode } from './faults.ts';
import type { BootEvent } from './types.ts';

describe('failures on the way to the code', () => {
  const cases: readonly [string, readonly BootEvent[], PhoneFaultCode][] = [
    [
      'DHCP does not answer',
      [on, { type: 'discovery_failed', failure: { code: 'dhcp_no_answer', message: '' } }],
      'dhcp_no_answer',
    ],
    ['no TFTP server answers', [on, discovered, unreachable], 'tftp_unreachable'],
    ['TFTP falls silent after the trust list', [on, discovered, gotItl, unreachable], 'tftp_unreachable'],
    ['TFTP falls silent before the defaults', [on, discovered, gotItl, absent, unreachable], 'tftp_unreachable'],
    ['there is no XMLDefault', [on, discovered, gotItl, absent, absent], 'configuration_missing'],
    [
      'XMLDefault is signed by a stranger',
      [on, discovered, gotItl, absent, { type: 'file_unusable', detail: '', untrusted: true }],
      'configuration_untrusted',
    ],
    [
      'the SEP file cannot be read',
      [on, discovered, gotItl, { type: 'file_unusable', detail: '', untrusted: false }],
      'configuration_unusable',
    ],
    [
      'the model is not listed',
      [
        ...toCode.slice(0, 4),
        { type: 'defaults', defaults: defaultsWith({ onboarding: { method: undefined, activation: [] } }) },
      ],
      'not_offered',
    ],
    [
      'the model is set to auto-registration, which is off',
      [
        ...toCode.slice(0, 4),
        { type: 'defaults', defaults: defaultsWith({ onboarding: { method: 'AutoRegistration', activation: [] } }) },
      ],
      'not_offered',
    ],
    [
      'codes are in use but no service is listed',
      [
        ...toCode.slice(0, 4),
        { type: 'defaults', defaults: defaultsWith({ onboarding: { method: 'ActivationCode', activation: [] } }) },
      ],
      'activation_unreachable',
    ],
    ['nobody types a code', [...toCode, { type: 'no_code' }], 'code_missing'],
  ];
  it.each(cases)('%s', (_, events, fault) => {
    expect(ended(play(events))?.code).toBe(fault);
  });

  it('goes on without a trust list, but then trusts nobody', () => {
    const { effects } = play([on, discovered, absent, absent, absent, gotDefaults, typed]);
    expect(find(effects, 'connect_das')[0]?.trust).toBeUndefined();
  });

  it('registers by itself where auto-registration is on', () => {
    const defaults = defaultsWith({
      onboarding: { method: 'AutoRegistration', activation: [] },
      autoRegistration: true,
    });
    const { effects } = play([...toCode.slice(0, 4), { type: 'defaults', defaults }]);
    expect(find(effects, 'register')[0]).toMatchObject({ node: nodeA });
  });
});

describe('the configuration after an activation', () => {
  it.each([
    ['is not there yet', absent],
    ['is still the activation-only one of a moment ago', gotStub],
  ])('is asked for again when it %s', (_, event) => {
    const played = play([...toProof, activated, saved, event]);
    expect(find(played.effects, 'timer')[0]?.name).toBe('wait');
    expect(play([...toProof, activated, saved, event, waited, gotFull, registered]).state.phase).toBe('registered');
  });

  it('is given up when it never appears', () => {
    const tries = Array.from({ length: 10 }, () => [absent, waited]).flat();
    expect(ended(play([...toProof, activated, saved, ...tries, absent]))?.code).toBe('configuration_not_ready');
  });

  it.each([
    ['untrusted', true, 'configuration_untrusted'],
    ['damaged', false, 'configuration_unusable'],
  ] as const)('ends the boot when it is %s', (_, untrusted, fault) => {
    expect(ended(play([...toProof, activated, saved, { type: 'file_unusable', detail: '', untrusted }]))?.code).toBe(
      fault,
    );
  });

  it('ends the boot when it names no node', () => {
    const event: BootEvent = { type: 'configuration', configuration: { ...full, nodes: [] } };
    expect(ended(play([...toProof, activated, saved, event]))?.code).toBe('configuration_unusable');
  });

  it('fetches the firmware it names before registering, and remembers it', () => {
    const event: BootEvent = { type: 'configuration', configuration: { ...full, load: 'sip8845_65.2' } };
    const asked = play([...toProof, activated, saved, event]);
    expect(find(asked.effects, 'load_firmware')[0]).toMatchObject({ load: 'sip8845_65.2', current: 'sip8845_65.1' });
    expect(find(asked.effects, 'register')).toHaveLength(0);
    const got = play([
      ...toProof,
      activated,
      saved,
      event,
      { type: 'firmware_ready', load: 'sip8845_65.2', detail: '' },
    ]);
    expect(find(got.effects, 'register')[0]?.load).toBe('sip8845_65.2');
    expect(find(got.effects, 'store')[0]?.phone.load).toBe('sip8845_65.2');
  });

  it('registers with the firmware it runs when the named one cannot be had', () => {
    const event: BootEvent = { type: 'configuration', configuration: { ...full, load: 'sip8845_65.2' } };
    const kept = play([...toProof, activated, saved, event, { type: 'firmware_kept', detail: '' }]);
    expect(find(kept.effects, 'register')[0]?.load).toBe('sip8845_65.1');
  });
});

describe('a phone that has been here before', () => {
  it('boots straight to registration, without a code', () => {
    const { all, state } = play([onAgain, discovered, gotItl, gotFull, registered]);
    expect(state.phase).toBe('registered');
    expect(find(all, 'ask_code')).toHaveLength(0);
  });

  it('takes a new trust list only against the one it holds', () => {
    expect(find(play([onAgain, discovered]).effects, 'load_trust_list')[0]?.known).toBe(itl);
    const kept = play([onAgain, discovered, { type: 'file_unusable', detail: '', untrusted: true }]);
    expect(find(kept.effects, 'load_configuration')[0]?.trust).toBe(itl);
  });

  it('drops what it knows and asks for a code when its file is activation-only', () => {
    const { effects, state } = play([onAgain, discovered, gotItl, gotStub]);
    expect(find(effects, 'ask_code')).toHaveLength(1);
    expect(find(effects, 'wipe')).toHaveLength(1);
    expect(state).toMatchObject({ phase: 'code', nodes: ['https://a:1', 'https://b:1'], held: { stored: undefined } });
  });

  it('registers with what it has when the server has no file for it', () => {
    const { all, effects } = play([onAgain, discovered, gotItl, absent]);
    expect(find(effects, 'register')[0]?.node).toBe(nodeA);
    expect(find(all, 'store')).toEqual([]);
    expect(find(effects, 'report')[0]?.report).toMatchObject({ outcome: 'failed', fault: 'not_offered' });
  });

  it.each([403, 404])('asks for a code when it has no file and is answered %i, and keeps what it has', (status) => {
    const events = [onAgain, discovered, gotItl, absent, rejected(status), gotDefaults];
    const { all, effects, state } = play(events);
    expect(find(all, 'store')).toEqual([]);
    expect(find(effects, 'ask_code')[0]?.problem?.code).toBe('registration_refused');
    expect(state).toMatchObject({ phase: 'code', held: { stored } });
    expect(ended(play([...events, { type: 'no_code' }]))?.code).toBe('registration_refused');
  });

  it('takes a new proof: the code that is typed replaces everything', () => {
    const again = [onAgain, discovered, gotItl, absent, rejected(403), gotDefaults, typed, trusted];
    const fresh: BootEvent = { type: 'activated', reply: { ...reply, activationId: 'id-2' } };
    expect(find(play([...again, fresh]).effects, 'store')[0]?.phone).toMatchObject({
      activationId: 'id-2',
      configuration: undefined,
    });
  });

  it.each([
    ['unsigned', true],
    ['empty', false],
  ])('registers with what it has when its file is %s', (_, untrusted) => {
    const { all, effects } = play([onAgain, discovered, gotItl, { type: 'file_unusable', detail: '', untrusted }]);
    expect(find(effects, 'register')[0]?.node).toBe(nodeA);
    expect(find(all, 'store')).toEqual([]);
  });

  it('keeps a new trust list at once, whatever becomes of the rest', () => {
    const list = { ...itl, sha256: 'bb' };
    const { all } = play([onAgain, discovered, { type: 'trust_list', list }, unreachable]);
    expect(find(all, 'store').map(({ phone }) => phone)).toEqual([{ ...stored, trust: list }]);
  });

  it('uses the servers and the configuration of before when nobody answers', () => {
    const failed: BootEvent = { type: 'discovery_failed', failure: { code: 'dhcp_no_answer', message: '' } };
    const { effects } = play([onAgain, failed, unreachable]);
    expect(find(effects, 'register')[0]?.node).toBe(nodeA);
  });
});
