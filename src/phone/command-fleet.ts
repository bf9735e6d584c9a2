import { readFile } from 'node:fs/promises';
import { sepName } from '../identifiers/device-name.ts';
import {
  macOf,
  madeMic,
  modelOf,
  numberOf,
  type PhoneArguments,
  randomMac,
  setupOf,
  surroundingsOf,
  usage,
} from './command-options.ts';
import { type CodeLine, planFleet, readCodes } from './fleet/plan.ts';
import { runFleet } from './fleet/run.ts';
import { summarise } from './fleet/summary.ts';
import { Phone } from './phone.ts';
import { fileStore, memoryStore } from './state/store.ts';
import { ProgressBar } from './terminal/progress.ts';
import { typedOnce } from './terminal/prompt.ts';
import { jsonOutput, plainOutput } from './terminal/report.ts';
import { stopSignal } from './terminal/stop-signal.ts';

/** Exit code of a fleet of which not every phone is registered. */
const someFailed = 20;

/** Boots a fleet in this process. Resolves with the exit code. Throws PhoneFault on bad arguments. */
export async function bootFleet(args: PhoneArguments): Promise<number> {
  for (const [name, value] of Object.entries({
    code: args.code,
    call: args.call,
    dhcp: args.dhcp,
    'mic-cert': args.micCert,
  })) {
    if (value !== undefined) throw usage(`--${name} is for one phone, not for a fleet.`);
  }
  const codes: readonly CodeLine[] = args.codes === undefined ? [] : readCodes(await textOf(args.codes));
  const count = args.count === undefined ? codes.length : numberOf('count', args.count, { min: 1, max: 100_000 });
  if (args.model === undefined) throw usage('Say which --model the phones are.');
  const model = modelOf(args.model);
  const { find, maker, remote } = await surroundingsOf(args);
  if (maker === undefined)
    throw usage('A fleet needs a lab manufacturer: --lab-ca-cert and --lab-ca-key, or --runtime.');
  const spread = args.spread === undefined ? count / 100 : numberOf('spread', args.spread, { min: 0, max: 86_400 });
  const firstMac = args.mac === undefined ? randomMac() : macOf(args.mac);
  const plan = planFleet({ count, codes, firstMac, spreadMs: spread * 1000, random: Math.random });

  const screen = { write: (text: string) => void process.stdout.write(text), color: process.stdout.isTTY === true };
  const output = args.json === true ? jsonOutput(screen) : plainOutput(screen, { steps: false });
  const bar = new ProgressBar(process.stderr, count);
  using stop = stopSignal();
  const began = performance.now();
  const { results, staying } = await runFleet({
    plan,
    concurrency: numberOf('concurrency', args.concurrency, { min: 1, max: 10_000 }),
    nameOf: ({ mac }) => sepName(mac),
    make: async ({ mac, code }, onStep) => {
      const setup = setupOf(model, mac, args, remote);
      return new Phone({
        setup,
        mic: await madeMic(args, maker, model, mac),
        find,
        ...(remote === undefined ? {} : { remote }),
        store: args.stateDir === undefined ? memoryStore() : fileStore(args.stateDir, setup.deviceName),
        askCode: typedOnce(code),
        onStep,
        // On a busy machine a node may take its time.
        sipPatienceMs: 20_000,
      });
    },
    onResult: (result) => {
      bar.note(result.registered);
      output.result(result);
    },
    stay: args.stay === true,
    signal: stop.signal,
  });
  bar.end();
  const summary = summarise(results, performance.now() - began);
  output.summary(summary);
  if (staying.length > 0) {
    await stop.stopped;
    await Promise.all(staying.map((phone) => phone.powerOff()));
  }
  return summary.registered === count ? 0 : someFailed;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (error) {
    throw usage(`${file} cannot be read: ${(error as Error).message}.`);
  }
}
