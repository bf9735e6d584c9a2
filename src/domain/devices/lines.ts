import { type DirectoryNumber, parseDirectoryNumber } from '../../identifiers/directory-number.ts';
import { say } from '../../texts/say.ts';
import { refuse } from './faults.ts';

/** One line as asked for. A directory number that does not exist in the partition yet is made. */
export interface LineRequest {
  readonly directoryNumber: string;
  /** Name of a route partition; empty or absent: `<None>`. */
  readonly partition?: string;
  /** Text beside the line key. */
  readonly label?: string;
  /** Caller ID shown to the other side. */
  readonly display?: string;
  readonly maxCalls?: number;
  readonly busyTrigger?: number;
  /** For a line that is made: its description and alerting name. */
  readonly description?: string;
  readonly alertingName?: string;
}

/** A line request that was read and found sound. */
export interface WantedLine {
  readonly directoryNumber: DirectoryNumber;
  readonly partition: string;
  readonly label: string;
  readonly display: string;
  readonly maxCalls: number;
  readonly busyTrigger: number;
  readonly description: string;
  readonly alertingName: string;
}

const defaultMaxCalls = 4;
const defaultBusyTrigger = 2;

/** @throws DeviceFault `directory_number_invalid`, `line_duplicate`, `busy_trigger_too_high` naming `lines[i]…` */
export function readLines(requests: readonly LineRequest[]): WantedLine[] {
  const seen = new Map<string, number>();
  return requests.map((request, i) => {
    const directoryNumber = parseDirectoryNumber(request.directoryNumber);
    if (directoryNumber === undefined) {
      throw refuse(
        `lines[${i}].directoryNumber`,
        say('directory_number_invalid', { directoryNumber: request.directoryNumber.slice(0, 64) }),
      );
    }
    const partition = request.partition ?? '';
    const key = `${directoryNumber}\0${partition}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const same = { line: i + 1, earlier: earlier + 1, directoryNumber };
      throw refuse(
        `lines[${i}].directoryNumber`,
        partition === '' ? say('line_duplicate', same) : say('line_duplicate.partition', { ...same, partition }),
      );
    }
    seen.set(key, i);
    const maxCalls = request.maxCalls ?? defaultMaxCalls;
    const busyTrigger = request.busyTrigger ?? Math.min(defaultBusyTrigger, maxCalls);
    if (busyTrigger > maxCalls) {
      throw refuse(`lines[${i}].busyTrigger`, say('busy_trigger_too_high', { busyTrigger, maxCalls }));
    }
    return {
      directoryNumber,
      partition,
      label: request.label ?? '',
      display: request.display ?? '',
      maxCalls,
      busyTrigger,
      description: request.description ?? '',
      alertingName: request.alertingName ?? '',
    };
  });
}

export interface ButtonTemplate {
  readonly name: string;
  /** Undefined: fits every model. */
  readonly model: string | undefined;
  /** Buttons that are lines. */
  readonly lines: number;
}

/** @throws DeviceFault `button_template_mismatch`, `too_many_lines` */
export function requireFit(template: ButtonTemplate, model: string, lineCount: number): void {
  if (template.model !== undefined && template.model !== model) {
    throw refuse(
      'phoneButtonTemplate',
      say('button_template_mismatch', { template: template.name, templateModel: template.model, model }),
    );
  }
  if (lineCount > template.lines) {
    throw refuse(
      `lines[${template.lines}]`,
      say('too_many_lines', { lines: lineCount, template: template.name, buttons: template.lines }),
    );
  }
}
