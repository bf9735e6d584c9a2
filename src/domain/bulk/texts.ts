import type { RowError } from './row-error.ts';
import { rowErrorsZh } from './texts-zh.ts';

export type BulkLanguage = 'en' | 'zh-CN';

/** Cause and remedy in the language of the reader. English is what the rules themselves said. */
export function tellError(
  error: Pick<RowError, 'code' | 'why' | 'value' | 'message' | 'remedy'>,
  language: BulkLanguage,
) {
  const own =
    language === 'zh-CN' ? (rowErrorsZh[`${error.code}.${error.why ?? ''}`] ?? rowErrorsZh[error.code]) : undefined;
  if (own === undefined) return { detail: error.message, remedy: error.remedy };
  const [detail, remedy] = own;
  return { detail: detail.replace('{value}', error.value ?? ''), remedy: remedy === '' ? null : remedy };
}
