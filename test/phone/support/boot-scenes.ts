import { expect } from 'vitest';
import type { PhoneFaultCode } from '../../../src/../src/phone/boot/faults.ts';
import { stepBoot } from '../../../src/../src/phone/boot/machine.ts';
import { type BootState, switchedOff } from '../../../src/../src/phone/boot/state.ts';
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
} from '../../../src/../src/phone/boot/types.ts';
import type { MacAddress } from '../../../src/identifiers/mac-address.ts';
import { parsePhoneModel } from '../../../src/identifiers/phone-model.ts';

/** Events, setups and a player for the tables of the boot machine. */

export const setup: BootSetup = {
  model: parsePhoneModel('8845')!,
  mac: '001122334455' as MacAddress,
  deviceName: 'SEP001122334455',
  factoryLoad: 'sip8845_65.1',
  patient: false,
};
export const code = '0000000123456780';
export const otherCode = '4273819502648313';

export const itl: HeldTrustList = { bytes: Uint8Array.of(1), sha256: 'aa', records: [] };
export const nodeA = { host: 'node-a', sipPort: 5060, sipTlsPort: 5061 };
export const nodeB = { host: 'node-b', sipPort: 5060, sipTlsPort: 5061 };
export const full: DeviceConfiguration = {
  kind: 'full',
  load: undefined,
  nodes: [nodeA, nodeB],
  transport: 'tls',
  lines: [{ directoryNumber: '1001', contact: 'uuid' }],
  tvs: [],
  versionStamp: '1-a',
  onboarding: undefined,
};
export const stub: DeviceConfiguration = {
  ...full,
  kind: 'activation-only',
  nodes: [],
  lines: [],
  onboarding: { method: 'ActivationCode', activation: ['https://a:1', 'https://b:1'] },
};
export const defaultsWith = (changes: Partial<DefaultConfiguration> = {}): DefaultConfiguration => ({
  onboarding: { method: 'ActivationCode', activation: ['https://a:1', 'https://b:1'] },
  nodes: [nodeA],
  tvs: [{ host: 'a', port: 2445 }],
  load: undefined,
  autoRegistration: false,
  ...changes,
});
export const reply: ActivationReply = {
  activationId: 'id-1',
  already: false,
  deviceName: 'SEP001122334455',
  itlSha256: 'aa',
  tftp: ['192.0.2.1:69'],
  digest: undefined,
};
export const stored: StoredPhone = {
  deviceName: 'SEP001122334455',
  activationId: 'id-1',
  trust: itl,
  tftp: ['192.0.2.1:69'],
  digest: undefined,
  load: 'sip8845_65.1',
  configuration: full,
};

export const on: BootEvent = { type: 'power_on', stored: undefined };
export const onAgain: BootEvent = { type: 'power_on', stored };
export const discovered: BootEvent = { type: 'discovered', servers: ['192.0.2.1:69'], by: 'test' };
export const gotItl: BootEvent = { type: 'trust_list', list: itl };
export const absent: BootEvent = { type: 'file_absent' };
export const unreachable: BootEvent = { type: 'file_unreachable', detail: 'silence' };
export const gotDefaults: BootEvent = { type: 'defaults', defaults: defaultsWith() };
export const typed: BootEvent = { type: 'code_typed', text: code };
export const trusted: BootEvent = { type: 'das_trusted', by: 'TVS' };
export const activated: BootEvent = { type: 'activated', reply };
export const saved: BootEvent = { type: 'stored' };
export const gotFull: BootEvent = { type: 'configuration', configuration: full };
export const gotStub: BootEvent = { type: 'configuration', configuration: stub };
export const registered: BootEvent = { type: 'registered', expiresSeconds: 120, lineName: '1001' };
export const waited: BootEvent = { type: 'timer', name: 'wait' };
export const down = (started = false): BootEvent => ({ type: 'das_unreachable', detail: 'refused', started });
export const refused = (
  fault: PhoneFaultCode,
  options: { started?: boolean; retryAfterMs?: number } = {},
): BootEvent => ({
  type: 'das_refused',
  failure: { code: fault, message: 'said so' },
  started: options.started ?? true,
  retryAfterMs: options.retryAfterMs,
});
export const nodeDown: BootEvent = { type: 'node_unreachable', detail: 'refused' };
export const rejected = (status: number, retryAfterMs?: number): BootEvent => ({
  type: 'register_refused',
  status,
  reason: 'no',
  retryAfterMs,
});

/** Up to the prompt. */
export const toCode = [on, discovered, gotItl, absent, gotDefaults];
/** Up to the handshake on the first node. */
export const toProof = [...toCode, typed, trusted];
/** Up to the first REGISTER. */
export const toRegister = [...toProof, activated, saved, gotFull];
export const toRegistered = [...toRegister, registered];

export interface Played {
  readonly state: BootState;
  /** Of the last event. */
  readonly effects: readonly BootEffect[];
  readonly all: readonly BootEffect[];
}

export function play(events: readonly BootEvent[], changes: Partial<BootSetup> = {}): Played {
  let state: BootState = switchedOff;
  let effects: readonly BootEffect[] = [];
  const all: BootEffect[] = [];
  for (const event of events) {
    ({ state, effects } = stepBoot({ ...setup, ...changes }, state, event));
    all.push(...effects);
  }
  return { state, effects, all };
}

export function find<T extends BootEffect['type']>(effects: readonly BootEffect[], type: T) {
  return effects.filter((effect): effect is Extract<BootEffect, { type: T }> => effect.type === type);
}

export const ended = (played: Played): BootFailure | undefined => {
  const [finish] = find(played.effects, 'finish');
  expect(finish, `phase ${played.state.phase}`).toBeDefined();
  return finish!.failure;
};
