import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en.ts';

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

type Words = Readonly<Record<string, string>>;

/** Words that come with the pages that say them, by language. */
const parts = {
  core: {
    en: async () => (await import('./en-core.ts')).enCore,
    'zh-CN': async () => (await import('./zh-core.ts')).zhCore,
  },
  autoRegistration: {
    en: async () => (await import('./en-auto-registration.ts')).enAutoRegistration,
    'zh-CN': async () => (await import('./zh-auto-registration.ts')).zhAutoRegistration,
  },
  bulk: {
    en: async () => (await import('./en-bulk.ts')).enBulk,
    'zh-CN': async () => (await import('./zh-bulk.ts')).zhBulk,
  },
  webhooks: {
    en: async () => (await import('./en-webhooks.ts')).enWebhooks,
    'zh-CN': async () => (await import('./zh-webhooks.ts')).zhWebhooks,
  },
  lab: {
    en: async () => (await import('./en-lab.ts')).enLab,
    'zh-CN': async () => (await import('./zh-lab-core.ts')).zhLabAll,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, () => Promise<Words>>>>>;
export type WordsPart = keyof typeof parts;

/** Parts that pages asked for; another language brings all of them along. */
const wanted = new Set<WordsPart>(['core']);
const loaded = new Set<string>();
const started = Promise.withResolvers<void>();

async function load(language: Language, part: WordsPart): Promise<void> {
  const key = `${language}/${part}`;
  if (loaded.has(key)) return;
  const words = await parts[part][language]();
  i18next.addResourceBundle(language, 'texts', words, true, true);
  loaded.add(key);
}

/** Resolves once the words of a page can be said. */
export async function needWords(part: WordsPart): Promise<void> {
  wanted.add(part);
  // The first page is asked for before the language is known.
  await started.promise;
  await load(i18next.language as Language, part);
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
    resources: {},
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
  });
  await load(language, 'core');
  started.resolve();
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
  await Promise.all([...wanted].map((part) => load(language, part)));
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
