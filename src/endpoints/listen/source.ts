import { isIPv6 } from 'node:net';

/** `192.0.2.1` for `::ffff:192.0.2.1`; without a scope. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

/**
 * Who counts as one when something is limited by source: an IPv4 address, or the /64 of an IPv6 address (one host has all of it). Anything
 * else, as it is.
 */
export function sourceOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const front = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  // An IPv4 address at the end stands for two groups.
  const length = behind.length + (behind.at(-1)?.includes('.') === true ? 1 : 0);
  const filled =
    tail === undefined ? front : [...front, ...Array(Math.max(0, 8 - front.length - length)).fill('0'), ...behind];
  return `${filled
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
