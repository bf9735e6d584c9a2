import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { startAllInOne } from '../support/all-in-one.ts';

const here = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

it.runIf(here)(
  'a node whose address is IPv6, in whatever spelling, brings a phone from its code to the first ring',
  async () => {
    await using program = await startAllInOne({
      arguments: ['--listen', '::1', '--node-address', '0:0:0:0:0:0:0:1'],
    });
    for (const [door, url] of Object.entries(program.endpoints))
      if (door !== 'metrics') expect(url).toMatch(/:\/\/\[::1\]:\d+$/);
    const text = await (await fetch(`${program.endpoints['tftpHttp']}/XMLDefault.cnf.xml`)).text();
    expect(text).toContain('<processNodeName>::1</processNodeName>');
    expect(text).toContain('https://[::1]:');
    const { body: made } = await program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      lines: [{ directoryNumber: '2001' }],
      requiresActivationCode: true,
    });
    const { body } = await program.rest('GET', `/phones/${made.name}/activation-code`);
    const { body: unpacked } = await program.rest('POST', '/lab/phones', { model: '8845', mac: '00AB00000001' });
    const [{ id }] = unpacked.items;
    const screen = async () => {
      const { body: lab } = await program.rest('GET', '/lab/phones');
      const phone = lab.phones.find((each: { id: string }) => each.id === id);
      return `${phone.screen.kind} ${JSON.stringify(phone.screen.problem ?? '')}`;
    };
    await expect.poll(screen, { timeout: 40_000 }).toContain('code');
    expect((await program.rest('POST', `/lab/phones/${id}/code`, { text: body.code })).status).toBe(200);
    await expect.poll(screen, { timeout: 40_000 }).toContain('registered');
  },
);
