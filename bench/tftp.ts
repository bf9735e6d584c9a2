/**
 * 8 KB TFTP reads per second with 64 clients: ours beside tftpd-hpa and atftpd, side by side in one run, at 512- and 1428-octet blocks.
 * `node bench/tftp.ts [--seconds N] [--rounds N]`. Peers that are not installed (and cannot be fetched from Debian) are left out with one line.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '3' } },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const clients = 64;
const size = 8192;
const name = 'SEP001122334455.cnf.xml';
const here = fileURLToPath(new URL('.', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'firstring-bench-tftp-'));
const served = join(work, 'files');
mkdirSync(served, { mode: 0o755 });
execFileSync('chmod', ['755', work]);
writeFileSync(join(served, name), randomBytes(size).toString('base64').slice(0, size), { mode: 0o644 });

/** Server on one core, load on another, so that neither starves the other. */
const pin = (core: number): string[] =>
  availableParallelism() > 1 && existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', String(core)] : [];

function run(core: number, command: readonly string[], stdio: 'pipe' | 'ignore'): ChildProcess {
  const [program, ...rest] = [...pin(core), ...command] as [string, ...string[]];
  return spawn(program, rest, { stdio: [stdio, stdio, 'ignore'] });
}

interface Peer {
  readonly label: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** CPU a process and its children have used, in seconds: steadier than a rate where the machine is shared. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(() => done()));
  return port;
}

function stopper(child: ChildProcess): () => Promise<void> {
  return async () => {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await gone;
  };
}

async function ours(): Promise<Peer> {
  const child = run(0, [process.execPath, join(here, 'tftp-server.ts'), join(served, name)], 'pipe');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { label: 'firstring', port: Number(line.toString()), pid: child.pid!, stop: stopper(child) };
}

async function atftpd(): Promise<Peer | undefined> {
  if (!existsSync('/usr/sbin/atftpd')) return missing('atftpd');
  const port = await freePort();
  const child = run(
    0,
    [
      '/usr/sbin/atftpd',
      '--daemon',
      '--no-fork',
      '--port',
      String(port),
      '--bind-address',
      '127.0.0.1',
      '--user',
      'root.root',
      '--maxthread',
      '200',
      '--logfile',
      '/dev/null',
      served,
    ],
    'ignore',
  );
  return { label: 'atftpd', port, pid: child.pid!, stop: stopper(child) };
}

/** tftpd-hpa cannot be installed beside atftpd, so its package is only unpacked. */
async function tftpdHpa(): Promise<Peer | undefined> {
  try {
    execFileSync('apt-get', ['download', 'tftpd-hpa'], { cwd: work, stdio: 'ignore' });
    const archive = readdirSync(work).find((file) => file.endsWith('.deb'))!;
    execFileSync('dpkg', ['-x', archive, join(work, 'hpa')], { cwd: work });
  } catch {
    return missing('tftpd-hpa');
  }
  const port = await freePort();
  const program = join(work, 'hpa/usr/sbin/in.tftpd');
  const child = run(
    0,
    [program, '-L', '--address', `127.0.0.1:${port}`, '--user', 'root', '--secure', served],
    'ignore',
  );
  return { label: 'tftpd-hpa', port, pid: child.pid!, stop: stopper(child) };
}

function missing(label: string): undefined {
  process.stdout.write(`${label} is not installed: left out\n`);
}

interface Measured {
  readonly rate: number;
  /** Microseconds of the server's CPU a read. */
  readonly cpu: number;
}

async function measure(peer: Peer, blockSize: number): Promise<Measured> {
  const before = cpuOf(peer.pid);
  const child = run(
    1,
    [
      process.execPath,
      join(here, 'tftp-load.ts'),
      String(peer.port),
      name,
      String(blockSize),
      String(clients),
      String(seconds),
      String(size),
    ],
    'pipe',
  );
  let text = '';
  child.stdout!.on('data', (data) => {
    text += data;
  });
  await once(child, 'close');
  const { reads, all, seconds: elapsed, bad, silent } = JSON.parse(text);
  if (bad > 0 || silent > 0) process.stdout.write(`  ${peer.label}: ${bad} bad reads, ${silent} silent seconds\n`);
  return { rate: reads / elapsed, cpu: ((cpuOf(peer.pid) - before) * 1e6) / all };
}

const middle = (measured: readonly Measured[], of: keyof Measured) =>
  measured.map((each) => each[of]).sort((a, b) => a - b)[Math.floor(measured.length / 2)]!;

const peers = (await Promise.all([ours(), tftpdHpa(), atftpd()])).filter((peer) => peer !== undefined);
try {
  for (const blockSize of [512, 1428]) {
    const rates = new Map<string, Measured[]>(peers.map(({ label }) => [label, []]));
    for (let round = 0; round < rounds; round++) {
      for (const peer of peers) rates.get(peer.label)!.push(await measure(peer, blockSize));
    }
    const mine = middle(rates.get('firstring')!, 'rate');
    const lines = peers.map(({ label }) => {
      const rate = middle(rates.get(label)!, 'rate');
      const ratio = label === 'firstring' ? '' : `   ours is ${(mine / rate).toFixed(2)} times that`;
      return `  ${label.padEnd(10)} ${rate.toFixed(0).padStart(6)} reads/s  ${middle(rates.get(label)!, 'cpu').toFixed(0).padStart(4)} µs CPU a read${ratio}`;
    });
    process.stdout.write(
      `TFTP, 8 KB, ${clients} clients, ${blockSize}-octet blocks (median of ${rounds}):\n${lines.join('\n')}\n`,
    );
  }
} finally {
  await Promise.all(peers.map((peer) => peer.stop()));
  rmSync(work, { recursive: true, force: true });
}
