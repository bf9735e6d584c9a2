import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClient } from '../support/real-clients.ts';
import { writeLabManufacturer } from './support/lab.ts';
import { layCable, noNamespaces, startCabledSystem, startDnsmasq } from './support/network-namespaces.ts';
import { runPhone } from './support/phone-program.ts';

const dnsmasq = realClient('dnsmasq');
const curl = realClient('curl');
const obstacle = await noNamespaces();
if (obstacle !== undefined) process.stdout.write(`DHCP tests are skipped: ${obstacle}\n`);

describe.skipIf(dnsmasq === undefined || obstacle !== undefined)('a phone that finds its servers by DHCP', () => {
  let folder: string;
  let lab: readonly string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firstring-dhcp-'));
    lab = await writeLabManufacturer(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const boot = (cable: Awaited<ReturnType<typeof layCable>>) =>
    runPhone(['--dhcp', cable.phoneInterface, '--model', '8845', '--mac', '001122334455', ...lab], {
      wrap: (program, args) => cable.command(cable.phone, program, args),
    });

  it('takes them from option 150, asks them for its files by TFTP, and gives its lease back', async () => {
    await using cable = await layCable();
    await using server = await startDnsmasq(cable, dnsmasq!, ['192.0.2.1', '192.0.2.9']);
    const run = await boot(cable);
    const found = run.lines.find((line) => line.step === 'discover');
    expect(found).toMatchObject({ outcome: 'done' });
    expect(found?.text).toContain('192.0.2.1, 192.0.2.9');
    // dnsmasq's TFTP answers, but has no files of a cluster.
    expect(run.result).toMatchObject({ registered: false, fault: 'configuration_missing' });
    expect(run.code).toBe(11);
    for (const word of ['DHCPDISCOVER', 'DHCPOFFER', 'DHCPREQUEST', 'DHCPACK', 'DHCPRELEASE']) {
      expect(server.log()).toMatch(new RegExp(`${word}.*00:11:22:33:44:55`));
    }
    for (const file of ['ITLSEP001122334455.tlv', 'ITLFile.tlv', 'SEP001122334455.cnf.xml', 'XMLDefault.cnf.xml']) {
      expect(server.log()).toMatch(new RegExp(`${file} not found`));
    }
  });

  it('says what is missing when the scope names no TFTP server', async () => {
    await using cable = await layCable();
    await using _server = await startDnsmasq(cable, dnsmasq!, []);
    const run = await boot(cable);
    expect(run.result).toMatchObject({ fault: 'dhcp_no_tftp_server' });
    expect(run.code).toBe(10);
  });

  it.skipIf(curl === undefined)(
    'goes all the way to registered on the ports of the field, knowing nothing but its cable and its code',
    async () => {
      await using cable = await layCable();
      await using system = await startCabledSystem(cable, curl!);
      await using _server = await startDnsmasq(cable, dnsmasq!, ['192.0.2.1'], { tftp: false });
      const { name } = (await system.rest('POST', '/phones', {
        model: 'Cisco 8845',
        requiresActivationCode: true,
      })) as { name: string };
      const { code } = (await system.rest('GET', `/phones/${name}/activation-code`)) as { code: string };
      const { dataDirectory } = system;
      const made = [
        '--lab-ca-cert',
        join(dataDirectory, 'lab/manufacturer-ca.pem'),
        '--lab-ca-key',
        join(dataDirectory, 'lab/manufacturer-ca.key.pem'),
      ];
      const run = await runPhone(
        ['--dhcp', cable.phoneInterface, '--model', '8845', '--mac', '001122334455', ...made, '--code', code],
        {
          wrap: (program, args) => cable.command(cable.phone, program, args),
        },
      );
      expect(run.result, run.output).toMatchObject({ registered: true, phone: 'SEP001122334455' });
      expect(run.code).toBe(0);
    },
  );
});
