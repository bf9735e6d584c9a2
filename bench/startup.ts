/**
 * From the command to "ready", cold (an empty directory) and warm, and what memory it takes: idle, and per 1,000 registered phones.
 * `node bench/startup.ts [--runs N] [--phones N] [--json]`. Memory counts what the processes share once (PSS).
 */
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launchProgram, type RunningProgram, startAllInOne } from '../test/support/all-in-one.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    phones: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const phones = Number(values.phones);
const folder = await mkdtemp(join(tmpdir(), 'firstring-bench-'));
// One thread of the activation service per processor, as an installation has it.
const environment = { FIRSTRING_DAS_THREADS: '0' };

async function timed(dataDirectory: string): Promise<{ program: RunningProgram; ms: number }> {
  const began = performance.now();
  const program = await startAllInOne({ dataDirectory, environment });
  return { program, ms: performance.now() - began };
}
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** MB of a process: what it holds alone and its share of the rest. */
async function mb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024;
}
async function memory(program: RunningProgram): Promise<{ node: number; postgres: number }> {
  let postgres = 0;
  for (const name of await readdir('/proc')) {
    const cwd = /^\d+$/.test(name) ? await readlink(`/proc/${name}/cwd`).catch(() => '') : '';
    if (cwd === join(program.dataDirectory, 'postgres')) postgres += await mb(Number(name));
  }
  return { node: await mb(program.pid), postgres };
}

/** Registers `count` phones that stay; resolves to what ends them. */
async function registered(program: RunningProgram, count: number): Promise<() => Promise<void>> {
  const codes: string[] = [];
  for (let made = 0; made < count; ) {
    const batch = Math.min(20, count - made);
    const added = Array.from({ length: batch }, async () => {
      const { body } = await program.rest('POST', '/phones', { model: 'Cisco 8845', requiresActivationCode: true });
      return (await program.rest('GET', `/phones/${body.name}/activation-code`)).body.code as string;
    });
    codes.push(...(await Promise.all(added)));
    made += batch;
  }
  const file = join(folder, `codes-${count}.csv`);
  await writeFile(file, `code\n${codes.join('\n')}\n`);
  const runtime = join(program.dataDirectory, 'runtime.json');
  const fleet = launchProgram([
    'phone',
    '--json',
    '--stay',
    '--codes',
    file,
    '--model',
    '8845',
    '--runtime',
    runtime,
    '--spread',
    '0',
  ]);
  const summary = await new Promise<{ registered: number }>((done, failed) => {
    const look = () => {
      const line = fleet
        .output()
        .split('\n')
        .find((each) => each.startsWith('{"event":"summary"'));
      if (line !== undefined) done(JSON.parse(line));
    };
    fleet.child.stdout!.on('data', look);
    void fleet.ended.then(() => failed(new Error(`the fleet ended:\n${fleet.output().slice(-1000)}`)));
  });
  if (summary.registered !== count) throw new Error(`${summary.registered} of ${count} phones registered`);
  return async () => {
    fleet.child.kill('SIGTERM');
    await fleet.ended;
  };
}

const settle = () => new Promise((done) => setTimeout(done, 5_000));
try {
  const cold: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { program, ms } = await timed(join(folder, `cold-${run}`));
    cold.push(ms);
    await program.stop();
  }
  const warm: number[] = [];
  for (let run = 0; run < runs; run++) {
    const { program, ms } = await timed(join(folder, 'cold-0'));
    warm.push(ms);
    await program.stop();
  }
  const { program } = await timed(join(folder, 'cold-0'));
  await settle();
  const idle = await memory(program);
  // The first phones warm up code and caches; only what later ones add is theirs.
  const few = Math.max(50, Math.round(phones / 10));
  const stopFew = await registered(program, few);
  await settle();
  const before = await memory(program);
  const stopMany = await registered(program, phones);
  await settle();
  const after = await memory(program);
  await Promise.all([stopFew(), stopMany()]);
  await program.stop();
  const perThousand = ((after.node + after.postgres - before.node - before.postgres) / phones) * 1000;
  const report = {
    bench: 'startup',
    coldMs: median(cold),
    warmMs: median(warm),
    idleMb: idle,
    busyMb: after,
    phones,
    perThousandMb: perThousand,
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(report)}\n`
      : `start-up to ready, median of ${runs}: cold ${median(cold).toFixed(0)} ms, warm ${median(warm).toFixed(0)} ms
  memory idle                    Node.js ${idle.node.toFixed(0)} MB, PostgreSQL ${idle.postgres.toFixed(0)} MB
  with ${few + phones} registered phones   Node.js ${after.node.toFixed(0)} MB, PostgreSQL ${after.postgres.toFixed(0)} MB: ${perThousand.toFixed(1)} MB more per 1,000 phones
`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
