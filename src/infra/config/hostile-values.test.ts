import { lookup } from 'node:dns';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { readSyslogTarget } from '../audit/syslog.ts';
import { edgeLookup } from '../dns/edge-lookup.ts';
import { outboundRule } from '../net/outbound.ts';
import { ConfigurationFault, readConfiguration } from './configuration.ts';
import { settings } from './settings.ts';

const read = async (environment: Record<string, string>) => {
  try {
    return { configuration: await readConfiguration({ environment }), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    return { configuration: undefined, problems: error.problems };
  }
};
const variable = (path: string) => settings.find((each) => each.path === path)!.environment;

describe('a value that only breaks later', () => {
  it.each([
    ['outbound.allow', '10.0.0.0/99', /"10\.0\.0\.0\/99" has the prefix 99; one of IPv4 is from 0 to 32/],
    ['outbound.allow', 'a.example.org, 2001:db8::/129', /from 0 to 128/],
    ['outbound.allow', 'a.example.org/24', /is no address; write a network like/],
    ['outbound.allow', '300.1.1.1', /no IPv4 address/],
    ['outbound.allow', ':::/8', /is no address/],
    ['listen.address', '999.1.1.1', /four numbers from 0 to 255/],
    ['listen.address', '1:2:3:4:5:6:7:8:9', /no IPv6 address/],
    ['listen.metricsAddress', 'a..b', /no host name/],
    ['listen.consoleAddress', '1.2.3', /no IPv4 address/],
    ['listen.tunnelAddress', `${'a'.repeat(64)}.example`, /1 to 63 letters/],
    ['node.address', '256.0.0.1', /no IPv4 address/],
    ['edge.hostName', 'e1.-x.example', /no hyphen at either end/],
    ['edge.domains', `example.org,${'a'.repeat(64)}.org`, /no host name/],
    ['cloud.hostNames', 'c.example.org,1.2.3.4.5', /"1\.2\.3\.4\.5" is no IPv4 address/],
    ['cloud.publicUrl', 'https://c.example.org:99999', /port 99999/],
    ['cloud.publicUrl', 'https://c_d', /no host name/],
    ['edge.tunnelPublicAddress', 'e.example.org:0', /from 1 to 65535/],
    ['edge.turnServers', 't.example.org:3478,u.example.org:70000', /"u\.example\.org:70000" has port 70000/],
    ['mra.dnsServers', '192.0.2.999', /is no address/],
    ['mra.dnsServers', '[2001:db8::53]:99999', /port 99999/],
    ['audit.syslog', 'udp://logs.example.org:0', /from 1 to 65535/],
    ['audit.syslog', 'tcp://[:::1]', /no IPv6 address/],
    ['database.url', 'postgresql://u:p@host:99999/x', /no URL/],
    ['database.url', 'postgresql://u:p/q@host:x/x', /no URL/],
    ['database.migrationUrl', 'postgresql://u:p@host:0/x', /port is 0/],
  ])('%s: %s is refused when the configuration is read', async (path, value, message) => {
    const { problems } = await read({ [variable(path)]: value });
    expect(problems[0]).toMatchObject({ place: 'environment', field: variable(path) });
    expect(problems[0]!.message).toMatch(message);
    if (settings.find((each) => each.path === path)!.secret) expect(problems[0]!.message).not.toContain(value);
  });

  it.each([
    ['outbound.allow', 'hooks.example.org, 10.1.2.0/24,2001:db8::/32,::1,localhost,127.0.0.1/32'],
    ['listen.address', '::'],
    ['listen.address', '::ffff:192.0.2.1'],
    ['cloud.publicUrl', 'https://[2001:db8::1]:8443'],
    ['cloud.hostNames', 'c.example.org,192.0.2.1,2001:db8::1'],
    ['edge.turnServers', 't.example.org:3478, 192.0.2.1:3478'],
    ['mra.dnsServers', '192.0.2.53,[2001:db8::53]:5353'],
    ['audit.syslog', 'tcp://[::1]:514'],
    ['database.url', 'postgresql://u:p%25@[::1]:5432/x?sslmode=require'],
    ['database.url', 'postgresql://u:100%@host/x'],
    ['database.url', 'postgresql://u@/x?host=/run/postgresql'],
    ['database.url', 'postgresql:///x?host=/run/postgresql'],
  ])('%s: %s is taken', async (path, value) => {
    expect((await read({ [variable(path)]: value })).problems).toEqual([]);
  });
});

const hostile = [
  '\u0000',
  '-1',
  '1e999',
  'NaN',
  '0',
  '99999',
  '%',
  '%zz',
  '/',
  '//',
  ':',
  ':::',
  '[',
  '[]:1',
  '[::',
  'a/b',
  '1.2.3.4/33',
  '::/129',
  ',',
  'a,,b',
  '../..',
  'https://',
  'https://[',
  'udp://:0',
  'postgres://',
  'postgresql://a:b:c@d:e',
  '*',
  '(',
  '\\',
  ' ',
  '\u202e',
  'x'.repeat(10_000),
  '{"a":1}',
  '0x7f.1',
  '١٢٣',
];

it.each(settings.map(({ path, environment }) => [path, environment] as const))(
  'every hostile value of %s is taken or named, and what is taken can be used',
  async (path, environment) => {
    for (const value of hostile) {
      const { configuration, problems } = await read({ [environment]: value });
      if (configuration === undefined) {
        expect(problems.length, value).toBeGreaterThan(0);
        continue;
      }
      outboundRule(configuration.outbound.allow, lookup);
      edgeLookup(configuration.mra.dnsServers);
      if (path === 'cloud.publicUrl') expect(URL.canParse(configuration.cloud.publicUrl!), value).toBe(true);
      if (configuration.database.url !== undefined) new pg.Client(configuration.database.url);
      if (configuration.audit.syslog !== undefined)
        expect(readSyslogTarget(configuration.audit.syslog), value).toBeDefined();
    }
  },
);
