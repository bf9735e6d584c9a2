import { readFile } from 'node:fs/promises';
import type { MicMaker } from '../../../src/phone/identity/mic.ts';
import { verifierOf } from '../../../src/phone/mra/cloud-client.ts';
import type { RemoteOptions } from '../../../src/phone/mra/drivers.ts';
import { type RealPhone, type RealPhoneOptions, realPhone } from '../../phone/support/real-system.ts';
import type { RunningProgram } from '../../support/all-in-one.ts';

/** The way into a laboratory from outside, as runtime.json tells it. */
export async function outsideOf(system: RunningProgram): Promise<RemoteOptions> {
  const { cloudCa, cloudKey } = system.lab!;
  const dns = new URL(system.endpoints['dns']!.replace(/^udp:/, 'http:'));
  return {
    cloud: {
      url: system.endpoints['cloud']!,
      keys: [verifierOf(JSON.stringify(cloudKey))],
      authority: await readFile(cloudCa!, 'utf8'),
    },
    dns: [{ host: dns.hostname, port: Number(dns.port) }],
  };
}

/** A phone at home: it has nothing around it but the Internet. */
export async function remotePhone(
  system: RunningProgram,
  maker: MicMaker,
  code: string | undefined,
  options: RealPhoneOptions = {},
): Promise<RealPhone> {
  const remote = await outsideOf(system);
  return realPhone(system, maker, code, { find: { by: 'nobody' }, outside: 'only', remote, ...options });
}

/** Texts of the steps that went well, for a look at which way a phone took. */
export function said({ steps }: RealPhone, step: string): readonly string[] {
  return steps.filter((each) => each.step === step && each.outcome === 'done').map(({ text }) => text);
}
