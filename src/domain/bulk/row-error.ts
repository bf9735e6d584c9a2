import { Fault } from '../../kernel/errors.ts';

/** What is wrong in one cell or row. English is kept with it; other languages are told from the code (texts.ts). */
export interface RowError {
  /** Heading as the file writes it; null: the row as a whole. */
  readonly column: string | null;
  readonly code: string;
  /** What stands there; null: nothing in particular. */
  readonly value: string | null;
  readonly message: string;
  readonly remedy: string | null;
  /** A cause within the code, for other languages. */
  readonly why?: string;
}

export interface LocatedError extends RowError {
  /** 1-based line of a CSV file, row of a sheet. */
  readonly line: number;
}

const longestValue = 64;

export function rowError(
  column: string | null,
  code: string,
  value: string | null,
  message: string,
  remedy: string | null,
): RowError {
  return { column, code, value: value === null ? null : shorten(value), message, remedy };
}

/** A rule's refusal, at the column its field came from. Undefined: the error is no refusal. */
export function errorOfFault(
  error: unknown,
  headingOf: (field: string) => string | null,
  cellOf: (field: string) => string | null = () => null,
): RowError | undefined {
  if (!(error instanceof Fault) || error.of === 'ours') return undefined;
  const { field } = error;
  return rowError(
    field === undefined ? null : headingOf(field),
    error.code,
    field === undefined ? null : cellOf(field),
    error.message,
    error.remedy ?? null,
  );
}

function shorten(text: string): string {
  const characters = Array.from(text.toWellFormed().replaceAll('\0', ''));
  return characters.length <= longestValue ? characters.join('') : `${characters.slice(0, longestValue).join('')}…`;
}
