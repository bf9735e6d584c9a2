import { type DirectoryNumber, parseDirectoryNumber } from '../../identifiers/directory-number.ts';
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
        'directory_number_invalid',
        `lines[${i}].directoryNumber`,
        `${JSON.stringify(request.directoryNumber.slice(0, 64))} is not a directory number.`,
        'Write 1 to 24 digits; *, # and a leading + are allowed.',
      );
    }
    const partition = request.partition ?? '';
    const key = `${directoryNumber}\0${partition}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      throw refuse(
        'line_duplicate',
        `lines[${i}].directoryNumber`,
        `Line ${i + 1} is the same as line ${earlier + 1}: ${directoryNumber}${partition === '' ? '' : ` in ${partition}`}.`,
        'A phone has a line once. Remove one of the two, or use another partition.',
      );
    }
    seen.set(key, i);
    const maxCalls = request.maxCalls ?? defaultMaxCalls;
    const busyTrigger = request.busyTrigger ?? Math.min(defaultBusyTrigger, maxCalls);
    if (busyTrigger > maxCalls) {
      throw refuse(
        'busy_trigger_too_high',
        `lines[${i}].busyTrigger`,
        `The busy trigger ${busyTrigger} is above the maximum number of calls ${maxCalls}.`,
        'Set a busy trigger that is not above the maximum number of calls.',
      );
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
      'button_template_mismatch',
      'phoneButtonTemplate',
      `The phone button template "${template.name}" is for ${template.model}, not for ${model}.`,
      `Choose a template of ${model}, or leave the field out to take the model's default.`,
    );
  }
  if (lineCount > template.lines) {
    throw refuse(
      'too_many_lines',
      `lines[${template.lines}]`,
      `${lineCount} lines do not fit: the phone button template "${template.name}" has ${template.lines}.`,
      'Remove lines, or choose a phone button template with more line buttons.',
    );
  }
}
