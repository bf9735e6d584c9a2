import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noNamespaces } from '../phone/support/network-namespaces.ts';
import { node, runPhone } from '../phone/support/phone-program.ts';
import { realClient } from '../support/real-clients.ts';
import { type RunningRole, setUp, startRole } from './support/deployment.ts';
import { addresses, makeWorlds, reaches, startPublicDns, type Worlds } from './support/worlds.ts';

const curl = realClient('curl');
const dnsmasq = realClient('dnsmasq');
const obstacle = await noNamespaces();
if (obstacle !== undefined) process.stdout.write(`tests of MRA between networks are skipped: ${obstacle}\n`);
const domain = 'mra.example.org';

describe.skipIf(curl === undefined || dnsmasq === undefined || obstacle !== undefined)(
  'company, DMZ and Internet, each a network of its own, on the ports of the field',
  () => {
    let folder: string;
    let worlds: Worlds;
    let cluster: RunningRole;
    let cloud: RunningRole;
    let c: RunningRole;
    let e: RunningRole;
    const stack = new AsyncDisposableStack();

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'firstring-worlds-'));
      stack.defer(() => rm(folder, { recursive: true, force: true }));
      worlds = stack.use(await makeWorlds());
      const start = (
        name: string,
        where: 'inside' | 'dmz' | 'internet',
        words: readonly string[],
        environment: Record<string, string> = {},
      ) =>
        startRole({
          host: worlds[where],
          curl: curl!,
          dataDirectory: join(folder, name),
          arguments: words,
          environment,
        }).then((role) => stack.use(role));
      [cluster, cloud, c, e] = await Promise.all([
        start('cluster', 'inside', ['--lab', '--listen', addresses.cluster, '--node-address', addresses.cluster]),
        start('cloud', 'internet', ['--role', 'cloud', '--listen', '0.0.0.0'], {
          FIRSTRING_CLOUD_HOST_NAMES: `127.0.0.1,cloud.${domain},${addresses.cloud},${addresses.cloudFromInside}`,
          FIRSTRING_CLOUD_PUBLIC_URL: `https://cloud.${domain}:9447`,
        }),
        start('c', 'inside', ['--role', 'expressway-c', '--node-name', 'c', '--listen', addresses.cluster]),
        start('e', 'dmz', ['--role', 'expressway-e', '--node-name', 'e', '--listen', addresses.edgeOutside], {
          FIRSTRING_EDGE_HOST_NAME: `e.${domain}`,
          FIRSTRING_EDGE_DOMAINS: domain,
          FIRSTRING_LISTEN_CONSOLE_ADDRESS: addresses.edgeInside,
          FIRSTRING_LISTEN_TUNNEL_ADDRESS: addresses.edgeInside,
          FIRSTRING_LAB: 'true',
        }),
      ]);
      await setUp({
        cluster,
        cloud,
        c,
        edges: [e],
        domain,
        cloudUrl: `https://${addresses.cloudFromInside}:9447`,
      });
      const zone = { domain, host: `e.${domain}`, port: 8443, address: addresses.edgeOutside };
      stack.use(await startPublicDns(worlds.internet, dnsmasq!, zone));
    }, 120_000);
    afterAll(() => stack.disposeAsync());

    it('lets Expressway-E reach nothing inside, and phones nothing but what the edge is for', async () => {
      const { dmz, internet } = worlds;
      // 8443 administration, 8444 and 5091 for Expressway-C, 9446 activation, 5060 SIP; 7444 the console of Expressway-C.
      const fromDmz = await Promise.all(
        [8443, 8444, 5091, 9446, 5060, 7444].map((port) => reaches(dmz, addresses.cluster, port, node)),
      );
      expect(fromDmz).toEqual(fromDmz.map(() => 'ENETUNREACH'));
      expect(
        await Promise.all([8443, 8444, 7444].map((port) => reaches(dmz, addresses.controller, port, node))),
      ).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED']);
      // From the Internet: the two ports for phones, not the tunnel, not the console.
      expect(
        await Promise.all([8443, 5061, 7001, 7443].map((port) => reaches(internet, addresses.edgeOutside, port, node))),
      ).toEqual(['up', 'up', 'ECONNREFUSED', 'ECONNREFUSED']);
    });

    it('brings a phone in that has the Internet, the cloud’s name and its code, by a DNS server of another make', async () => {
      const phone = { model: 'Cisco 8845', requiresActivationCode: true, allowActivationCodeViaMra: true };
      const { name } = await cluster.ask('POST', '/phones', { ...phone, lines: [{ directoryNumber: '1001' }] });
      const { code } = await cluster.ask('GET', `/phones/${name}/activation-code`);
      const key = join(folder, 'cloud-key.json');
      const { cloudCa, cloudKey } = cloud.runtime.cloud!;
      await writeFile(key, JSON.stringify(cloudKey));
      const { manufacturerCaCert, manufacturerCaKey } = cluster.runtime.lab!;
      const run = await runPhone(
        [
          ...['--mra', '--cloud', `https://cloud.${domain}:9447`, '--cloud-key', key, '--cloud-ca', cloudCa],
          ...['--dns', addresses.cloud, '--model', '8845', '--mac', '02AABBCCDD01', '--code', code],
          ...['--lab-ca-cert', manufacturerCaCert, '--lab-ca-key', manufacturerCaKey],
        ],
        { wrap: (program, args) => worlds.internet.wrap!(program, args) },
      );
      expect(run.result, run.output).toMatchObject({ registered: true });
      const registrations = await cluster.ask('GET', '/registrations');
      expect(JSON.stringify(registrations)).toContain('SEP02AABBCCDD01');
    });
  },
);
