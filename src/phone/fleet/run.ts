import { setTimeout as sleep } from 'node:timers/promises';
import { failure } from '../boot/enter.ts';
import { PhoneFault } from '../boot/faults.ts';
import type { Phone } from '../phone.ts';
import type { TimedStep } from '../phone-options.ts';
import { failedResult, type PhoneResult, StepTimes } from '../terminal/result.ts';
import type { PlannedPhone } from './plan.ts';

export interface FleetRun {
  readonly plan: readonly PlannedPhone[];
  /** How many phones boot at once. */
  readonly concurrency: number;
  readonly make: (planned: PlannedPhone, onStep: (step: TimedStep) => void) => Promise<Phone>;
  readonly nameOf: (planned: PlannedPhone) => string;
  readonly onResult: (result: PhoneResult) => void;
  /** Phones stay registered until `signal`; otherwise each is unplugged once it is registered. */
  readonly stay: boolean;
  readonly signal: AbortSignal;
}

/** Boots a fleet and resolves with one result a phone, in the order of their ends. Phones that stay are returned still registered. */
export async function runFleet(run: FleetRun): Promise<{ results: readonly PhoneResult[]; staying: readonly Phone[] }> {
  const results: PhoneResult[] = [];
  const staying: Phone[] = [];
  const started = performance.now();
  const left = [...run.plan];
  const work = async () => {
    for (let planned = left.shift(); planned !== undefined && !run.signal.aborted; planned = left.shift()) {
      const wait = planned.startAfterMs - (performance.now() - started);
      if (wait > 0) await sleep(wait, undefined, { signal: run.signal }).catch(() => undefined);
      if (run.signal.aborted) return;
      const result = await one(run, planned, staying);
      results.push(result);
      run.onResult(result);
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.concurrency, run.plan.length) }, work));
  return { results, staying };
}

async function one(run: FleetRun, planned: PlannedPhone, staying: Phone[]): Promise<PhoneResult> {
  const name = run.nameOf(planned);
  const times = new StepTimes();
  const began = performance.now();
  let phone: Phone | undefined;
  const stop = () => void phone?.powerOff();
  run.signal.addEventListener('abort', stop, { once: true });
  try {
    phone = await run.make(planned, (step) => times.note(step));
    await phone.powerOn();
    await phone.ready;
    if (run.stay) staying.push(phone);
    else await phone.unplug();
    return { phone: name, registered: true, tookMs: times.registeredAt(), parts: times.parts() };
  } catch (error) {
    const reason = error instanceof PhoneFault ? failure(error.code, error.message) : failure('defect', String(error));
    return failedResult(name, reason, performance.now() - began);
  } finally {
    run.signal.removeEventListener('abort', stop);
  }
}
