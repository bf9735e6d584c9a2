import { describe, expect, it } from 'vitest';
import { canonicalHost, isUnspecified, sameHost, urlHost } from './host.ts';

describe('a host', () => {
  it.each([
    ['fd28::3', 'FD28:0:0:0:0:0:0:3'],
    ['fd28::3', '[fd28:0:0::3]'],
    ['fe80::1', 'FE80:0000::0001'],
    ['::1', '[0:0:0:0:0:0:0:1]'],
    ['192.0.2.1', '::ffff:192.0.2.1'],
    ['ucm-1.example.org', 'UCM-1.Example.ORG'],
  ])('%s is also written %s', (one, other) => {
    expect(sameHost(one, other)).toBe(true);
    expect(canonicalHost(other)).toBe(one);
  });

  it.each([
    ['fd28::3', 'fd28::30'],
    ['192.0.2.1', '192.0.2.10'],
    ['::1', '127.0.0.1'],
  ])('%s is not %s', (one, other) => {
    expect(sameHost(one, other)).toBe(false);
  });

  it('stands in brackets in a URL where it is IPv6', () => {
    expect(['fd28::3', '[fd28::3]', '192.0.2.1', 'a.example'].map(urlHost)).toEqual([
      '[fd28::3]',
      '[fd28::3]',
      '192.0.2.1',
      'a.example',
    ]);
  });

  it('may be every address of the machine', () => {
    expect(['0.0.0.0', '::', '0:0:0:0:0:0:0:0', '[::]'].every(isUnspecified)).toBe(true);
    expect(['127.0.0.1', '::1', 'a'].some(isUnspecified)).toBe(false);
  });
});
