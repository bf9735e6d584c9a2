import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
import type { CellDoubt } from './file-source.ts';
import type { rowError } from './row-error.ts';

/**
 * Why a cell is not taken whose stored value is not what a person sees in it; undefined: it is taken.
 * A yes/no cell is what a column of yes and no wants.
 */
export function refusalOfDoubt(
  doubt: CellDoubt,
  heading: string,
  takesFlags: boolean,
): Parameters<typeof rowError> | undefined {
  const { reason, shown, stored, format } = doubt;
  const of = (sentence: Sentence): Parameters<typeof rowError> => [
    heading,
    (shown ?? stored) === stored ? stored : `${shown} / ${stored}`,
    sentence,
  ];
  const differs = (text: 'cell_date' | 'cell_rounded' | 'cell_format') => {
    const kept = stored.slice(0, 64);
    if (shown === null) return of(say(`${text}.number_format`, { format: (format ?? '').slice(0, 64), stored: kept }));
    const seen = shown.slice(0, 64);
    if (shown === '') return of(say(`${text}.shows_nothing`, { stored: kept }));
    return stored === ''
      ? of(say(`${text}.stores_nothing`, { shown: seen }))
      : of(say(text, { shown: seen, stored: kept }));
  };
  switch (reason) {
    case 'boolean':
      return takesFlags ? undefined : of(say('cell_boolean', { stored }));
    case 'error':
      return of(say('cell_error', { stored }));
    case 'formula':
      return of(say('cell_formula'));
    case 'date':
      return differs('cell_date');
    case 'precision':
      return differs('cell_rounded');
    default:
      return differs('cell_format');
  }
}
