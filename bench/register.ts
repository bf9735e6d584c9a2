/**
 * REGISTER with digest per second, ours beside Kamailio: the same SIPp load on the same cores, taken in turns in one run. Ours keeps every binding in
 * PostgreSQL (written behind); Kamailio keeps them in memory, two workers. `node bench/register.ts [--calls N] [--rounds N] [--phones N]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '30000' },
    rounds: { type: 'string', default: '3' },
    phones: { type: 'string', default: '10000' },
  },
});
const calls = Number(values.calls);
const rounds = Number(values.rounds);
const phones = Number(values.phones);
const inFlight = 100;
const limit = 0.5;
const here = import.meta.dirname;
const work = mkdtempSync(join(tmpdir(), 'firstring-bench-register-'));

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** CPU seconds of a process and all it started: steadier than a rate where the machine is shared. */
function cpuOf(root: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        return [{ pid: Number(pid), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
      } catch {
        return [];
      }
    });
  const tree = new Set([root]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of stats) if (tree.has(parent)) tree.add(pid);
  }
  return stats.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0) / 100;
}

interface Peer {
  readonly label: string;
  readonly port: number;
  readonly child: ChildProcess;
  readonly say?: () => Promise<string>;
}

async function ours(): Promise<Peer> {
  const port = await freePort();
  const server = join(here, 'register-server.ts');
  const child = spawn(process.execPath, [server, String(port), String(phones)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const say = async (): Promise<string> => {
    const patience = AbortSignal.timeout(120_000);
    const late = new Promise<never>((_, reject) => {
      patience.onabort = () => reject(new Error('the server says nothing'));
    });
    const { value } = await Promise.race([lines.next(), late]);
    if (value === undefined) throw new Error('the server ended');
    return value as string;
  };
  await say();
  return {
    label: 'firstring',
    port,
    child,
    say: () => {
      child.stdin!.write('\n');
      return say();
    },
  };
}

async function kamailio(): Promise<Peer> {
  const port = await freePort();
  const config = join(work, 'kamailio.cfg');
  writeFileSync(
    config,
    `debug=0
log_stderror=yes
fork=yes
children=2
auto_aliases=no
disable_tcp=yes
listen=udp:127.0.0.1:${port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules:/usr/lib/aarch64-linux-gnu/kamailio/modules"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("registrar", "max_contacts", 1)
modparam("registrar", "max_expires", 120)
modparam("auth", "nonce_expire", 300)
request_route {
  if (method == "REGISTER") {
    if (!pv_www_authenticate("firstring", "secret", "0")) {
      www_challenge("firstring", "1");
      exit;
    }
    save("location");
    exit;
  }
  sl_send_reply("404", "Not here");
}
`,
  );
  const child = spawn(
    'kamailio',
    ['-f', config, '-DD', '-E', '-m', '256', '-Y', work, '-P', join(work, 'kamailio.pid')],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  const probe = createSocket('udp4');
  const options = Buffer.from(
    'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bKp\r\nFrom: <sip:p@x>;tag=1\r\nTo: <sip:x>\r\nCall-ID: p\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n',
  );
  const knock = setInterval(() => probe.send(options, port, '127.0.0.1'), 100);
  const up = await Promise.race([once(probe, 'message').then(() => true), once(child, 'exit').then(() => false)]);
  clearInterval(knock);
  probe.close();
  if (!up) throw new Error(`kamailio did not start: ${said}`);
  return { label: 'kamailio', port, child };
}

const csv = join(work, 'phones.csv');
writeFileSync(
  csv,
  `SEQUENTIAL\n${Array.from({ length: phones }, (_, i) => {
    const name = `SEP0A${(i + 1).toString(16).toUpperCase().padStart(10, '0')}`;
    return `${100_001 + i};[authentication username=${name} password=secret]`;
  }).join('\n')}\n`,
);

interface Measured {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

async function load(peer: Peer, count: number): Promise<Measured> {
  const before = cpuOf(peer.child.pid!);
  const started = performance.now();
  const args = [
    `127.0.0.1:${peer.port}`,
    '-sf',
    join(here, 'register-load.xml'),
    '-inf',
    csv,
    '-i',
    '127.0.0.1',
    '-m',
    String(count),
  ];
  const sipp = spawn(
    'sipp',
    [...args, '-l', String(inFlight), '-r', '30000', '-nostdin', '-trace_err', '-error_file', join(work, 'errors.log')],
    {
      cwd: work,
      stdio: 'ignore',
      env: { ...process.env, TERM: 'dumb' },
    },
  );
  const [code] = (await once(sipp, 'exit')) as [number];
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    throw new Error(
      `SIPp failed against ${peer.label} with ${code}: ${readFileSync(join(work, 'errors.log'), 'utf8').slice(0, 1000)}`,
    );
  }
  return { perSecond: count / seconds, cpuMicroseconds: ((cpuOf(peer.child.pid!) - before) / count) * 1e6 };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const peers: Peer[] = [];
try {
  peers.push(await ours());
  try {
    peers.push(await kamailio());
  } catch (error) {
    process.stdout.write(`kamailio is left out: ${String(error)}\n`);
  }
  const results = new Map<string, Measured[]>(peers.map(({ label }) => [label, []]));
  for (const peer of peers) await load(peer, phones);
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) results.get(peer.label)!.push(await load(peer, calls));
  }
  const summary = peers.map(({ label }) => {
    const runs = results.get(label)!;
    return {
      label,
      perSecond: median(runs.map((run) => run.perSecond)),
      cpu: median(runs.map((run) => run.cpuMicroseconds)),
    };
  });
  for (const { label, perSecond, cpu } of summary) {
    process.stdout.write(
      `${label.padEnd(10)} ${perSecond.toFixed(0).padStart(7)} REGISTER/s with digest   ${cpu.toFixed(0).padStart(5)} µs CPU each\n`,
    );
  }
  const held = JSON.parse(await peers[0]!.say!()) as { bindings: number; stored: number; rss: number };
  process.stdout.write(
    `firstring holds ${held.bindings} bindings, ${held.stored} of them in PostgreSQL, in ${(held.rss / 2 ** 20).toFixed(0)} MiB\n`,
  );
  const [own, other] = summary;
  if (other !== undefined) {
    const ratio = own!.perSecond / other.perSecond;
    process.stdout.write(
      `ratio firstring/kamailio ${ratio.toFixed(2)} (at least ${limit}): ${ratio >= limit ? 'met' : 'MISSED'}; ${rounds} rounds of ${calls}, median, in turns\n`,
    );
  }
} finally {
  for (const { child, label } of peers) {
    if (label === 'firstring') child.stdin!.end();
    else child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
  rmSync(work, { recursive: true, force: true });
}
