import i18next from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from './i18n.ts';
import type { Key } from './texts.ts';

/** A family of texts whose last part comes from the server (`codeState.active`): the text, or what the server said itself. */
export type Lookup = (family: string, name: string, fallback?: string) => string;

export function useText() {
  const { t, i18n } = useTranslation();
  const language = i18n.language as Language;
  return useMemo(() => {
    const lookup: Lookup = (family, name, fallback) => {
      const key = `${family}.${name}`;
      return i18next.exists(key) ? t(key as Key) : (fallback ?? name);
    };
    return { t, lookup, language, ...formats(language) };
  }, [t, language]);
}

/** Times and numbers as the language writes them, in the reader's own time zone. */
function formats(language: Language) {
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 1,
  });
  const number = new Intl.NumberFormat(language);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    formatDateTime: (instant: string) => dateTime.format(new Date(instant)),
    formatExact: (instant: string) => exact.format(new Date(instant)),
    formatDate: (instant: string) => date.format(new Date(instant)),
    formatTime: (instant: string) => time.format(new Date(instant)),
    formatNumber: (value: number) => number.format(value),
    /** `45 sec`, `12 min`, `3 hr`: roughly, as time that is left. */
    formatDuration: (seconds: number) => {
      const [value, unit] =
        seconds < 90 ? [seconds, 'second'] : seconds < 5400 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
      return new Intl.NumberFormat(language, { style: 'unit', unit: String(unit), maximumFractionDigits: 0 }).format(
        Number(value),
      );
    },
    /** `in 3 days`, `2 minutes ago` */
    formatRelative: (instant: string, now = Date.now()) => {
      const seconds = (new Date(instant).getTime() - now) / 1000;
      const steps = [
        ['day', 86_400],
        ['hour', 3600],
        ['minute', 60],
      ] as const;
      for (const [unit, size] of steps)
        if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
      return relative.format(Math.trunc(seconds), 'second');
    },
  };
}
