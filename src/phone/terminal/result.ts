import { type PhoneFaultCode, remedyOf } from '../boot/faults.ts';
import type { BootFailure } from '../boot/types.ts';
import type { TimedStep } from '../phone-options.ts';

/** Where the time went between the code's entry and the registration, milliseconds; undefined: that part did not happen. */
export interface Parts {
  /** Connection and trust check, up to the challenge. */
  readonly start: number | undefined;
  /** Up to the verified result, stored. */
  readonly prove: number | undefined;
  readonly configuration: number | undefined;
  readonly register: number | undefined;
  readonly total: number | undefined;
}

export type PhoneResult =
  | {
      readonly phone: string;
      readonly registered: true;
      readonly tookMs: number;
      readonly parts: Parts;
    }
  | {
      readonly phone: string;
      readonly registered: false;
      readonly tookMs: number;
      readonly fault: PhoneFaultCode;
      readonly message: string;
      readonly remedy: string;
      readonly ref: string | undefined;
    };

/** Collects the times of a boot's steps. */
export class StepTimes {
  readonly #done = new Map<string, number>();

  note({ step, outcome, atMs }: TimedStep): void {
    if (outcome === 'done' || (step === 'firmware' && outcome === 'skipped')) this.#done.set(step, atMs);
    // A new entry of a code starts the watch again.
    if (step === 'code' && outcome === 'done')
      for (const later of ['start', 'prove', 'store']) this.#done.delete(later);
  }

  parts(): Parts {
    const at = (step: string) => this.#done.get(step);
    const code = at('code');
    const between = (from: number | undefined, to: number | undefined) =>
      from === undefined || to === undefined || to < from ? undefined : to - from;
    const proved = at('store') ?? at('prove');
    return {
      start: between(code, at('start')),
      prove: between(at('start'), proved),
      configuration: between(proved, at('configuration')),
      register: between(at('firmware') ?? at('configuration'), at('register')),
      total: between(code, at('register')),
    };
  }

  /** Power-on → registered. */
  registeredAt(): number {
    return this.#done.get('register') ?? 0;
  }
}

export function failedResult(phone: string, reason: BootFailure, tookMs: number): PhoneResult {
  const { code, message, ref } = reason;
  return { phone, registered: false, tookMs: Math.round(tookMs), fault: code, message, remedy: remedyOf(code), ref };
}
