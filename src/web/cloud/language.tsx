import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { tell } from '../../texts/tell.ts';
import { wordsZh } from '../../texts/zh/words.ts';
import { sentencesZh } from '../../texts/zh.ts';
import { ApiProblem, ConnectionLost } from '../api/problem.ts';
import { type CloudTexts, cloudEn } from './texts-en.ts';
import { cloudZh } from './texts-zh.ts';

export type CloudLanguage = 'en' | 'zh-CN';
type Words = Readonly<Record<string, string | number>>;

export interface Reader {
  readonly language: CloudLanguage;
  t(key: keyof CloudTexts, words?: Words): string;
  /** What went wrong and what to do, in the reader's language. */
  problem(error: unknown): { readonly message: string; readonly remedy: string | undefined };
  dateTime(instant: string): string;
  number(value: number): string;
  change(language: CloudLanguage): void;
}

/** The console keeps its choice there too. */
const storageKey = 'firstring-language';

function preferred(): CloudLanguage {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(storageKey);
  } catch {
    // Private windows have none.
  }
  const wanted = [stored, ...navigator.languages].find((tag) => /^(?:zh|en)/i.test(tag ?? ''));
  return /^zh/i.test(wanted ?? '') ? 'zh-CN' : 'en';
}

const Context = createContext<Reader | undefined>(undefined);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(preferred);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const reader = useMemo<Reader>(() => {
    const texts = language === 'zh-CN' ? cloudZh : cloudEn;
    const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    const numbers = new Intl.NumberFormat(language);
    const t: Reader['t'] = (key, words = {}) =>
      Object.entries(words).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), texts[key]);
    return {
      language,
      t,
      problem(error) {
        if (error instanceof ConnectionLost) return { message: t('connectionLost'), remedy: t('connectionRemedy') };
        if (!(error instanceof ApiProblem)) return { message: t('unexpected'), remedy: undefined };
        const told = language === 'zh-CN' ? tell(error, sentencesZh, wordsZh) : undefined;
        if (told !== undefined) return { message: told.detail, remedy: told.remedy };
        return { message: error.message || t('unexpected'), remedy: error.remedy };
      },
      dateTime: (instant) => dates.format(new Date(instant)),
      number: (value) => numbers.format(value),
      change(next) {
        setLanguage(next);
        try {
          localStorage.setItem(storageKey, next);
        } catch {
          // The choice holds for this visit.
        }
      },
    };
  }, [language]);
  return <Context.Provider value={reader}>{children}</Context.Provider>;
}

export function useReader(): Reader {
  const reader = useContext(Context);
  if (reader === undefined) throw new Error('outside of LanguageProvider');
  return reader;
}
