import type { OnboardingTexts } from './texts.ts';
import { textsEn } from './texts-en.ts';

export type OnboardingLanguage = 'en' | 'zh-CN';

const catalogues: Readonly<Partial<Record<OnboardingLanguage, OnboardingTexts>>> = { en: textsEn };

/** English where nothing else is asked for, or there. */
export function textsIn(language: OnboardingLanguage | undefined): OnboardingTexts {
  return catalogues[language ?? 'en'] ?? textsEn;
}
