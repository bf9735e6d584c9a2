import { failure } from './boot/enter.ts';
import { exitCodeOf, PhoneFault } from './boot/faults.ts';
import { numberOf, onePhone, type PhoneArguments, surroundingsOf } from './command-options.ts';
import { Phone } from './phone.ts';
import { fileStore, leaveServiceMode, memoryStore } from './state/store.ts';
import { keypad, typedOnce } from './terminal/prompt.ts';
import { jsonOutput, plainOutput } from './terminal/report.ts';
import { failedResult, StepTimes } from './terminal/result.ts';
import { stopSignal } from './terminal/stop-signal.ts';

/** Boots one phone. Resolves with the exit code. Throws PhoneFault on bad arguments. */
export async function bootOne(args: PhoneArguments): Promise<number> {
  const callMs = numberOf('call-seconds', args.callSeconds, { min: 0, max: 3600 }) * 1000;
  const answerMs = args.answer === undefined ? undefined : numberOf('answer', args.answer, { min: 0, max: 600 }) * 1000;
  const surroundings = await surroundingsOf(args);
  const { find, remote } = surroundings;
  const { mic, setup } = await onePhone(args, surroundings);
  const screen = { write: (text: string) => void process.stdout.write(text), color: process.stdout.isTTY === true };
  const output = args.json === true ? jsonOutput(screen) : plainOutput(screen, { steps: true });
  const keys = args.code === undefined ? keypad(process.stdin, process.stderr) : undefined;
  const times = new StepTimes();
  using stop = stopSignal();
  const store = args.stateDir === undefined ? memoryStore() : fileStore(args.stateDir, setup.deviceName);
  if (args.erase === true) await store.wipe();
  if (args.resetServiceMode === true) await leaveServiceMode(store);
  const phone = new Phone({
    setup,
    mic,
    find,
    ...(remote === undefined ? {} : { remote }),
    store,
    askCode: keys?.ask ?? typedOnce(args.code),
    onStep: (step) => {
      times.note(step);
      output.step(setup.deviceName, step);
    },
    ...(answerMs === undefined ? {} : { answerAfterMs: answerMs }),
  });
  stop.signal.addEventListener('abort', () => void phone.powerOff(), { once: true });
  const began = performance.now();
  try {
    await phone.powerOn();
    await phone.ready;
    output.result({ phone: setup.deviceName, registered: true, tookMs: times.registeredAt(), parts: times.parts() });
    if (args.call !== undefined) {
      await phone.call({ number: args.call, keys: args.press, lasting: callMs, signal: stop.signal }).catch(() => {
        throw new PhoneFault('call_failed', `The call to ${args.call} did not come up.`);
      });
    }
    if (args.stay !== true) {
      await phone.unplug();
      return 0;
    }
    const reason = await phone.ended;
    if (reason === undefined) return 0;
    output.result(failedResult(setup.deviceName, reason, performance.now() - began));
    return exitCodeOf(reason.code);
  } catch (error) {
    if (!(error instanceof PhoneFault)) throw error;
    const ref = error.detail?.['ref'];
    const reason = failure(error.code, error.message, typeof ref === 'string' ? ref : undefined);
    output.result(failedResult(setup.deviceName, reason, performance.now() - began));
    await phone.unplug();
    return exitCodeOf(error.code);
  } finally {
    keys?.close();
  }
}
