import type { OnboardingTexts } from './texts.ts';
import { textsEn } from './texts-en.ts';
import { textsZh } from './texts-zh.ts';

const catalogues = { en: textsEn, 'zh-CN': textsZh } as const satisfies Readonly<Record<string, OnboardingTexts>>;
export type OnboardingLanguage = keyof typeof catalogues;

/** English where nothing else is asked for. */
export function textsIn(language: OnboardingLanguage | undefined): OnboardingTexts {
  return catalogues[language ?? 'en'];
}
