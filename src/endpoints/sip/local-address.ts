import { BlockList, isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonicalHost } from '../../identifiers/host.ts';

interface Interface {
  readonly address: string;
  readonly internal: boolean;
  readonly net: BlockList;
  readonly v6: boolean;
}

const keepMs = 10_000;
let known: readonly Interface[] = [];
let readAt = Number.NEGATIVE_INFINITY;

function interfaces(): readonly Interface[] {
  const now = performance.now();
  if (now - readAt < keepMs) return known;
  readAt = now;
  known = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((each) => each.cidr !== null && !(each.family === 'IPv6' && each.scopeid !== 0))
    .map((each) => {
      const net = new BlockList();
      const v6 = each.family === 'IPv6';
      net.addSubnet(each.address, Number(each.cidr!.split('/')[1]), v6 ? 'ipv6' : 'ipv4');
      return { address: each.address, internal: each.internal, net, v6 };
    });
  return known;
}

/** Which of our addresses a datagram's sender most likely reaches us at, when the socket is bound to all of them. */
export function localAddressFor(remote: string): string {
  if (isIP(remote) === 0)
    return remote === 'localhost' ? '127.0.0.1' : (interfaces().find((each) => !each.internal)?.address ?? '127.0.0.1');
  const v6 = isIPv6(remote);
  const family = interfaces().filter((each) => each.v6 === v6);
  const near = family.find((each) => each.net.check(remote, v6 ? 'ipv6' : 'ipv4'));
  return (near ?? family.find((each) => !each.internal) ?? family[0])?.address ?? (v6 ? '::1' : '127.0.0.1');
}

/** Whether an address is one of this machine's. Loopback addresses all are. */
export function isOwnAddress(host: string): boolean {
  const address = canonicalHost(host);
  if (/^127\./.test(address) || address === '::1' || address === 'localhost') return true;
  return interfaces().some((each) => canonicalHost(each.address) === address);
}
