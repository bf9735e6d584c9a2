import type { CodeFacts } from './ports.ts';

/** Why a phone that proved its code does not get in. The codes of spec/activation.md §6, sealed part. */
export type Refusal =
  | 'code_expired'
  | 'code_already_used'
  | 'code_released'
  | 'model_mismatch'
  | 'mac_mismatch'
  | 'mode_not_allowed'
  | 'device_name_conflict'
  | 'device_disabled';

/** Of the phone that asks. */
export interface Asking {
  readonly mac: string;
  /** `Cisco 8845`; a product that is no supported model stays as the MIC has it. */
  readonly model: string;
  readonly mode: 'onprem' | 'mra';
}

/**
 * The rule behind the redeem statement's conditions, in words. Undefined: nothing speaks against it (the code changed in between; try again).
 * First whether the code is still good, then whether it is meant for this phone.
 */
export function refusalOf(facts: CodeFacts | undefined, asking: Asking): Refusal | undefined {
  if (facts === undefined || !facts.deviceExists) return facts?.consumed ? 'code_already_used' : 'code_released';
  if (facts.consumed) return facts.state === 'revoked' ? 'code_released' : 'code_already_used';
  if (facts.state === 'expired' || (facts.state === 'active' && facts.expiredAtStart)) return 'code_expired';
  if (facts.state !== 'active') return 'code_released';
  if (asking.mode === 'mra' && !facts.viaMra) return 'mode_not_allowed';
  if (!facts.deviceEnabled) return 'device_disabled';
  if (facts.model !== asking.model || facts.deviceModel !== asking.model) return 'model_mismatch';
  if (facts.boundMac !== undefined && facts.boundMac !== asking.mac) return 'mac_mismatch';
  return undefined;
}

/** For the administrator's timeline. */
export const refusalRemedy: Readonly<Record<Refusal, string>> = {
  code_expired: 'Release the activation code and generate a new one.',
  code_already_used: 'Another phone has used this code. Generate a new one for this phone.',
  code_released: 'Generate a new activation code.',
  model_mismatch: 'Use a phone of the model the code was made for, or change the record.',
  mac_mismatch:
    'The code belongs to another MAC address. Use that phone, or clear the MAC address on the record and generate a new code.',
  mode_not_allowed: 'Allow activation via MRA on the phone record, or activate inside the network.',
  device_name_conflict: 'Another record has this MAC address already. Delete or change it, then type the code again.',
  device_disabled: 'Enable the phone record, then type the code again.',
};
