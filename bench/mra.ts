/**
 * Mobile & Remote Access against on premises, both in one run on one system: first rings one after another, then a fleet of each.
 * `node bench/mra.ts [--runs N] [--fleet N] [--concurrency N] [--json]`. The phones' own handshakes run on the same processors, in both cases
 * alike. A remote phone asks the cloud and DNS, speaks to Expressway-E, and all it says passes the tunnel; an inside phone fetches trust list
 * and defaults first.
 */
import { parseArgs } from 'node:util';
import { percentiles } from '../src/phone/fleet/summary.ts';
import type { MicMaker } from '../src/phone/identity/mic.ts';
import { StepTimes } from '../src/phone/terminal/result.ts';
import { remotePhone } from '../test/mra-system/support/remote-phone.ts';
import { addPhone, labOf, type RealPhone, realPhone } from '../test/phone/support/real-system.ts';
import { startAllInOne } from '../test/support/all-in-one.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '40' },
    fleet: { type: 'string', default: '120' },
    concurrency: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
});
const [runs, fleet, concurrency] = [values.runs, values.fleet, values.concurrency].map(Number) as [
  number,
  number,
  number,
];
const warmUp = 3;
type Where = 'inside' | 'remote';

await using system = await startAllInOne({ mra: true });
const lab: MicMaker = await labOf(system);
let next = 300_000;

const prepare = async (where: Where): Promise<string> => {
  const mra = { allowActivationCodeViaMra: where === 'remote' };
  return (await addPhone(system, { ...mra, lines: [{ directoryNumber: String(next++) }] })).code;
};
const phoneOf = async (where: Where, code: string, times: StepTimes): Promise<RealPhone> => {
  const options = { onStep: times.note.bind(times), sipPatienceMs: 20_000 };
  return where === 'remote' ? await remotePhone(system, lab, code, options) : realPhone(system, lab, code, options);
};
const bring = async (where: Where, code: string): Promise<number> => {
  const times = new StepTimes();
  const { boot, phone } = await phoneOf(where, code, times);
  const outcome = await boot();
  if (outcome !== 'registered') throw new Error(`${where}: ${outcome}`);
  await phone.unplug();
  return times.parts().total!;
};

const rings: Record<Where, number[]> = { inside: [], remote: [] };
for (let run = 0; run < runs + warmUp; run++) {
  for (const where of ['inside', 'remote'] as const) {
    const took = await bring(where, await prepare(where));
    if (run >= warmUp) rings[where].push(took);
  }
}

const rates: Record<Where, number> = { inside: 0, remote: 0 };
for (const where of ['inside', 'remote'] as const) {
  const codes: string[] = [];
  for (let i = 0; i < fleet; i++) codes.push(await prepare(where));
  const began = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let code = codes.shift(); code !== undefined; code = codes.shift()) await bring(where, code);
    }),
  );
  rates[where] = fleet / ((performance.now() - began) / 1000);
}

const spread = { inside: percentiles(rings.inside)!, remote: percentiles(rings.remote)! };
const ratio = rates.remote / rates.inside;
if (values.json) {
  process.stdout.write(`${JSON.stringify({ bench: 'mra', firstRing: spread, phonesPerSecond: rates, ratio })}\n`);
} else {
  const line = (where: Where) => {
    const { max, p50, p99 } = spread[where];
    return `p50 ${String(p50).padStart(5)}   p99 ${String(p99).padStart(5)}   longest ${String(max).padStart(5)}`;
  };
  process.stdout.write(
    `code entered → registered, ${runs} phones one after another, milliseconds (target outside 2000)\n`,
  );
  process.stdout.write(`  on premises                    ${line('inside')}\n`);
  process.stdout.write(`  through cloud and edge         ${line('remote')}\n`);
  process.stdout.write(
    `fleets of ${fleet}, ${concurrency} at a time, code → registered, the phones' own crypto on the same processors\n`,
  );
  process.stdout.write(`  on premises                    ${rates.inside.toFixed(1)} phones/s\n`);
  process.stdout.write(
    `  through cloud and edge         ${rates.remote.toFixed(1)} phones/s, ratio ${ratio.toFixed(2)}\n`,
  );
}
