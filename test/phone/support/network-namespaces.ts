import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { realClient } from '../../support/real-clients.ts';

const call = promisify(execFile);

/** Two hosts on one cable: `server` at 192.0.2.1, `phone` at 192.0.2.2. */
export interface Cable extends AsyncDisposable {
  readonly server: string;
  readonly phone: string;
  readonly phoneInterface: string;
  /** Runs a program on one of the hosts. */
  command(host: string, program: string, args: readonly string[]): [program: string, args: string[]];
}

/** Why namespaces cannot be made here; undefined when they can. With CI=true and root they must. */
export async function noNamespaces(): Promise<string | undefined> {
  if (realClient('ip') === undefined) return 'iproute2 is not installed';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const name = `fr-probe-${randomBytes(3).toString('hex')}`;
  try {
    await call('ip', ['netns', 'add', name]);
    await call('ip', ['netns', 'del', name]);
    return undefined;
  } catch (error) {
    if (process.env['CI'] === 'true') throw new Error('CI=true and root, but no network namespaces', { cause: error });
    return 'network namespaces are not allowed here';
  }
}

export async function layCable(): Promise<Cable> {
  const id = randomBytes(3).toString('hex');
  const [server, phone] = [`fr-s-${id}`, `fr-p-${id}`];
  const [here, there] = [`frs${id}`, `frp${id}`];
  const ip = (...args: string[]) => call('ip', args);
  const cut = async () => {
    for (const host of [server, phone]) await ip('netns', 'del', host).catch(() => undefined);
  };
  try {
    await ip('netns', 'add', server);
    await ip('netns', 'add', phone);
    await ip('link', 'add', here, 'netns', server, 'type', 'veth', 'peer', 'name', there, 'netns', phone);
    await ip('-n', server, 'addr', 'add', '192.0.2.1/24', 'dev', here);
    await ip('-n', phone, 'addr', 'add', '192.0.2.2/24', 'dev', there);
    for (const [host, name] of [
      [server, here],
      [phone, there],
    ] as const) {
      await ip('-n', host, 'link', 'set', 'lo', 'up');
      await ip('-n', host, 'link', 'set', name, 'up');
    }
    // The carrier comes a moment after both ends are up.
    const patience = AbortSignal.timeout(10_000);
    for (const [host, name] of [
      [server, here],
      [phone, there],
    ] as const) {
      while (!(await ip('-n', host, 'link', 'show', name)).stdout.includes('LOWER_UP')) patience.throwIfAborted();
    }
  } catch (error) {
    await cut();
    throw error;
  }
  return {
    server,
    phone,
    phoneInterface: there,
    command: (host, program, args) => ['ip', ['netns', 'exec', host, program, ...args]],
    [Symbol.asyncDispose]: cut,
  };
}

export interface Dnsmasq extends AsyncDisposable {
  log(): string;
}

/** DHCP on the server's end of the cable, with these TFTP servers in option 150, and dnsmasq's own TFTP server on port 69. */
export async function startDnsmasq(cable: Cable, path: string, option150: readonly string[]): Promise<Dnsmasq> {
  const folder = await mkdtemp(join(tmpdir(), 'firstring-dnsmasq-'));
  const [program, args] = cable.command(cable.server, path, [
    '--no-daemon',
    '--conf-file=/dev/null',
    '--port=0',
    '--user=root',
    '--no-ping',
    '--log-dhcp',
    '--listen-address=192.0.2.1',
    '--bind-interfaces',
    '--dhcp-range=192.0.2.100,192.0.2.200,10m',
    ...(option150.length === 0 ? [] : [`--dhcp-option-force=150,${option150.join(',')}`]),
    `--dhcp-leasefile=${join(folder, 'leases')}`,
    '--enable-tftp',
    `--tftp-root=${folder}`,
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes('TFTP root is')) resolve();
      });
    }
    child.once('error', reject);
    void ended.then(() => reject(new Error(`dnsmasq ended:\n${text}`)));
  });
  await ready;
  return {
    log: () => text,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
