/** Where guesses come from, as far as one attacker has it for nothing. */
export interface SourceGroups {
  /** One attacker's own: an IPv4 address, an IPv6 /64 (a host has all of its addresses). */
  readonly source: string;
  /** What an attacker may have as a whole: IPv4 /24, IPv6 /48. */
  readonly network: string;
}

/** Of an address as sockets give it, IPv4 in IPv6 form included. What is no address stands for itself. */
export function sourceGroups(address: string): SourceGroups {
  const plain = address.replace(/%.*$/, '').toLowerCase();
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})$/.exec(plain);
  if (v4 !== null) return { source: `${v4[1]}.${v4[2]}`, network: `${v4[1]}.0/24` };
  const parts = ipv6Parts(plain);
  if (parts === undefined) return { source: plain, network: plain };
  return { source: `${parts.slice(0, 4).join(':')}::/64`, network: `${parts.slice(0, 3).join(':')}::/48` };
}

/** The eight groups without leading zeros. */
function ipv6Parts(text: string): readonly string[] | undefined {
  const halves = text.split('::');
  if (!text.includes(':') || halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const filling = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - head!.length - tail.length)).fill('0');
  const parts = [...head!, ...filling, ...(tail ?? [])];
  if (parts.length !== 8 || parts.some((part) => !/^[0-9a-f]{1,4}$/.test(part))) return undefined;
  return parts.map((part) => part.replace(/^0+(?=.)/, ''));
}
