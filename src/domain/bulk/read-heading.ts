import { say } from '../../texts/say.ts';
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
      const text = { heading: heading.slice(0, 64) };
      complain(
        line,
        heading,
        heading,
        near === undefined ? say('unknown_column', text) : say('unknown_column.near', { ...text, near }),
      );
    }
    if (typeof field === 'string') {
      const other = taken.get(field);
      if (other !== undefined) complain(line, heading, heading, say('duplicate_column', { heading, other }));
      taken.set(field, heading);
    }
    columns.push({ heading, field: field ?? null });
  }
  const identified = taken.has('mac') || taken.has('name');
  if (!identified && (transaction === 'update-phones' || transaction === 'phones'))
    complain(line, null, 'DEVICE NAME', say('missing_column'));
  if (transaction === 'insert-phones-all-details' && !taken.has('model'))
    complain(line, null, 'DEVICE TYPE', say('missing_column.model'));
  if (taken.size === 0) complain(line, null, null, say('no_heading'));
  return columns;
}
