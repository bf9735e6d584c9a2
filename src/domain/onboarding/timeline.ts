import type { OnboardingReason, OnboardingStep } from './steps.ts';
import { beginsAnAttempt, isAdministrative } from './steps.ts';
import type { OnboardingTexts, ReasonText, StepText } from './texts.ts';

/** One event as it was recorded. */
export interface RecordedEvent {
  readonly id: string;
  readonly at: Date;
  readonly attempt: string;
  readonly deviceName: string | undefined;
  readonly mac: string | undefined;
  readonly model: string | undefined;
  readonly step: string;
  readonly result: 'ok' | 'failed' | 'info';
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly node: string;
  readonly sourceAddress: string;
}

/** The same in plain words. */
export interface TimelineStep extends RecordedEvent {
  readonly title: string;
  readonly text: string;
  /** Only where a reason was given. */
  readonly cause: string | undefined;
  readonly remedy: string | undefined;
}

/**
 * `proved`: the code was redeemed, and the phone has not confirmed yet that it took what it was given. `activated`: it has.
 */
export type AttemptOutcome = 'registered' | 'activated' | 'proved' | 'failed' | 'under-way';

/** A phone that took what it was given confirms at once; one that is silent this long refused it, or was switched off. In ms. */
export const confirmsWithin = 2 * 60_000;

/** One try of one phone to get in, or (kind `administration`) what people did in between. */
export interface Attempt {
  readonly kind: 'attempt' | 'administration';
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly mac: string | undefined;
  /** Undefined for administration. */
  readonly outcome: AttemptOutcome | undefined;
  /** Of the step that decided a failed attempt. */
  readonly cause: string | undefined;
  readonly remedy: string | undefined;
  readonly steps: readonly TimelineStep[];
}

/** A phone that was silent this long and comes back has begun anew. In ms. */
const longestPause = 15 * 60_000;

/** Which phone's story is asked for: by its record, by its MAC address, or both. */
export interface TimelineQuery {
  readonly deviceId?: string | undefined;
  readonly deviceName?: string | undefined;
  readonly mac?: string | undefined;
  /** Newest events first come first; this many at most. */
  readonly limit: number;
}

/** A MAC address that was seen and belongs to no record. */
export interface Stranger {
  readonly mac: string;
  readonly model: string | undefined;
  readonly lastSeenAt: Date;
  readonly lastStep: string;
  readonly lastResult: 'ok' | 'failed' | 'info';
  readonly lastReason: string;
  readonly events: number;
}

export interface TimelineStore {
  /** In the order they happened. */
  events(query: TimelineQuery): Promise<readonly RecordedEvent[]>;
  /** By the database's clock, as the events' times are. */
  now(): Promise<Date>;
  /** Phones that came lately and match no record, latest first. */
  strangers(limit: number): Promise<readonly Stranger[]>;
}

/**
 * Cuts a phone's events (in order) into attempts. A handshake carries its own id; what the phone did around it (files before, registration
 * after) joins by MAC and nearness in time. `now`: when it is told; default: with the last event.
 */
export function attemptsOf(
  events: readonly RecordedEvent[],
  texts: OnboardingTexts,
  now = events.at(-1)?.at ?? new Date(0),
): Attempt[] {
  const groups: {
    kind: Attempt['kind'];
    mac: string | undefined;
    key: string;
    done: boolean;
    steps: TimelineStep[];
  }[] = [];
  const openByMac = new Map<string, (typeof groups)[number]>();
  for (const event of events) {
    const step = inWords(event, texts);
    if (isAdministrative(event.step)) {
      const last = groups.at(-1);
      if (last?.kind === 'administration') last.steps.push(step);
      else groups.push({ kind: 'administration', mac: undefined, key: '', done: false, steps: [step] });
      continue;
    }
    const phone = event.mac ?? event.deviceName ?? '';
    const open = openByMac.get(phone);
    if (open !== undefined && belongs(open, event)) {
      open.steps.push(step);
      if (open.key === '') open.key = event.attempt;
    } else {
      const group = { kind: 'attempt' as const, mac: event.mac, key: event.attempt, done: false, steps: [step] };
      groups.push(group);
      openByMac.set(phone, group);
    }
    const group = openByMac.get(phone)!;
    if (event.step === 'register' && event.result === 'ok') group.done = true;
  }
  return groups.map(({ kind, mac, steps }) => ({
    kind,
    mac,
    startedAt: steps[0]!.at,
    endedAt: steps.at(-1)!.at,
    steps,
    ...(kind === 'attempt' ? judge(steps, texts, now) : { outcome: undefined, cause: undefined, remedy: undefined }),
  }));
}

function belongs(open: { key: string; done: boolean; steps: readonly TimelineStep[] }, event: RecordedEvent): boolean {
  if (event.attempt !== '' && open.key !== '' && event.attempt !== open.key) return false;
  if (event.attempt !== '' && event.attempt === open.key) return true;
  if (open.done && beginsAnAttempt(event.step)) return false;
  return event.at.getTime() - open.steps.at(-1)!.at.getTime() <= longestPause;
}

function judge(
  steps: readonly TimelineStep[],
  texts: OnboardingTexts,
  now: Date,
): Pick<Attempt, 'outcome' | 'cause' | 'remedy'> {
  const decided = steps.findLast((step) => step.result !== 'info' && isDecisive(step));
  const nothing = { cause: undefined, remedy: undefined };
  if (decided?.result === 'failed') return { outcome: 'failed', cause: decided.cause, remedy: decided.remedy };
  // The confirmation is told by another thread than the registration: a quick phone's may be written after it, and takes nothing back.
  const accepted = decided?.step === 'activated' || decided?.step === 'confirm';
  const registered = steps.some(({ step, result }) => step === 'register' && result === 'ok');
  if (decided?.step === 'register' || (accepted && registered)) return { outcome: 'registered', ...nothing };
  const confirmed = steps.some(({ step, result }) => step === 'confirm' && result === 'ok');
  if (accepted && confirmed) return { outcome: 'activated', ...nothing };
  if (accepted) {
    return now.getTime() - decided.at.getTime() > confirmsWithin
      ? { outcome: 'failed', ...texts.reasons.not_confirmed }
      : { outcome: 'proved', ...nothing };
  }
  return { outcome: 'under-way', ...nothing };
}

/** Steps that decide how an attempt ended. A missing configuration file is the normal beginning of an onboarding, so files decide nothing. */
export const decisiveSteps: readonly OnboardingStep[] = ['start', 'prove', 'activated', 'confirm', 'register'];

function isDecisive({ step, result }: RecordedEvent): boolean {
  return (decisiveSteps as readonly string[]).includes(step) || (step === 'tvs' && result === 'failed');
}

/** One event with title, text, cause and remedy. */
export function inWords(event: RecordedEvent, texts: OnboardingTexts): TimelineStep {
  const step: StepText = own(texts.steps, event.step as OnboardingStep) ?? texts.unknownStep(event.step);
  const reason: ReasonText | undefined =
    event.reason === ''
      ? undefined
      : (own(texts.reasons, event.reason as OnboardingReason) ?? texts.unknownReason(event.reason));
  return {
    ...event,
    title: step.title,
    text: step[event.result] ?? step.title,
    cause: reason?.cause,
    remedy: reason?.remedy,
  };
}

function own<K extends string, V>(record: Readonly<Record<K, V>>, key: K): V | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
