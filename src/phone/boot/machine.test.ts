import { describe, expect, it } from 'vitest';
import type { MacAddress } from '../../identifiers/mac-address.ts';
import { parsePhoneModel } from '../../identifiers/phone-model.ts';
import type { PhoneFaultCode } from './faults.ts';
import { stepBoot } from './machine.ts';
import { type BootState, switchedOff } from './state.ts';
import type {
  ActivationReply,
  BootEffect,
  BootEvent,
  BootFailure,
  BootSetup,
  DefaultConfiguration,
  DeviceConfiguration,
  HeldTrustList,
  StoredPhone,
} from './types.ts';

const setup: BootSetup = {
  model: parsePhoneModel('8845')!,
  mac: '001122334455' as MacAddress,
  deviceName: 'SEP001122334455',
  factoryLoad: 'sip8845_65.1',
  patient: false,
};
const code = '0000000123456780';
const otherCode = '4273819502648313';

const itl: HeldTrustList = { bytes: Uint8Array.of(1), sha256: 'aa', records: [] };
const nodeA = { host: 'node-a', sipPort: 5060, sipTlsPort: 5061 };
const nodeB = { host: 'node-b', sipPort: 5060, sipTlsPort: 5061 };
const full: DeviceConfiguration = {
  kind: 'full',
  load: undefined,
  nodes: [nodeA, nodeB],
  transport: 'tls',
  lines: [{ directoryNumber: '1001', contact: 'uuid' }],
  tvs: [],
  versionStamp: '1-a',
  onboarding: undefined,
};
const stub: DeviceConfiguration = {
  ...full,
  kind: 'activation-only',
  nodes: [],
  lines: [],
  onboarding: { method: 'ActivationCode', activation: ['https://a:1', 'https://b:1'] },
};
const defaultsWith = (changes: Partial<DefaultConfiguration> = {}): DefaultConfiguration => ({
  onboarding: { method: 'ActivationCode', activation: ['https://a:1', 'https://b:1'] },
  nodes: [nodeA],
  tvs: [{ host: 'a', port: 2445 }],
  load: undefined,
  autoRegistration: false,
  ...changes,
});
const reply: ActivationReply = {
  activationId: 'id-1',
  already: false,
  deviceName: 'SEP001122334455',
  itlSha256: 'aa',
  tftp: ['192.0.2.1:69'],
  digest: undefined,
};
const stored: StoredPhone = {
  deviceName: 'SEP001122334455',
  activationId: 'id-1',
  trust: itl,
  tftp: ['192.0.2.1:69'],
  digest: undefined,
  load: 'sip8845_65.1',
  configuration: full,
};

const on: BootEvent = { type: 'power_on', stored: undefined };
const onAgain: BootEvent = { type: 'power_on', stored };
const discovered: BootEvent = { type: 'discovered', servers: ['192.0.2.1:69'], by: 'test' };
const gotItl: BootEvent = { type: 'trust_list', list: itl };
const absent: BootEvent = { type: 'file_absent' };
const unreachable: BootEvent = { type: 'file_unreachable', detail: 'silence' };
const gotDefaults: BootEvent = { type: 'defaults', defaults: defaultsWith() };
const typed: BootEvent = { type: 'code_typed', text: code };
const trusted: BootEvent = { type: 'das_trusted', by: 'TVS' };
const activated: BootEvent = { type: 'activated', reply };
const saved: BootEvent = { type: 'stored' };
const gotFull: BootEvent = { type: 'configuration', configuration: full };
const gotStub: BootEvent = { type: 'configuration', configuration: stub };
const registered: BootEvent = { type: 'registered', expiresSeconds: 120, lineName: '1001' };
const waited: BootEvent = { type: 'timer', name: 'wait' };
const down = (started = false): BootEvent => ({ type: 'das_unreachable', detail: 'refused', started });
const refused = (fault: PhoneFaultCode, options: { started?: boolean; retryAfterMs?: number } = {}): BootEvent => ({
  type: 'das_refused',
  failure: { code: fault, message: 'said so' },
  started: options.started ?? true,
  retryAfterMs: options.retryAfterMs,
});
const nodeDown: BootEvent = { type: 'node_unreachable', detail: 'refused' };
const rejected = (status: number, retryAfterMs?: number): BootEvent => ({
  type: 'register_refused',
  status,
  reason: 'no',
  retryAfterMs,
});

/** Up to the prompt. */
const toCode = [on, discovered, gotItl, absent, gotDefaults];
/** Up to the handshake on the first node. */
const toProof = [...toCode, typed, trusted];
/** Up to the first REGISTER. */
const toRegister = [...toProof, activated, saved, gotFull];
const toRegistered = [...toRegister, registered];

interface Played {
  readonly state: BootState;
  /** Of the last event. */
  readonly effects: readonly BootEffect[];
  readonly all: readonly BootEffect[];
}

function play(events: readonly BootEvent[], changes: Partial<BootSetup> = {}): Played {
  let state: BootState = switchedOff;
  let effects: readonly BootEffect[] = [];
  const all: BootEffect[] = [];
  for (const event of events) {
    ({ state, effects } = stepBoot({ ...setup, ...changes }, state, event));
    all.push(...effects);
  }
  return { state, effects, all };
}

function find<T extends BootEffect['type']>(effects: readonly BootEffect[], type: T) {
  return effects.filter((effect): effect is Extract<BootEffect, { type: T }> => effect.type === type);
}

const ended = (played: Played): BootFailure | undefined => {
  const [finish] = find(played.effects, 'finish');
  expect(finish, `phase ${played.state.phase}`).toBeDefined();
  return finish!.failure;
};

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
  it('sends nothing to a server that nobody vouches for, and forgets everything', () => {
    const played = play([...toCode, typed, { type: 'das_untrusted', detail: 'who is this' }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
    expect(find(played.all, 'activate')).toHaveLength(0);
    expect(find(played.effects, 'wipe')).toHaveLength(1);
  });

  it('stops when the server cannot prove that it knows the code, without trying another', () => {
    const played = play([...toProof, refused('server_proof_failed')]);
    expect(ended(played)?.code).toBe('server_proof_failed');
    expect(find(played.effects, 'wipe')).toHaveLength(1);
    expect(find(played.all, 'store')).toHaveLength(0);
  });

  it.each([
    ['the trust list is not the one the server proved', { itlSha256: 'bb' }],
    ['the server calls it by another name', { deviceName: 'SEP000000000000' }],
  ])('wipes and stops when %s', (_, changes) => {
    const played = play([...toProof, { type: 'activated', reply: { ...reply, ...changes } }]);
    expect(ended(played)?.code).toBe('trust_mismatch');
    expect(find(played.effects, 'wipe')).toHaveLength(1);
    expect(find(played.effects, 'store')).toHaveLength(0);
  });

  it('wipes and stops when it was trusting on no list at all', () => {
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
    expect(find(effects, 'wipe')).toHaveLength(1);
    expect(find(effects, 'ask_code')).toHaveLength(1);
    expect(state).toMatchObject({ phase: 'code', nodes: ['https://a:1', 'https://b:1'], held: { stored: undefined } });
  });

  it('drops what it knows when its record is gone', () => {
    const { all, state } = play([onAgain, discovered, gotItl, absent, gotDefaults]);
    expect(find(all, 'wipe')).toHaveLength(1);
    expect(state.phase).toBe('code');
  });

  it('uses the servers and the configuration of before when nobody answers', () => {
    const failed: BootEvent = { type: 'discovery_failed', failure: { code: 'dhcp_no_answer', message: '' } };
    const { effects } = play([onAgain, failed, unreachable]);
    expect(find(effects, 'register')[0]?.node).toBe(nodeA);
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
