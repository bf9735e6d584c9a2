import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { TimedStep } from '../phone-options.ts';
import { keypad, typedOnce } from './prompt.ts';
import { jsonOutput, plainOutput } from './report.ts';
import { failedResult, StepTimes } from './result.ts';

const step = (name: TimedStep['step'], atMs: number, outcome: TimedStep['outcome'] = 'done'): TimedStep => ({
  step: name,
  outcome,
  text: `${name} ${outcome}.`,
  atMs,
});

function page(): { text(): string; write(text: string): void; color: false } {
  let text = '';
  return {
    color: false,
    text: () => text,
    write(more) {
      text += more;
    },
  };
}

describe('what a person sees', () => {
  it('is a line a step, and the remedy under a failure', () => {
    const screen = page();
    plainOutput(screen, { steps: true }).step('SEP020000000001', {
      ...step('prove', 12, 'failed'),
      fault: 'code_expired',
      remedy: 'Ask for a new one.',
    });
    expect(screen.text()).toContain('prove failed. [code_expired]\n');
    expect(screen.text()).toContain('What to do: Ask for a new one.');
  });

  it("tells the server's reference of a failure", () => {
    const screen = page();
    plainOutput(screen, { steps: true }).result(
      failedResult('SEP020000000001', { code: 'internal', message: 'It failed.', ref: 'ref-7' }, 3),
    );
    expect(screen.text()).toContain('(reference ref-7)');
  });
});

describe('what a script sees', () => {
  it('is one JSON object a line', () => {
    const screen = page();
    const output = jsonOutput(screen);
    output.step('SEP020000000001', step('code', 5));
    output.result(failedResult('SEP020000000001', { code: 'busy', message: 'no' }, 3));
    const lines = screen
      .text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { event: 'step', phone: 'SEP020000000001', step: 'code', outcome: 'done', atMs: 5 },
      { event: 'result', registered: false, fault: 'busy', remedy: expect.any(String) },
    ]);
  });
});

describe('the parts of the time from the code to registered', () => {
  it('add up', () => {
    const times = new StepTimes();
    const walk: readonly [TimedStep['step'], number][] = [
      ['code', 100],
      ['trust', 110],
      ['start', 130],
      ['prove', 190],
      ['store', 191],
      ['configuration', 200],
      ['register', 240],
    ];
    for (const [name, at] of walk) times.note(step(name, at));
    expect(times.parts()).toEqual({ start: 30, prove: 61, configuration: 9, register: 40, total: 140 });
  });

  it('begin anew with the code that worked', () => {
    const times = new StepTimes();
    for (const [name, at] of [
      ['code', 100],
      ['start', 130],
      ['code', 500],
      ['start', 520],
      ['prove', 560],
      ['configuration', 570],
      ['register', 600],
    ] as const) {
      times.note(step(name, at));
    }
    expect(times.parts()).toMatchObject({ start: 20, prove: 40, total: 100 });
  });

  it('are unknown for a phone that needed no code', () => {
    const times = new StepTimes();
    times.note(step('configuration', 10));
    times.note(step('register', 30));
    expect(times.parts()).toMatchObject({ total: undefined, register: 20 });
  });
});

describe('the keypad', () => {
  const never = new AbortController().signal;

  it('takes line after line until the input ends', async () => {
    const input = new PassThrough();
    const keys = keypad(input, new PassThrough());
    input.end('one\ntwo\n');
    expect(await keys.ask(undefined, never)).toBe('one');
    expect(await keys.ask(undefined, never)).toBe('two');
    expect(await keys.ask(undefined, never)).toBeUndefined();
    keys.close();
  });

  it('says what to do about the last entry, on a terminal', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true });
    const output = new PassThrough();
    const keys = keypad(input, output);
    input.end('one\n');
    await keys.ask({ code: 'code_check_digit', message: '' }, never);
    expect(String(output.read())).toMatch(/A digit is wrong.*\nActivation code: /);
    keys.close();
  });

  it('gives up when the phone is switched off', async () => {
    const keys = keypad(new PassThrough(), new PassThrough());
    const off = new AbortController();
    const answer = keys.ask(undefined, off.signal);
    off.abort();
    expect(await answer).toBeUndefined();
    keys.close();
  });

  it('types a code that was given beforehand once', async () => {
    const type = typedOnce('123');
    expect([await type(undefined, never), await type(undefined, never)]).toEqual(['123', undefined]);
  });
});
