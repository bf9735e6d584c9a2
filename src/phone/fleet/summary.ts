import type { PhoneFaultCode } from '../boot/faults.ts';
import type { PhoneResult } from '../terminal/result.ts';

export interface FleetSummary {
  readonly phones: number;
  readonly registered: number;
  readonly failed: number;
  /** Wall time of the whole run, milliseconds. */
  readonly tookMs: number;
  /** Registered phones per second of the run. */
  readonly perSecond: number;
  /** Code entered → registered, milliseconds; undefined when no phone got there by a code. */
  readonly entryToRing: Percentiles | undefined;
  /** Power-on → registered, milliseconds. */
  readonly powerToRing: Percentiles | undefined;
  /** Failures by reason, most frequent first. */
  readonly reasons: readonly { readonly fault: PhoneFaultCode; readonly phones: number; readonly remedy: string }[];
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function summarise(results: readonly PhoneResult[], tookMs: number): FleetSummary {
  const registered = results.filter((result) => result.registered);
  const reasons = new Map<PhoneFaultCode, { phones: number; remedy: string }>();
  for (const result of results) {
    if (result.registered) continue;
    const known = reasons.get(result.fault);
    reasons.set(result.fault, { phones: (known?.phones ?? 0) + 1, remedy: result.remedy });
  }
  return {
    phones: results.length,
    registered: registered.length,
    failed: results.length - registered.length,
    tookMs: Math.round(tookMs),
    perSecond: tookMs > 0 ? Math.round((registered.length / tookMs) * 10_000) / 10 : 0,
    entryToRing: percentiles(registered.flatMap(({ parts }) => (parts.total === undefined ? [] : [parts.total]))),
    powerToRing: percentiles(registered.map(({ tookMs: ms }) => ms)),
    reasons: [...reasons]
      .map(([fault, { phones, remedy }]) => ({ fault, phones, remedy }))
      .sort((a, b) => b.phones - a.phones),
  };
}

/** Nearest-rank percentiles; undefined of nothing. */
export function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  return { p50: rank(0.5), p99: rank(0.99), max: sorted.at(-1)! };
}
