/**
 * Code entered → registered, one phone at a time on an idle system (target: within 1 s). `node bench/first-ring.ts [--runs N] [--json]`.
 * Each run is a new phone: no connection, no trust list, no state of an earlier one. DHCP is left out: the TFTP server is set by hand.
 */
import { parseArgs } from 'node:util';
import { percentiles } from '../src/phone/fleet/summary.ts';
import { type Parts, StepTimes } from '../src/phone/terminal/result.ts';
import { addPhone, labOf, realPhone } from '../test/phone/support/real-system.ts';
import { startAllInOne } from '../test/support/all-in-one.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, json: { type: 'boolean', default: false } },
});
const runs = Number(values.runs);
const warmUp = 3;

await using system = await startAllInOne();
const lab = await labOf(system);
const measured: Parts[] = [];
for (let run = 0; run < runs + warmUp; run++) {
  const { code } = await addPhone(system, { lines: [{ directoryNumber: String(100_000 + run) }] });
  const times = new StepTimes();
  const { phone, boot } = realPhone(system, lab, code, { onStep: (step) => times.note(step) });
  const outcome = await boot();
  if (outcome !== 'registered') throw new Error(`run ${run}: ${outcome}`);
  if (run >= warmUp) measured.push(times.parts());
  await phone.powerOff();
}

const names = ['start', 'prove', 'configuration', 'register', 'total'] as const;
const rows = names.map((name) => {
  const spread = percentiles(measured.flatMap((parts) => (parts[name] === undefined ? [] : [parts[name]])))!;
  return { part: name, ...spread };
});
if (values.json) process.stdout.write(`${JSON.stringify({ bench: 'first-ring', runs, unit: 'ms', rows })}\n`);
else {
  process.stdout.write(`code entered → registered, ${runs} phones one after another, milliseconds\n`);
  const words = {
    start: 'start (connection, trust check, challenge)',
    prove: 'prove (handshake, transaction, result stored)',
    configuration: 'configuration (fetched, signature verified)',
    register: 'register (connection, trust check, REGISTER)',
    total: 'code entered → registered (target 1000)',
  } as const;
  for (const { part, p50, p99, max } of rows) {
    process.stdout.write(
      `  ${words[part].padEnd(48)} p50 ${String(p50).padStart(5)}   p99 ${String(p99).padStart(5)}   longest ${String(max).padStart(5)}\n`,
    );
  }
}
