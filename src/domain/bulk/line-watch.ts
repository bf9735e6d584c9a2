import { parseDirectoryNumber } from '../../identifiers/directory-number.ts';
import { say } from '../../texts/say.ts';
import { type BulkLookups, type LineName, lineKey } from './ports.ts';
import { type RowError, rowError } from './row-error.ts';
import type { LineInput } from './row-input.ts';

/** A line a row is to have, and where its number stands. */
export interface PlannedLine extends LineName {
  readonly column: string | null;
  readonly said: LineInput | undefined;
}

export interface PlannedRow {
  readonly line: number;
  /** The phone's own name, where it has one already. */
  readonly name: string | undefined;
  readonly lines: readonly PlannedLine[];
}

const phonesTold = 3;

/**
 * Lines that rows come to share, with each other or with phones there are: allowed, but said. Also settings of a line that are written in
 * the row and stay as they are, because the line exists.
 */
export class LineWatch {
  readonly #lookups: Pick<BulkLookups, 'lines'>;
  /** Row of the file that first had a line. */
  readonly #first = new Map<string, number>();

  constructor(lookups: Pick<BulkLookups, 'lines'>) {
    this.#lookups = lookups;
  }

  /** Notes of each row, in order. */
  async watch(rows: readonly PlannedRow[]): Promise<readonly (readonly RowError[])[]> {
    const plans = rows.map((row) => ({ ...row, lines: row.lines.flatMap(sound) }));
    const known = await this.#lookups.lines(
      distinct(
        plans.flatMap((row) => row.lines.map(({ directoryNumber, partition }) => ({ directoryNumber, partition }))),
      ),
    );
    return plans.map((row) =>
      row.lines.flatMap((line) => {
        const key = lineKey(line);
        const there = known.get(key);
        const notes: RowError[] = [];
        const first = this.#first.get(key);
        if (first === undefined) this.#first.set(key, row.line);
        else if (first !== row.line) notes.push(sharedInFile(line, first));
        const others = (there?.phones ?? []).filter((name) => name !== row.name);
        if (others.length > 0) notes.push(sharedWithPhones(line, others));
        const { description, alertingName } = line.said ?? {};
        const stays =
          there !== undefined &&
          ((description !== undefined && description !== there.description) ||
            (alertingName !== undefined && alertingName !== there.alertingName));
        if (stays) notes.push(settingsStay(line));
        return notes;
      }),
    );
  }
}

/** As lines are stored; a number that is none is somebody else's to refuse. */
function sound(line: PlannedLine): PlannedLine[] {
  const directoryNumber = parseDirectoryNumber(line.directoryNumber);
  return directoryNumber === undefined ? [] : [{ ...line, directoryNumber }];
}

function distinct(lines: readonly LineName[]): LineName[] {
  return [...new Map(lines.map((line) => [lineKey(line), line])).values()];
}

const named = ({ directoryNumber, partition }: LineName) =>
  partition === '' ? directoryNumber : `${directoryNumber} in ${partition}`;

const sharedInFile = (line: PlannedLine, first: number) =>
  rowError(line.column, named(line), say('shared_line_in_file', { line: named(line), first }));

function sharedWithPhones(line: PlannedLine, others: readonly string[]): RowError {
  const told = others.slice(0, phonesTold).join(', ');
  const values = { line: named(line), phones: told };
  return rowError(
    line.column,
    named(line),
    others.length > phonesTold ? say('shared_line.others', values) : say('shared_line', values),
  );
}

const settingsStay = (line: PlannedLine) =>
  rowError(line.column, named(line), say('line_settings_stay', { line: named(line) }));
