import type { PlannedRow } from './line-watch.ts';
import type { InsertPlan } from './plan-insert.ts';
import type { LineName } from './ports.ts';
import { noneCell, type RowInput } from './row-input.ts';

type HeadingOf = (field: string) => string | null;

/** Lines that a new phone is to have. */
export function linesOfInsert(
  { request, places }: InsertPlan,
  input: RowInput,
  heading: HeadingOf,
): PlannedRow['lines'] {
  return (request?.lines ?? []).map(({ directoryNumber, partition = '' }, index) => ({
    directoryNumber,
    partition,
    column: heading(`lines[${index}].directoryNumber`),
    said: input.lines[places[index] ?? index],
  }));
}

/** Lines the row says something about: with the number it gives, or the one that is there. */
export function linesOfUpdate(
  input: RowInput | undefined,
  held: readonly LineName[],
  heading: HeadingOf,
): PlannedRow['lines'] {
  return (input?.lines ?? []).flatMap((said, place) => {
    const there = held[place];
    const directoryNumber = said?.directoryNumber ?? there?.directoryNumber;
    if (said === undefined || directoryNumber === undefined || directoryNumber === noneCell) return [];
    const partition = said.partition ?? there?.partition ?? '';
    // The line stays the one it is: that it is shared was said when it became so.
    const stays = there?.directoryNumber === directoryNumber && there.partition === partition;
    if (stays && said.description === undefined && said.alertingName === undefined) return [];
    return { directoryNumber, partition, column: heading(`lines[${place}].directoryNumber`), said };
  });
}
