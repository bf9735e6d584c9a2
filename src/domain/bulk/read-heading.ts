import { type Column, fieldOfHeading, nearestHeading, type TransactionType } from './columns.ts';
import type { rowError } from './row-error.ts';

export type Complain = (line: number, ...error: Parameters<typeof rowError>) => void;

/** The columns of a file by its heading; everything that is wrong with it is told. */
export function readHeading(
  cells: readonly string[],
  line: number,
  transaction: TransactionType,
  complain: Complain,
): Column[] {
  // Headings end with a comma in the field's own files: columns without one at the end hold nothing.
  const last = cells.findLastIndex((cell) => cell !== '');
  const columns: Column[] = [];
  const taken = new Map<string, string>();
  for (const heading of cells.slice(0, last + 1)) {
    const field = heading === '' ? null : fieldOfHeading(heading);
    if (field === undefined && transaction !== 'insert-phones-all-details') {
      const near = nearestHeading(heading);
      complain(
        line,
        heading,
        'unknown_column',
        heading,
        `The heading ${JSON.stringify(heading.slice(0, 64))} is not known.`,
        near === undefined
          ? 'Use the headings of the template, or take the column out.'
          : `Did you mean ${near}? Correct it, or take the column out.`,
      );
    }
    if (typeof field === 'string') {
      const other = taken.get(field);
      if (other !== undefined)
        complain(
          line,
          heading,
          'duplicate_column',
          heading,
          `${heading} and ${other} mean the same.`,
          'Take one of the two columns out.',
        );
      taken.set(field, heading);
    }
    columns.push({ heading, field: field ?? null });
  }
  const identified = taken.has('mac') || taken.has('name');
  if (!identified && (transaction === 'update-phones' || transaction === 'phones'))
    complain(
      line,
      null,
      'missing_column',
      'DEVICE NAME',
      'No column says which phone a row is about.',
      'Add a column DEVICE NAME or MAC ADDRESS.',
    );
  if (transaction === 'insert-phones-all-details' && !taken.has('model'))
    complain(
      line,
      null,
      'missing_column',
      'DEVICE TYPE',
      'No column DEVICE TYPE says the model of the phones.',
      'Add it, or upload the file as "Insert Phones - Specific Details" and use a phone template.',
    );
  if (taken.size === 0)
    complain(
      line,
      null,
      'no_heading',
      null,
      'The first line holds no heading of a phone file.',
      'The first line holds the headings, e.g. MAC ADDRESS,DESCRIPTION,DIRECTORY NUMBER 1; see the template.',
    );
  return columns;
}
