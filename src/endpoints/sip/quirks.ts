/**
 * User agents that give up when any challenge names an algorithm they do not know, though RFC 8760 has them choose one they do:
 * baresip before 2 (libre's challenge reader), and the field's own firmware, which knows MD5 only.
 */
const md5Only = /^(?:baresip v?[01]\.|Cisco-CP)/i;

export function knowsOnlyMd5(userAgent: string | undefined): boolean {
  return userAgent !== undefined && md5Only.test(userAgent);
}
