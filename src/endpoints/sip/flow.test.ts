import { describe, expect, it } from 'vitest';
import { plainAddress, reachable } from './flow.ts';

describe('an address to send to', () => {
  it.each([
    ['192.0.2.1', '::', '::ffff:192.0.2.1'],
    ['192.0.2.1', '0.0.0.0', '192.0.2.1'],
    ['2001:db8::1', '::', '2001:db8::1'],
  ])('%s from a socket on %s is %s, and the same address again when it answers', (address, bound, sent) => {
    expect(reachable(address, bound)).toBe(sent);
    expect(plainAddress(sent)).toBe(address);
  });
});
