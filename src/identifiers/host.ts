/**
 * One spelling per host, so that equal addresses are equal texts: names in lower case, IPv6 without brackets as RFC 5952 writes it, IPv4 in IPv6
 * (`::ffff:192.0.2.1`) as IPv4. What is no address stays as it is, in lower case.
 */
export function canonicalHost(text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (!bare.includes(':')) return bare;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  const url = URL.parse(`http://[${bare}]/`);
  return url === null ? bare : url.hostname.slice(1, -1);
}

export function sameHost(one: string, other: string): boolean {
  return canonicalHost(one) === canonicalHost(other);
}

/** As it stands in a URL or a SIP URI: IPv6 in brackets. */
export function urlHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** `0.0.0.0`, `::`: every address of the machine, and none that anybody could be told. */
export function isUnspecified(host: string): boolean {
  const canonical = canonicalHost(host);
  return canonical === '0.0.0.0' || canonical === '::';
}
