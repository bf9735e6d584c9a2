import type { OnboardingReason, OnboardingStep } from './steps.ts';

/** One step in plain words, by result. A result that is missing is said by the title alone. */
export interface StepText {
  readonly title: string;
  readonly ok?: string;
  readonly failed?: string;
  readonly info?: string;
}

/** Why a step failed, and what a person can do about it. */
export interface ReasonText {
  readonly cause: string;
  readonly remedy: string;
}

/** The whole catalogue in one language. Complete by type: a language that forgets a step or a reason does not compile. */
export interface OnboardingTexts {
  readonly steps: Readonly<Record<OnboardingStep, StepText>>;
  readonly reasons: Readonly<Record<OnboardingReason, ReasonText>>;
  /** For steps and reasons newer than the catalogue. */
  readonly unknownStep: (step: string) => StepText;
  readonly unknownReason: (reason: string) => ReasonText;
}
