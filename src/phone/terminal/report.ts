import { formatActivationCode, parseActivationCode } from '../../identifiers/activation-code.ts';
import type { FleetSummary, Percentiles } from '../fleet/summary.ts';
import type { TimedStep } from '../phone-options.ts';
import type { Parts, PhoneResult } from './result.ts';

/** Where a command's words go. */
export interface Output {
  step(phone: string, step: TimedStep): void;
  result(result: PhoneResult): void;
  summary(summary: FleetSummary): void;
}

export interface Screen {
  write(text: string): void;
  readonly color: boolean;
}

const marks = { begun: '·', done: '✓', skipped: '–', failed: '✗' } as const;
const colors = { begun: 2, done: 32, skipped: 2, failed: 31 } as const;

/** Plain words, one line a step. */
export function plainOutput(screen: Screen, options: { readonly steps: boolean }): Output {
  const paint = (color: number, text: string) => (screen.color ? `\u001b[${color}m${text}\u001b[0m` : text);
  return {
    step(_phone, { step, outcome, text, fault, remedy, atMs }) {
      if (!options.steps) return;
      const time = `${String(atMs).padStart(6)} ms`;
      const name = fault === undefined ? '' : ` [${fault}]`;
      screen.write(`${time}  ${paint(colors[outcome], marks[outcome])} ${step.padEnd(15)} ${text}${name}\n`);
      if (remedy !== undefined) screen.write(`${' '.repeat(28)}What to do: ${remedy}\n`);
    },
    result(result) {
      if (!options.steps) return;
      if (!result.registered) {
        const ref = result.ref === undefined ? '' : ` (reference ${result.ref})`;
        screen.write(`${paint(31, `${result.phone} is not registered`)}: ${result.message}${ref}\n`);
        return;
      }
      screen.write(
        `${paint(32, `${result.phone} is registered`)} after ${seconds(result.tookMs)}${partsText(result.parts)}.\n`,
      );
    },
    summary(summary) {
      const { phones, registered, tookMs, perSecond } = summary;
      screen.write(`${registered} of ${phones} phones registered in ${seconds(tookMs)} (${perSecond} a second).\n`);
      line(screen, 'code entered → registered', summary.entryToRing);
      line(screen, 'power on → registered', summary.powerToRing);
      for (const { fault, phones: count, remedy } of summary.reasons) {
        screen.write(`${paint(31, `${count} × ${fault}`)}: ${remedy}\n`);
      }
    },
  };
}

function line(screen: Screen, name: string, values: Percentiles | undefined): void {
  if (values === undefined) return;
  screen.write(
    `  ${name.padEnd(26)} p50 ${seconds(values.p50)}, p99 ${seconds(values.p99)}, longest ${seconds(values.max)}\n`,
  );
}

function partsText({ total, start, prove, configuration, register }: Parts): string {
  if (total === undefined) return '';
  const known = Object.entries({ start, prove, configuration, register }).filter(([, ms]) => ms !== undefined);
  const each = known.map(([name, ms]) => `${name} ${ms} ms`).join(', ');
  return `; from the code ${total} ms (${each})`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** One JSON object a line: `step`, `result`, `summary`. Undefined members are left out. */
export function jsonOutput(screen: Pick<Screen, 'write'>): Output {
  const write = (event: string, value: object) => screen.write(`${JSON.stringify({ event, ...value })}\n`);
  return {
    step: (phone, step) => write('step', { phone, ...step }),
    result: (result) => write('result', result),
    summary: (summary) => write('summary', summary),
  };
}

/** For the prompt's echo: `4273-8195-0264-8313`, or as it was typed. */
export function shownCode(text: string): string {
  const parsed = parseActivationCode(text);
  return parsed.ok ? formatActivationCode(parsed.code) : text;
}
