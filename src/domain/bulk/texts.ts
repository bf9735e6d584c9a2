import { tell } from '../../texts/tell.ts';
import { wordsZh } from '../../texts/zh/words.ts';
import { sentencesZh } from '../../texts/zh.ts';
import type { RowError } from './row-error.ts';

export type BulkLanguage = 'en' | 'zh-CN';

/** Cause and remedy in the language of the reader. English is what the rules themselves said. */
export function tellError(
  { code, value, message, remedy, text, values }: Omit<RowError, 'column'>,
  language: BulkLanguage,
): { readonly detail: string; readonly remedy: string | null } {
  // A row of before sentences were kept has one value and no name for it.
  const told =
    language === 'zh-CN'
      ? tell({ code, text, values: values ?? { value: value ?? '' } }, sentencesZh, wordsZh)
      : undefined;
  return told === undefined ? { detail: message, remedy } : { detail: told.detail, remedy: told.remedy ?? null };
}
