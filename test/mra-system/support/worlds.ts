import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Host } from './deployment.ts';

const call = promisify(execFile);

/**
 * Three hosts that share nothing but these cables:
 *
 *     inside ── 10.77.0.0/24 ── dmz ── 198.51.100.0/24 ── internet ── 203.0.113.0/24 ── inside
 *
 * `inside` is the company: cluster and Expressway-C; the cluster's own address is on no cable at all. `dmz` has Expressway-E. `internet` is everybody else: the cloud and phones at home.
 * Nobody forwards. The company reaches the cloud over a line of its own; the DMZ knows no way to the addresses inside but that of the cable itself.
 */
export interface Worlds extends AsyncDisposable {
  readonly inside: Host;
  readonly dmz: Host;
  readonly internet: Host;
}

export const addresses = {
  cluster: '10.78.0.1',
  controller: '10.77.0.2',
  edgeInside: '10.77.0.1',
  edgeOutside: '198.51.100.1',
  cloud: '198.51.100.2',
  cloudFromInside: '203.0.113.2',
} as const;

export async function makeWorlds(): Promise<Worlds> {
  const id = randomBytes(3).toString('hex');
  const [inside, dmz, internet] = [`fr-in-${id}`, `fr-dmz-${id}`, `fr-net-${id}`];
  const ip = (...args: string[]) => call('ip', args);
  const cut = async () => {
    for (const host of [inside, dmz, internet]) await ip('netns', 'del', host).catch(() => undefined);
  };
  let cables = 0;
  const cable = async (a: string, addressA: string, b: string, addressB: string) => {
    const [left, right] = [`fr${id}${cables}a`, `fr${id}${cables}b`];
    cables += 1;
    await ip('link', 'add', left, 'netns', a, 'type', 'veth', 'peer', 'name', right, 'netns', b);
    for (const [host, name, address] of [
      [a, left, addressA],
      [b, right, addressB],
    ] as const) {
      await ip('-n', host, 'addr', 'add', `${address}/24`, 'dev', name);
      await ip('-n', host, 'link', 'set', name, 'up');
    }
  };
  try {
    for (const host of [inside, dmz, internet]) {
      await ip('netns', 'add', host);
      await ip('-n', host, 'link', 'set', 'lo', 'up');
    }
    await ip('-n', inside, 'addr', 'add', `${addresses.cluster}/32`, 'dev', 'lo');
    await cable(inside, addresses.controller, dmz, addresses.edgeInside);
    await cable(dmz, addresses.edgeOutside, internet, addresses.cloud);
    await cable(inside, '203.0.113.1', internet, addresses.cloudFromInside);
  } catch (error) {
    await cut();
    throw error;
  }
  const host = (name: string, address: string): Host => ({
    address,
    wrap: (program, args) => ['ip', ['netns', 'exec', name, program, ...args]],
  });
  return {
    inside: host(inside, addresses.cluster),
    dmz: host(dmz, addresses.edgeInside),
    internet: host(internet, addresses.cloud),
    [Symbol.asyncDispose]: cut,
  };
}

/** A real DNS server of another make, with the records a deployment needs and nothing else. */
export async function startPublicDns(
  { wrap }: Host,
  dnsmasq: string,
  zone: { readonly domain: string; readonly host: string; readonly port: number; readonly address: string },
): Promise<AsyncDisposable> {
  const { address, domain, host, port } = zone;
  const [program, args] = wrap!(dnsmasq, [
    ...['--no-daemon', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=root', '--port=53'],
    ...[`--listen-address=${addresses.cloud}`, '--bind-interfaces'],
    `--srv-host=_collab-edge._tls.${domain},${host},${port},10,10`,
    `--host-record=${host},${address}`,
    `--host-record=cloud.${domain},${addresses.cloud}`,
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (/started/.test(text)) resolve();
      });
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`dnsmasq ended:\n${text}`)));
  });
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Whether a TCP connection comes up from one host to an address: `up`, or why not. */
export async function reaches({ wrap }: Host, address: string, port: number, node: string): Promise<string> {
  const script = `
    const socket = require('net').connect({ host: '${address}', port: ${port} });
    socket.setTimeout(1500, () => { console.log('silence'); process.exit(); });
    socket.on('connect', () => { console.log('up'); process.exit(); });
    socket.on('error', (error) => { console.log(error.code); process.exit(); });`;
  const [program, args] = wrap!(node, ['-e', script]);
  return (await call(program, args)).stdout.trim();
}
