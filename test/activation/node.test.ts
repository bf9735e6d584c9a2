import { hash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { startAllInOne } from '../support/all-in-one.ts';
import { issuedFromFiles, makeMic } from '../support/certificates.ts';
import { nextMac, outcomeOf, TestPhone } from '../support/das.ts';

interface Created {
  readonly name: string;
}

it('a running node activates phones, tells them of the trust list it serves and where to go next, and stops cleanly', async () => {
  await using program = await startAllInOne();
  const port = Number(new URL(program.endpoints['das']!).port);
  const issuing = await issuedFromFiles(program.lab!.manufacturerCaCert, program.lab!.manufacturerCaKey);
  const node = { listener: { port } as never, issuing };
  const phone = async (mac = nextMac()) => {
    const made = await TestPhone.make(node, { mac, mic: await makeMic({ issuer: issuing, mac }) });
    onTestFinished(() => made.close());
    return made;
  };
  for (let i = 0; i < 4; i++) {
    const { body: created } = (await program.rest('POST', '/phones', {
      model: 'Cisco 8845',
      requiresActivationCode: true,
    })) as { body: Created };
    const { body } = (await program.rest('GET', `/phones/${created.name}/activation-code`)) as {
      body: { code: string };
    };
    const its = await phone();
    const { reply, result } = await its.activate(body.code.replaceAll('-', ''));
    expect(outcomeOf({ reply, ...(result && { result }) })).toBe('activated');
    const activated = result?.kind === 'result' && result.result.status === 'activated' ? result.result : undefined;
    expect(activated).toMatchObject({
      deviceName: `SEP${its.mac}`,
      sip: { transport: 'tls', servers: [{ port: expect.any(Number) }] },
      configUrl: expect.stringMatching(/^https:\/\/.*\/SEP[0-9A-F]{12}\.cnf\.xml$/),
      tftp: [expect.stringMatching(/:\d+$/)],
    });
    expect(activated?.trust.tvs).toHaveLength(1);
    const list = await fetch(`${program.endpoints['tftpHttp']}/ITLFile.tlv`);
    expect(activated?.trust.itlSha256).toBe(hash('sha256', new Uint8Array(await list.arrayBuffer()), 'hex'));
  }
  expect(await program.stop()).toBe(0);
});
