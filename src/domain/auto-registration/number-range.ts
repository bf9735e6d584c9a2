import type { Sentence } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';
/** Starting and Ending Directory Number of a node, as an administrator wrote them: digits only, of one length. */
export interface NumberRange {
  readonly start: string;
  readonly end: string;
}

/** More digits would not be counted exactly. */
export const longestNumber = 15;

/** What is wrong with the two numbers, as a sentence; undefined: nothing. */
export function rangeComplaint({ start, end }: NumberRange): Sentence<'invalid_value'> | undefined {
  if (!/^[0-9]+$/.test(start) || !/^[0-9]+$/.test(end)) return say('invalid_value.range_digits');
  if (start.length !== end.length) return say('invalid_value.range_lengths');
  if (start.length > longestNumber) return say('invalid_value.range_too_long', { most: longestNumber });
  return Number(start) > Number(end) ? say('invalid_value.range_backwards') : undefined;
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
