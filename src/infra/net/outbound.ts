import { lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/**
 * Where a request that an administrator addressed over REST must not go: to this machine, to the link, to what clouds tell their machines about
 * themselves, to everybody at once. Addresses of a private network are meant: that is where the receivers are.
 */
const closed: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['::1', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
  // The same IPv4 networks behind NAT64 and 6to4.
  ['64:ff9b::', 104],
  ['64:ff9b::7f00:0', 104],
  ['64:ff9b::a9fe:0', 112],
  ['2002::', 24],
  ['2002:7f00::', 24],
  ['2002:a9fe::', 32],
];

/** The connection was refused before it was made. */
export class OutboundRefused extends Error {
  readonly code = 'OUTBOUND_REFUSED';
}

export interface OutboundRule {
  /** Whether a host of a URL may be connected to, as far as its text tells: names are looked at when they are resolved. */
  allowsHost(hostname: string): boolean;
  /** For `net.connect`: resolves and refuses in one step, so that a name cannot change between a look and the connection. */
  readonly lookup: LookupFunction;
}

/** `allowed`: host names, addresses and networks (`10.1.2.0/24`) of the node's own configuration that are let through nevertheless. */
export function outboundRule(allowed: readonly string[], resolve: typeof dnsLookup = dnsLookup): OutboundRule {
  const refused = new BlockList();
  for (const [network, prefix] of closed) refused.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  const open = new BlockList();
  const names = new Set<string>();
  for (const each of allowed) {
    const [address, prefix] = each.split('/') as [string, string | undefined];
    const family = isIP(address);
    if (family === 0) names.add(address.toLowerCase());
    else open.addSubnet(address, Number(prefix ?? (family === 4 ? 32 : 128)), family === 4 ? 'ipv4' : 'ipv6');
  }
  const good = (address: string) => {
    const type = address.includes(':') ? 'ipv6' : 'ipv4';
    return open.check(address, type) || !refused.check(address, type);
  };
  return {
    allowsHost(hostname) {
      const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
      if (isIP(host) !== 0) return good(host);
      return names.has(host) || !/^(.+\.)?localhost\.?$/.test(host);
    },
    lookup(hostname, options, callback) {
      resolve(hostname, { ...options, all: true }, (error, found) => {
        if (error !== null) return callback(error, '', 0);
        const usable = names.has(hostname.toLowerCase()) ? found : found.filter(({ address }) => good(address));
        const [first] = usable;
        if (first === undefined) {
          const refusal = new OutboundRefused(`${hostname} leads to an address that is closed`);
          return callback(refusal as NodeJS.ErrnoException, '', 0);
        }
        if (options.all === true) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      });
    },
  };
}
