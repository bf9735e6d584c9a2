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
  const asText = 'Format the column as Text, then type the value again as it shall be.';
  const seen =
    shown === null
      ? `the number format ${(format ?? '').slice(0, 64)} changes how it is shown`
      : `the sheet shows ${quoted(shown)}`;
  const of = (code: string, message: string, remedy = asText) =>
    [heading, code, (shown ?? stored) === stored ? stored : `${shown} / ${stored}`, message, remedy] as Parameters<
      typeof rowError
    >;
  switch (reason) {
    case 'boolean':
      return takesFlags
        ? undefined
        : of(
            'cell_boolean',
            `The cell holds yes or no, not text: the sheet shows ${stored}, or that word in the language of its program.`,
          );
    case 'error':
      return of(
        'cell_error',
        `The cell holds an error: the sheet shows ${stored}.`,
        'Correct the formula, or type the value.',
      );
    case 'formula':
      return of(
        'cell_formula',
        'The cell holds a formula whose result is not in the file.',
        'Open the workbook in a spreadsheet program, let it calculate, and save it; or replace the formula by its value.',
      );
    case 'date':
      return of('cell_date', `The cell is a date: ${seen}, and ${quoted(stored)} is stored.`);
    case 'precision':
      return of(
        'cell_rounded',
        `The number has more digits than a spreadsheet keeps: ${seen}, and ${quoted(stored)} is stored.`,
      );
    case 'text_format':
      return of('cell_format', `What is stored is not what is shown: ${seen}, and ${quoted(stored)} is stored.`);
    default:
      return of('cell_format', `What is stored is not what is shown: ${seen}, and ${quoted(stored)} is stored.`);
  }
}

const quoted = (text: string) => (text === '' ? 'nothing' : JSON.stringify(text.slice(0, 64)));
