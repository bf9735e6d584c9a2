import type { lookup as dnsLookup } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { outboundRule } from './outbound.ts';

/** As a webhook's URL is read. */
const host = (url: string) => new URL(url).hostname;

describe('where a request may go', () => {
  it.each([
    'https://localhost/',
    'https://a.localhost/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0.0.0.0/',
    'https://0/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
  ])('is not %s', (url) => {
    expect(outboundRule([]).allowsHost(host(url))).toBe(false);
  });

  it.each(['https://192.0.2.7/', 'https://10.1.2.3/', 'https://desk.example.org/', 'https://[2001:db8::7]/'])(
    'may be %s',
    (url) => {
      expect(outboundRule([]).allowsHost(host(url))).toBe(true);
    },
  );

  it('is widened by the configuration of the node, and only by what it names', () => {
    const rule = outboundRule(['127.0.0.0/24', 'localhost', '::1']);
    expect(['127.0.0.9', 'localhost', '[::1]'].map((each) => rule.allowsHost(each))).toEqual([true, true, true]);
    expect(rule.allowsHost('127.0.1.9')).toBe(false);
    expect(rule.allowsHost('169.254.169.254')).toBe(false);
  });

  it('is judged by the address a name has when it is connected to', async () => {
    const answers = [['192.0.2.7'], ['127.0.0.1'], ['127.0.0.1', '192.0.2.8']];
    const resolve = ((_name: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(
        null,
        answers.shift()!.map((address) => ({ address, family: 4 })),
      )) as unknown as typeof dnsLookup;
    const rule = outboundRule([], resolve);
    const ask = () =>
      new Promise((done) =>
        rule.lookup('changes.example.org', {}, (error, address) => done(error === null ? address : error.code)),
      );
    expect([await ask(), await ask(), await ask()]).toEqual(['192.0.2.7', 'OUTBOUND_REFUSED', '192.0.2.8']);
  });
});
