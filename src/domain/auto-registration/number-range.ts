/** Starting and Ending Directory Number of a node, as an administrator wrote them: digits only, of one length. */
export interface NumberRange {
  readonly start: string;
  readonly end: string;
}

/** More digits would not be counted exactly. */
export const longestNumber = 15;

/** What is wrong with the two numbers, as a sentence; undefined: nothing. */
export function rangeComplaint({ start, end }: NumberRange): string | undefined {
  if (!/^[0-9]+$/.test(start) || !/^[0-9]+$/.test(end))
    return 'Directory numbers of auto-registration are digits only.';
  if (start.length !== end.length) return 'Both directory numbers need the same number of digits.';
  if (start.length > longestNumber)
    return `Directory numbers of auto-registration have at most ${longestNumber} digits.`;
  return Number(start) > Number(end) ? 'The ending directory number is before the starting one.' : undefined;
}

/** Equal numbers mean that auto-registration is off, as in the field. */
export function isEmpty({ start, end }: NumberRange): boolean {
  return start === end;
}

/** How many numbers there are. */
export function sizeOf(range: NumberRange): number {
  return isEmpty(range) ? 0 : Number(range.end) - Number(range.start) + 1;
}

/**
 * Where the next free number is looked for, in order: after the last one, then from the start again. `last` undefined, or a number the range does not
 * hold any more: from the start.
 */
export function searchOrder(range: NumberRange, last: string | undefined): readonly NumberRange[] {
  if (isEmpty(range)) return [];
  const { start, end } = range;
  const inside =
    last !== undefined && last.length === start.length && Number(last) >= Number(start) && Number(last) <= Number(end);
  if (!inside) return [range];
  const upTo = { start, end: last };
  return last === end ? [upTo] : [{ start: following(last), end }, upTo];
}

/** `0999` → `1000`. */
function following(number: string): string {
  return String(Number(number) + 1).padStart(number.length, '0');
}
