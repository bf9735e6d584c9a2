import { describe, expect, it } from 'vitest';
import type { TimedStep } from '../phone-options.ts';
import { darkScreen, type Screen, type ScreenEvent, stepScreen } from './screen.ts';

const step = (
  name: TimedStep['step'],
  outcome: TimedStep['outcome'] = 'done',
  fault?: TimedStep['fault'],
): ScreenEvent => ({
  type: 'step',
  step: { step: name, outcome, text: `${name} ${outcome}.`, atMs: 1, ...(fault === undefined ? {} : { fault }) },
});

function screenAfter(...events: readonly ScreenEvent[]): Screen {
  return events.reduce(stepScreen, darkScreen);
}

const asked: ScreenEvent = { type: 'asked', problem: undefined };
const plugged: ScreenEvent = { type: 'plugged' };
const booted = [
  plugged,
  step('boot', 'begun'),
  step('discover'),
  step('trust-list'),
  step('configuration', 'skipped'),
  step('defaults'),
];
const activated = [...booted, step('code', 'begun'), asked, step('code'), step('trust'), step('start'), step('prove')];

describe('the screen of a phone', () => {
  it.each([
    ['is dark without power', [], 'off'],
    ['starts', booted, 'starting'],
    ['asks for the code', [...booted, step('code', 'begun'), asked], 'code'],
    ['activates once a code is entered', [...booted, asked, step('code')], 'activating'],
    ['fetches the settings after that', [...activated, step('store'), step('configuration')], 'setting-up'],
    ['registers', [...activated, step('store'), step('register', 'begun')], 'registering'],
    ['is registered', [...activated, step('register', 'begun'), step('register')], 'registered'],
    [
      'stays so while it refreshes',
      [...activated, step('register'), step('keep-alive'), step('confirm')],
      'registered',
    ],
    ['starts again when the server says so', [...activated, step('register'), step('service-control')], 'starting'],
    ['is dark once unplugged', [...activated, { type: 'unplugged' }], 'off'],
  ] as const)('%s', (_, events: readonly ScreenEvent[], kind) => {
    expect(screenAfter(...events)).toEqual({ kind, problem: null, with: null });
  });

  it('says why the last code did not do, and what to do, until another is entered', () => {
    const refused = screenAfter(...activated, {
      type: 'asked',
      problem: { code: 'code_not_accepted', message: 'Refused.' },
    });
    expect(refused).toMatchObject({ kind: 'code', problem: { fault: 'code_not_accepted', message: 'Refused.' } });
    expect(refused.problem?.remedy).toMatch(/Compare the code/);
    expect(stepScreen(refused, step('code')).problem).toBeNull();
  });

  it('shows what fails while the phone goes on trying', () => {
    const trying = screenAfter(...booted, asked, step('code'), step('prove', 'failed', 'activation_unreachable'));
    expect(trying).toMatchObject({ kind: 'activating', problem: { fault: 'activation_unreachable' } });
  });

  it('shows why the phone gave up', () => {
    const ended: ScreenEvent = { type: 'ended', failure: { code: 'mic_untrusted', message: 'Not trusted.' } };
    expect(screenAfter(...booted, ended)).toMatchObject({ kind: 'failed', problem: { fault: 'mic_untrusted' } });
  });

  it('shows who calls', () => {
    const call = (type: 'ringing' | 'answered' | 'ended', incoming: boolean): ScreenEvent => ({
      type: 'call',
      news: { type, with: '1001', incoming },
    });
    const idle = [...activated, step('register')];
    expect(screenAfter(...idle, call('ringing', true))).toMatchObject({ kind: 'ringing', with: '1001' });
    expect(screenAfter(...idle, call('ringing', false))).toMatchObject({ kind: 'calling', with: '1001' });
    expect(screenAfter(...idle, call('ringing', true), call('answered', true))).toMatchObject({ kind: 'in-call' });
    expect(screenAfter(...idle, call('answered', true), call('ended', true))).toMatchObject({
      kind: 'registered',
      with: null,
    });
  });
});
