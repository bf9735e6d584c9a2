import { join } from 'node:path';
import type { PhoneLab } from '../../domain/lab/phone-lab.ts';
import { loopbackFor } from '../../infra/config/configuration.ts';
import { openLabManufacturer } from '../../infra/pki/lab-manufacturer.ts';
import { PhoneBench } from '../../phone/lab/bench.ts';
import { verifierOf } from '../../phone/mra/cloud-client.ts';
import type { RemoteOptions } from '../../phone/mra/drivers.ts';
import type { NodeContext } from './context.ts';
import type { RemotePhones } from './remote-phones.ts';

/** Each phone costs a connection and some hundred kilobytes. */
const roomFor = 50;

/** The phone lab of a node that runs with `--lab`: reference phones that reach this node as phones do, over its listeners. */
export async function openLab({ configuration, remotePhones }: NodeContext): Promise<PhoneLab & AsyncDisposable> {
  const directory = join(configuration.dataDirectory, 'lab');
  const host = loopbackFor(configuration.listen.address);
  const bench = await PhoneBench.setUp({
    directory: join(directory, 'phones'),
    tftp: { host, port: configuration.ports.tftp },
    http: { host, port: configuration.ports.tftpHttp },
    manufacturer: () => openLabManufacturer(directory),
    stranger: () => openLabManufacturer(join(directory, 'stranger')),
    remote: () => remoteOptions(remotePhones()),
    most: roomFor,
  });
  return {
    news: (since, waitMs) => bench.news(since, waitMs),
    add: (request) => bench.add(request),
    plugIn: (id) => bench.with(id, (phone) => phone.plugIn()),
    unplug: (id) => bench.with(id, (phone) => phone.unplug()),
    restart: (id) =>
      bench.with(id, async (phone) => {
        await phone.unplug();
        phone.plugIn();
      }),
    factoryReset: (id) => bench.with(id, (phone) => phone.factoryReset()),
    place: (id, atHome) => bench.place(id, atHome),
    enterCode: (id, text) => bench.with(id, (phone) => phone.enterCode(text)),
    call: (id, number) => bench.with(id, (phone) => phone.call(number)),
    hangUp: (id) => bench.with(id, (phone) => phone.hangUp()),
    remove: (id) => bench.remove(id),
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  };
}

function remoteOptions(phones: RemotePhones | undefined): RemoteOptions | undefined {
  if (phones === undefined) return undefined;
  const { cloudAuthority, cloudKey, cloudUrl, dns } = phones;
  return { cloud: { url: cloudUrl, keys: [verifierOf(cloudKey)], authority: cloudAuthority }, dns: [dns] };
}
