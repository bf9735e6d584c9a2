import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandLine } from '../../support/all-in-one.ts';
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

/** DHCP on the server's end of the cable, with these TFTP servers in option 150; with `tftp`, dnsmasq's own TFTP server on port 69 too. */
export async function startDnsmasq(
  cable: Cable,
  path: string,
  option150: readonly string[],
  options: { readonly tftp: boolean } = { tftp: true },
): Promise<Dnsmasq> {
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
    ...(options.tftp ? ['--enable-tftp', `--tftp-root=${folder}`] : []),
  ]);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (text.includes(options.tftp ? 'TFTP root is' : 'IP range')) resolve();
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

/** The real program on the server's end of the cable, with the field's ports. */
export interface CabledSystem extends AsyncDisposable {
  readonly dataDirectory: string;
  rest(method: string, path: string, body?: unknown): Promise<unknown>;
}

export async function startCabledSystem(cable: Cable, curl: string): Promise<CabledSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'firstring-cabled-'));
  const dataDirectory = join(folder, 'data');
  const [program, args] = cable.command(cable.server, 'sh', [
    ...[...commandLine, 'run', '--lab', '--data-dir', dataDirectory],
    ...['--listen', '192.0.2.1', '--node-address', '192.0.2.1'],
  ]);
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '', FIRSTRING_PORT_TFTP: '69' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const patience = AbortSignal.timeout(60_000);
  while (!existsSync(join(dataDirectory, 'runtime.json'))) {
    if (patience.aborted || child.exitCode !== null) throw new Error(`the system did not start:\n${text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const password = (await readFile(join(dataDirectory, 'admin-password'), 'utf8')).trim();
  return {
    dataDirectory,
    async rest(method, path, body) {
      const [asking, words] = cable.command(cable.server, curl, [
        ...['-sS', '--cacert', join(dataDirectory, 'cluster-ca.pem'), '-u', `admin:${password}`, '-X', method],
        ...(body === undefined ? [] : ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)]),
        `https://192.0.2.1:8443/api/v1${path}`,
      ]);
      return JSON.parse((await call(asking, words)).stdout) as unknown;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
