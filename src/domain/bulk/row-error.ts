import { Fault, type Sentence } from '../../kernel/errors.ts';
import type { Values } from '../../texts/sentence.ts';

/** What is wrong in one cell or row. English is kept with it; other languages are told from the sentence and its values. */
export interface RowError {
  /** Heading as the file writes it; null: the row as a whole. */
  readonly column: string | null;
  readonly code: string;
  /** What stands there; null: nothing in particular. */
  readonly value: string | null;
  readonly message: string;
  readonly remedy: string | null;
  /** Which sentence `message` and `remedy` are; undefined: one that was written before sentences were kept, or that only English has. */
  readonly text?: string;
  readonly values?: Values;
}

export interface LocatedError extends RowError {
  /** 1-based line of a CSV file, row of a sheet. */
  readonly line: number;
}

const longestValue = 64;

export function rowError(column: string | null, value: string | null, sentence: Sentence): RowError {
  const { code, detail, remedy, text, values } = sentence;
  return {
    column,
    code,
    value: value === null ? null : shorten(value),
    message: detail,
    remedy: remedy ?? null,
    text,
    values,
  };
}

/** A rule's refusal, at the column its field came from. Undefined: the error is no refusal. */
export function errorOfFault(
  error: unknown,
  headingOf: (field: string) => string | null,
  cellOf: (field: string) => string | null = () => null,
): RowError | undefined {
  if (!(error instanceof Fault) || error.of === 'ours') return undefined;
  const { field } = error;
  const { code, message: detail, remedy } = error;
  return rowError(
    field === undefined ? null : headingOf(field),
    field === undefined ? null : cellOf(field),
    error.sentence ?? { code, text: code, values: {}, detail, remedy },
  );
}

function shorten(text: string): string {
  const characters = Array.from(text.toWellFormed().replaceAll('\0', ''));
  return characters.length <= longestValue ? characters.join('') : `${characters.slice(0, longestValue).join('')}…`;
}
