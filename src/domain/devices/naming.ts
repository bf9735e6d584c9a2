import { batName, type DeviceName, macOf, sepName } from '../../identifiers/device-name.ts';
import { type MacAddress, parseMacAddress } from '../../identifiers/mac-address.ts';
import { type PhoneModel, parsePhoneModel, phoneModels } from '../../identifiers/phone-model.ts';
import { toHex } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import { say } from '../../texts/say.ts';
import { refuse } from './faults.ts';

/** The model as the system knows it. @throws DeviceFault `model_not_supported` */
export function requireModel(text: string, field = 'model'): PhoneModel {
  const model = parsePhoneModel(text);
  if (model !== undefined) return model;
  throw refuse(
    field,
    say('model_not_supported', { text: text.slice(0, 64), models: phoneModels.map((each) => each.number).join(', ') }),
  );
}

/** Undefined for a blank field: the MAC is not known yet. @throws DeviceFault `mac_invalid` */
export function readMac(text: string | null | undefined, field = 'mac'): MacAddress | undefined {
  if (text === undefined || text === null || text.trim() === '') return undefined;
  const mac = parseMacAddress(text);
  if (mac !== undefined) return mac;
  throw refuse(field, say('mac_invalid', { text: text.slice(0, 64) }));
}

/** A4: `BAT` and 12 random hex digits. The store says whether the name is free. */
export function randomBatName(random: Random): DeviceName {
  return batName(toHex(random.bytes(6)).toUpperCase());
}

export type NameChange =
  | { readonly kind: 'keep' }
  | { readonly kind: 'sep'; readonly name: DeviceName; readonly mac: MacAddress }
  /** Without a name: a random one. */
  | { readonly kind: 'bat'; readonly name?: DeviceName | undefined };

/**
 * What the MAC field of a saved phone does to its name (A4): absent leaves it, blank makes or keeps BAT, a MAC makes SEP.
 * @throws DeviceFault `mac_invalid`
 */
export function nameChange(current: DeviceName, mac: string | null | undefined, batNamed?: DeviceName): NameChange {
  if (mac === undefined) return { kind: 'keep' };
  const typed = readMac(mac);
  if (typed === undefined) {
    const keeps = batNamed === undefined ? macOf(current) === undefined : batNamed === current;
    return keeps ? { kind: 'keep' } : { kind: 'bat', name: batNamed };
  }
  const name = sepName(typed);
  return name === current ? { kind: 'keep' } : { kind: 'sep', name, mac: typed };
}
