import type { OnboardingReason } from './steps.ts';
import type { OnboardingTexts } from './texts.ts';
import type { RecordedEvent, TimelineStep } from './timeline.ts';
import { inWords } from './timeline.ts';

/** How the onboarding of all phones goes, over the last so many hours. */
export interface OnboardingNumbers {
  /** Codes that wait to be entered. */
  readonly waiting: number;
  /** Phones that must enter a code and have none that works. */
  readonly withoutCode: number;
  /** Phones in the middle of it: seen within the last ten minutes, not yet registered, nothing failed. */
  readonly underWay: number;
  /** Phones whose last try failed, or that began and went silent. */
  readonly stuck: number;
  /** Activated within the window. */
  readonly activated: number;
  /** Registered now. */
  readonly registered: number;
}

/** Different phones that got through a step within the window. */
export interface FunnelStep {
  readonly step: string;
  readonly phones: number;
}

export interface FailureCount {
  readonly reason: string;
  /** Phones whose last try ended so. */
  readonly phones: number;
  readonly lastAt: Date;
  /** The latest few. */
  readonly examples: readonly { readonly mac: string; readonly deviceName: string | undefined }[];
}

export interface OnboardingFacts {
  readonly numbers: OnboardingNumbers;
  readonly funnel: readonly FunnelStep[];
  readonly failures: readonly FailureCount[];
  /** Latest first. */
  readonly newest: readonly RecordedEvent[];
}

export interface SummaryStore {
  facts(hours: number): Promise<OnboardingFacts>;
}

export interface OnboardingSummary extends Omit<OnboardingFacts, 'funnel' | 'failures' | 'newest'> {
  readonly hours: number;
  readonly funnel: readonly (FunnelStep & { readonly title: string })[];
  readonly failures: readonly (FailureCount & { readonly cause: string; readonly remedy: string })[];
  readonly newest: readonly TimelineStep[];
}

/** The facts in plain words. */
export function summaryOf(facts: OnboardingFacts, hours: number, texts: OnboardingTexts): OnboardingSummary {
  return {
    hours,
    numbers: facts.numbers,
    funnel: facts.funnel.map((each) => ({ ...each, title: titleOf(each.step, texts) })),
    failures: facts.failures.map((each) => ({
      ...each,
      ...(Object.hasOwn(texts.reasons, each.reason)
        ? texts.reasons[each.reason as OnboardingReason]
        : texts.unknownReason(each.reason)),
    })),
    newest: facts.newest.map((event) => inWords(event, texts)),
  };
}

function titleOf(step: string, texts: OnboardingTexts): string {
  return (Object.hasOwn(texts.steps, step) ? texts.steps[step as keyof typeof texts.steps] : texts.unknownStep(step))
    .title;
}
