/**
 * Complete activations (TLS, MIC, SRP, transaction, confirmation) against the bare cryptography of the same handshakes, in one run; what an
 * activation costs with 1 k and with 100 k devices; and whether unknown, wrong and locked codes can be told apart by time.
 * `node bench/activation.ts [--phones N] [--rounds N] [--devices N] [--json]`. Processor time is the figure to trust on a shared machine.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeAuthority } from '../test/support/certificates.ts';
import { type BenchPhone, benchFixture, type Fixture } from './activation/fixture.ts';
import type { Load, LoadResult } from './activation/load.ts';
import { childrenOf, pin } from './activation/pin.ts';
import { treeProcessorSeconds } from './activation/processor-time.ts';

const { values } = parseArgs({
  options: {
    phones: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '3' },
    devices: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});
const phonesPerRound = Number(values.phones);
const rounds = Number(values.rounds);
const manyDevices = Number(values.devices);
const inFlight = 16;

const child = (name: string): ChildProcess =>
  fork(fileURLToPath(new URL(`./activation/${name}.ts`, import.meta.url)), { serialization: 'advanced' });

function ask<T>(process: ChildProcess, message: object | string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a bench process ended'));
    process.once('exit', ended);
    process.once('message', (answer) => {
      process.off('exit', ended);
      resolve(answer as T);
    });
    process.send(message as object);
  });
}

interface Server {
  readonly process: ChildProcess;
  readonly port: number;
}

async function startServer(
  fixture: Fixture,
  mode: 'das' | 'bare',
  tls: { keyPem: string; pem: string },
): Promise<Server> {
  const process = child('server');
  const { port } = await ask<{ port: number }>(process, {
    mode,
    url: fixture.url,
    keyEncryptionKey: Buffer.from(fixture.keyEncryptionKey).toString('hex'),
    root: Buffer.from(fixture.root.der).toString('base64'),
    key: tls.keyPem,
    cert: tls.pem,
  });
  return { process, port };
}

const cpuOf = async ({ process }: Server) => (await ask<{ cpu: number }>(process, 'cpu')).cpu;

interface Measured {
  /** Milliseconds of processor time for one activation. */
  readonly server: number;
  readonly postgres: number;
  /** Activations a second by the clock, load side and PostgreSQL on the same cores. */
  readonly wall: number;
  readonly p50: number;
  readonly p99: number;
}

const load = child('load');

async function measure(
  fixture: Fixture,
  server: Server,
  mode: 'das' | 'bare',
  phones: readonly BenchPhone[],
  confirm = false,
): Promise<Measured> {
  const before = await cpuOf(server);
  const postgresBefore = treeProcessorSeconds(fixture.postmaster);
  const result = await ask<LoadResult>(load, {
    mode,
    port: server.port,
    phones,
    key: fixture.fleetKey,
    inFlight,
    confirm,
  } satisfies Load);
  const spent = (await cpuOf(server)) - before;
  const postgres = treeProcessorSeconds(fixture.postmaster) - postgresBefore;
  if (result.activated !== phones.length) throw new Error(`not all activated: ${JSON.stringify(result.refused)}`);
  const at = (share: number) =>
    result.latencies[Math.min(result.latencies.length - 1, Math.floor(result.latencies.length * share))]!;
  return {
    server: (spent * 1000) / phones.length,
    postgres: mode === 'das' ? (postgres * 1000) / phones.length : 0,
    wall: phones.length / result.seconds,
    p50: at(0.5),
    p99: at(0.99),
  };
}

const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const medianOf = (runs: readonly Measured[], member: keyof Measured) => median(runs.map((run) => run[member]));

/** Interleaved, one phone at a time, on an otherwise idle service. */
async function timing(fixture: Fixture, server: Server) {
  const kinds = ['unknown', 'wrong', 'locked'] as const;
  const perKind = 100;
  const proves: Record<string, number[]> = { unknown: [], wrong: [], locked: [] };
  const starts: Record<string, number[]> = { unknown: [], wrong: [], locked: [] };
  const phones = await fixture.phones(perKind * 2);
  const locked = phones.slice(perKind);
  await fixture.pool.query(
    `update activation_code set state = 'locked', code_sealed = null, ended_at = now(), evaluations = 20, mismatches = 20
     where locator = any($1)`,
    [locked.map(({ code }) => code.slice(0, 7))],
  );
  const wrongX = Buffer.alloc(32, 7).toString('base64url');
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < perKind; i++) {
      for (const kind of kinds) {
        const base = kind === 'locked' ? locked[i]! : phones[i]!;
        const phone = { ...base, x: wrongX, code: kind === 'unknown' ? `9${base.code.slice(1)}` : base.code };
        const result = await ask<LoadResult>(load, {
          mode: 'das',
          port: server.port,
          phones: [phone],
          key: fixture.fleetKey,
          inFlight: 1,
          confirm: false,
        } satisfies Load);
        if (result.refused['code_not_accepted'] !== 1) throw new Error(`${kind}: ${JSON.stringify(result.refused)}`);
        // The first round warms up.
        if (round === 0) continue;
        proves[kind]!.push(result.proves[0]!);
        starts[kind]!.push(result.starts[0]!);
      }
    }
  }
  const spread = (samples: Record<string, number[]>) => {
    const medians = kinds.map((kind) => median(samples[kind]!));
    return { medians, spread: Math.max(...medians) / Math.min(...medians) - 1 };
  };
  return { kinds, start: spread(starts), prove: spread(proves) };
}

async function main() {
  await using fixture = await benchFixture();
  const tls = await makeAuthority({ name: 'das.bench' });
  // Everything that serves on one core, the phones on the other.
  const pinned = pin(0, fixture.postmaster, ...childrenOf(fixture.postmaster));
  const servers = { das: await startServer(fixture, 'das', tls), bare: await startServer(fixture, 'bare', tls) };
  pin(0, servers.das.process.pid, servers.bare.process.pid);
  pin(1, load.pid);
  try {
    await fixture.fill(1000);
    const phones = await fixture.phones(phonesPerRound * (rounds * 3 + 1));
    const take = (count: number) => (phones as BenchPhone[]).splice(0, count);
    // Warm-up, a whole round for both: code is compiled, connections and plans are made.
    const first = take(phonesPerRound);
    await measure(fixture, servers.bare, 'bare', first);
    await measure(fixture, servers.das, 'das', first);

    const bare: Measured[] = [];
    const small: Measured[] = [];
    const large: Measured[] = [];
    const confirmed: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      const fleet = take(phonesPerRound);
      bare.push(await measure(fixture, servers.bare, 'bare', fleet));
      small.push(await measure(fixture, servers.das, 'das', fleet));
      confirmed.push(await measure(fixture, servers.das, 'das', take(phonesPerRound), true));
    }
    const times = await timing(fixture, servers.das);
    await fixture.fill(manyDevices);
    for (let round = 0; round < rounds; round++)
      large.push(await measure(fixture, servers.das, 'das', take(phonesPerRound)));

    const bareCpu = medianOf(bare, 'server');
    const cpu = (runs: readonly Measured[]) => median(runs.map(({ server, postgres }) => server + postgres));
    const report = {
      pinned,
      bare: { perSecondAndCore: 1000 / bareCpu, cpuMs: bareCpu },
      complete: {
        perSecondAndCore: 1000 / cpu(small),
        serverCpuMs: medianOf(small, 'server'),
        postgresCpuMs: medianOf(small, 'postgres'),
        perSecondByTheClock: medianOf(small, 'wall'),
        p50ms: medianOf(small, 'p50'),
        p99ms: medianOf(small, 'p99'),
      },
      confirmedCpuMs: cpu(confirmed),
      ratio: bareCpu / cpu(small),
      ratioWithoutPostgres: bareCpu / medianOf(small, 'server'),
      devices: {
        small: 1000,
        large: manyDevices,
        costSmallMs: cpu(small),
        costLargeMs: cpu(large),
        growth: cpu(large) / cpu(small),
      },
      fake: {
        kinds: times.kinds,
        startMs: times.start.medians,
        startSpread: times.start.spread,
        proveMs: times.prove.medians,
        proveSpread: times.prove.spread,
      },
    };
    if (values.json) {
      console.log(JSON.stringify(report));
      return;
    }
    const f = (n: number, digits = 2) => n.toFixed(digits);
    console.log(`activation, ${phonesPerRound} phones x ${rounds} rounds, ${inFlight} in flight; processor time, medians
  bare cryptography           ${f(report.bare.perSecondAndCore, 0)}/s a core (${f(bareCpu)} ms)
  complete, all processes     ${f(report.complete.perSecondAndCore, 0)}/s a core (service ${f(report.complete.serverCpuMs)} ms + PostgreSQL ${f(report.complete.postgresCpuMs)} ms)
  ratio                       ${f(report.ratio)} (wanted: 0.60 or more); without PostgreSQL ${f(report.ratioWithoutPostgres)}
  with the confirmation too    ${f(report.confirmedCpuMs)} ms, ratio ${f(bareCpu / report.confirmedCpuMs)}
  by the clock, load beside   ${f(report.complete.perSecondByTheClock, 0)}/s with service and PostgreSQL ${pinned ? 'on one core' : 'on any core'} (bare ${f(medianOf(bare, 'wall'), 0)}/s); p50 ${f(report.complete.p50ms, 1)} ms, p99 ${f(report.complete.p99ms, 1)} ms
  1 k -> ${manyDevices / 1000} k devices        ${f(report.devices.costSmallMs)} -> ${f(report.devices.costLargeMs)} ms, x${f(report.devices.growth)} (wanted: 1.20 or less)
  ${times.kinds.join(' / ')}     start ${times.start.medians.map((n) => f(n)).join(' / ')} ms (spread ${f(report.fake.startSpread * 100, 1)} %), prove ${times.prove.medians.map((n) => f(n)).join(' / ')} ms (spread ${f(report.fake.proveSpread * 100, 1)} %; wanted: 5 or less)`);
  } finally {
    for (const { process } of Object.values(servers)) process.kill();
    load.kill();
  }
}

await main();
