/** IP addresses between text and octets. IPv6 text as RFC 5952 writes it. */

/** Throws RangeError. */
export function parseIpv4(text: string): readonly number[] {
  const parts = text.split('.');
  const octets = parts.map(Number);
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part)) || octets.some((octet) => octet > 255)) {
    throw new RangeError(`${text} is not an IPv4 address`);
  }
  return octets;
}

export function formatIpv4(octets: Uint8Array): string {
  return [...octets].join('.');
}

/** Throws RangeError. Scoped addresses and embedded IPv4 are not taken. */
export function parseIpv6(text: string): readonly number[] {
  const wrong = () => new RangeError(`${text} is not an IPv6 address`);
  const halves = text.split('::');
  if (halves.length > 2) throw wrong();
  const groups = (half: string | undefined) => (half === undefined || half === '' ? [] : half.split(':'));
  const [head, tail] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) throw wrong();
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  if (!all.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) throw wrong();
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

export function formatIpv6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! << 8) | octets[2 * i + 1]!);
  let best = { from: 0, length: 0 };
  for (let from = 0; from < 8; from++) {
    let length = 0;
    while (from + length < 8 && groups[from + length] === 0) length += 1;
    if (length > best.length) best = { from, length };
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  // A single zero group is not shortened.
  if (best.length < 2) return hex(groups);
  return `${hex(groups.slice(0, best.from))}::${hex(groups.slice(best.from + best.length))}`;
}
