import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en.ts';
import type { Texts } from './texts.ts';

export const languages = [
  { tag: 'en', label: 'English' },
  { tag: 'zh-CN', label: '简体中文' },
] as const;
export type Language = (typeof languages)[number]['tag'];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'texts';
    resources: { texts: typeof en };
    keySeparator: false;
    nsSeparator: false;
    returnNull: false;
  }
}

const storageKey = 'firstring-language';

async function textsOf(language: Language): Promise<Texts> {
  return language === 'zh-CN' ? (await import('./zh-cn.ts')).zhCN : (await import('./en.ts')).en;
}

/** What was chosen last, else what the browser asks for, else English. */
function preferred(): Language {
  const wanted = [readStored(), ...navigator.languages].map((tag) => tag?.toLowerCase() ?? '');
  for (const tag of wanted) {
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'en';
}

function readStored(): string | undefined {
  try {
    return localStorage.getItem(storageKey) ?? undefined;
  } catch {
    return undefined;
  }
}

export async function startLanguages(): Promise<void> {
  const language = preferred();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ['texts'],
    defaultNS: 'texts',
    resources: { [language]: { texts: await textsOf(language) } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

/** The language of the person who signed in, where this browser was never told another. English is what everybody starts with, so it says nothing. */
export async function followLocale(locale: string): Promise<void> {
  const wanted = languages.find((each) => each.tag === locale)?.tag;
  if (wanted !== undefined && wanted !== 'en' && readStored() === undefined && i18next.language !== wanted)
    await show(wanted);
}

export async function changeLanguage(language: Language): Promise<void> {
  await show(language);
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Private windows forget it; the choice holds for this visit.
  }
}

async function show(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'texts'))
    i18next.addResourceBundle(language, 'texts', await textsOf(language));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
