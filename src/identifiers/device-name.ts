import { isMacAddress, type MacAddress } from './mac-address.ts';

/** `SEP` + real MAC, or `BAT` + 12 random hex digits for a phone whose MAC is not yet known. */
export type DeviceName = string & { readonly __brand: 'DeviceName' };

export function isDeviceName(text: string): text is DeviceName {
  return /^(?:SEP|BAT)[0-9A-F]{12}$/.test(text);
}

/** Accepts any case; undefined when it is not a device name. */
export function parseDeviceName(text: string): DeviceName | undefined {
  const upper = text.trim().toUpperCase();
  return isDeviceName(upper) ? upper : undefined;
}

export function sepName(mac: MacAddress): DeviceName {
  return `SEP${mac}` as DeviceName;
}

/** `digits`: 12 random hex digits, upper case. */
export function batName(digits: string): DeviceName {
  const name = `BAT${digits}`;
  if (!isDeviceName(name)) throw new RangeError('a BAT name needs 12 upper-case hex digits');
  return name;
}

/** The real MAC behind a SEP name; undefined for BAT names. */
export function macOf(name: DeviceName): MacAddress | undefined {
  const digits = name.slice(3);
  return name.startsWith('SEP') && isMacAddress(digits) ? digits : undefined;
}
