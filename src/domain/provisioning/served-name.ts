import { type DeviceName, isDeviceName } from '../../identifiers/device-name.ts';

/** What a phone may ask for by name. Names come from this table, never from a path (spec/security.md, invariant 16). */
export type ServedName =
  | { readonly kind: 'phone'; readonly deviceName: DeviceName; readonly signed: boolean }
  | { readonly kind: 'default'; readonly signed: boolean }
  /** `deviceName` undefined for the common name `ITLFile.tlv`. */
  | { readonly kind: 'trust-list'; readonly list: 'ITL' | 'CTL'; readonly deviceName: DeviceName | undefined }
  /** Firmware, locale or tone file: served when an administrator uploaded one of that name. */
  | { readonly kind: 'uploaded'; readonly fileName: string };

/** Longest name looked at, in characters. */
export const maxNameLength = 128;

/** Undefined: no file of that name can exist. One leading slash is allowed, as HTTP paths and some TFTP clients have it. */
export function parseServedName(text: string): ServedName | undefined {
  const name = text.startsWith('/') ? text.slice(1) : text;
  if (name.length === 0 || name.length > maxNameLength) return undefined;
  const config = /^(SEP[0-9A-F]{12}|XMLDefault)\.cnf\.xml(\.sgn)?$/.exec(name);
  if (config !== null) {
    const signed = config[2] !== undefined;
    if (config[1] === 'XMLDefault') return { kind: 'default', signed };
    return isDeviceName(config[1]!) ? { kind: 'phone', deviceName: config[1], signed } : undefined;
  }
  const list = /^(ITL|CTL)(?:File|(SEP[0-9A-F]{12}))\.tlv$/.exec(name);
  if (list !== null) {
    const deviceName = list[2] !== undefined && isDeviceName(list[2]) ? list[2] : undefined;
    return { kind: 'trust-list', list: list[1] as 'ITL' | 'CTL', deviceName };
  }
  return isUploadName(name) ? { kind: 'uploaded', fileName: name } : undefined;
}

/** A name an administrator may upload under: no folder, no hidden file, nothing the system itself makes. */
export function isUploadName(name: string): boolean {
  return (
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name) &&
    !/\.cnf\.xml(\..*)?$/i.test(name) &&
    !/^(?:ITL|CTL).*\.tlv$/i.test(name)
  );
}

/** The name a cache keeps one file under: per-device names of the common trust list are the same file. */
export function cacheKey(name: ServedName): string {
  switch (name.kind) {
    case 'phone':
      return `${name.deviceName}.cnf.xml${name.signed ? '.sgn' : ''}`;
    case 'default':
      return `XMLDefault.cnf.xml${name.signed ? '.sgn' : ''}`;
    case 'trust-list':
      return `${name.list}File.tlv`;
    case 'uploaded':
      return name.fileName;
  }
}
