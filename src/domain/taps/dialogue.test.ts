import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DialogueEffect,
  type DialogueEvent,
  type DialogueSetup,
  type DialogueState,
  startDialogue,
  stepDialogue,
} from './dialogue.ts';

const plain: DialogueSetup = { languages: ['en'], secured: false, autoRegistered: true };
const answered: DialogueEvent = { type: 'answered' };
const spoken: DialogueEvent = { type: 'spoken' };
const silence: DialogueEvent = { type: 'silence' };
const mapped: DialogueEvent = { type: 'mapped' };
const hungUp: DialogueEvent = { type: 'hung-up' };
const keys = (text: string): DialogueEvent[] => [...text].map((key) => ({ type: 'key', key }));
const refusal = (reason: Extract<DialogueEvent, { type: 'refused' }>['reason'], proved = true): DialogueEvent => ({
  type: 'refused',
  reason,
  proved,
});

function play(setup: DialogueSetup, events: readonly DialogueEvent[]) {
  let state: DialogueState = startDialogue(setup);
  const all: DialogueEffect[] = [];
  let last: readonly DialogueEffect[] = [];
  for (const event of events) {
    ({ state, effects: last } = stepDialogue(setup, state, event));
    all.push(...last);
  }
  const said = (effects: readonly DialogueEffect[]) =>
    effects.flatMap((effect) => (effect.type === 'say' ? effect.prompts.map(({ prompt }) => prompt) : []));
  return {
    state,
    all,
    said: said(last),
    everSaid: said(all),
    checks: all.filter((effect) => effect.type === 'check'),
    over: all.filter((effect) => effect.type === 'over').map(({ outcome }) => outcome),
  };
}

describe('a call to TAPS', () => {
  it('asks for the number, reads it back, gives the record and says so', () => {
    const number = play(plain, [answered, ...keys('1001#')]);
    expect(number.everSaid.slice(0, 2)).toEqual(['welcome', 'enter-number']);
    expect(number.said).toEqual(['you-entered', 'digit-1', 'digit-0', 'digit-0', 'digit-1', 'confirm']);
    const confirmed = play(plain, [answered, ...keys('1001##')]);
    expect(confirmed.checks).toEqual([{ type: 'check', number: '1001', pin: undefined }]);
    expect(confirmed.said).toEqual(['please-wait']);
    const done = play(plain, [answered, ...keys('1001##'), mapped]);
    expect(done.said).toEqual(['success']);
    const left = play(plain, [answered, ...keys('1001##'), mapped, spoken]);
    expect(left.all.at(-2)).toEqual({ type: 'hang-up' });
    expect(left.over).toEqual([{ kind: 'mapped', reason: undefined }]);
  });

  it.each([
    ['the star key while the number is entered begins again', '12*1001##', '1001'],
    ['the star key at the confirmation asks for the number again', '4711#*1001##', '1001'],
    ['letters are no digits', '1A0B01##', '1001'],
    ['a number that is too long is asked for again', `${'9'.repeat(25)}1001##`, '1001'],
    ['other keys at the confirmation mean nothing', '1001#5#', '1001'],
  ])('%s', (_, pressed, number) => {
    expect(play(plain, [answered, ...keys(pressed)]).checks).toEqual([{ type: 'check', number, pin: undefined }]);
  });

  it('takes a number without the pound key once nothing follows', () => {
    expect(play(plain, [answered, ...keys('1001'), silence]).state.phase).toBe('confirm');
  });

  it('asks three times, then says that nothing was entered and hangs up', () => {
    const twice = play(plain, [answered, spoken, silence, spoken, silence]);
    expect(twice.said).toEqual(['nothing-entered', 'enter-number']);
    const over = play(plain, [answered, spoken, silence, spoken, silence, spoken, silence, spoken]);
    expect(over.everSaid.slice(-2)).toEqual(['nothing-entered', 'goodbye']);
    expect(over.over).toEqual([{ kind: 'abandoned', reason: 'taps_no_input' }]);
  });

  it('listens after each question, and not while records are changed', () => {
    expect(play(plain, [answered, spoken]).all.at(-1)).toEqual({ type: 'listen', ms: 8000 });
    const checking = play(plain, [answered, ...keys('1001##'), spoken, ...keys('99#'), silence]);
    expect(checking.checks).toHaveLength(1);
    expect(checking.state.phase).toBe('checking');
  });

  it('lets the caller choose the language where there are two, and speaks it', () => {
    const both: DialogueSetup = { ...plain, languages: ['en', 'zh'] };
    const asked = play(both, [answered]);
    expect(asked.all).toEqual([
      {
        type: 'say',
        prompts: [
          { prompt: 'choose-language', language: 'en' },
          { prompt: 'choose-language', language: 'zh' },
        ],
      },
    ]);
    const chinese = play(both, [answered, ...keys('32')]);
    expect(chinese.all.at(-1)).toEqual({
      type: 'say',
      prompts: [
        { prompt: 'welcome', language: 'zh' },
        { prompt: 'enter-number', language: 'zh' },
      ],
    });
  });

  it('is not for phones that did not auto-register', () => {
    const over = play({ ...plain, autoRegistered: false }, [answered, spoken]);
    expect(over.everSaid).toEqual(['not-auto-registered', 'goodbye']);
    expect(over.over).toEqual([{ kind: 'refused', reason: 'taps_not_auto_registered' }]);
  });

  it.each([
    ['taps_no_record', 'no-record', true],
    ['taps_model', 'other-model', true],
    ['taps_ambiguous', 'ambiguous', false],
    ['taps_profile', 'cannot-configure', false],
    ['taps_code_required', 'cannot-configure', false],
    ['taps_too_many', 'too-many', false],
    ['taps_failed', 'system-failure', false],
    ['taps_not_auto_registered', 'not-auto-registered', false],
  ] as const)('says why: %s, and whether to try again', (reason, prompt, again) => {
    const { said, state } = play(plain, [answered, ...keys('1001##'), refusal(reason)]);
    expect(said[0]).toBe(prompt);
    expect([said.at(-1), state.phase]).toEqual(again ? ['enter-number', 'number'] : ['goodbye', 'leaving']);
  });

  it('gives up after the third number that is refused', () => {
    const once = [...keys('4711##'), refusal('taps_no_record')];
    const over = play(plain, [answered, ...once, ...once, ...once, spoken]);
    expect(over.over).toEqual([{ kind: 'refused', reason: 'taps_no_record' }]);
  });

  it('ends at once when the caller hangs up, but not in the middle of the change', () => {
    expect(play(plain, [answered, ...keys('10'), hungUp]).over).toEqual([
      { kind: 'abandoned', reason: 'taps_hung_up' },
    ]);
    const middle = [answered, ...keys('1001##'), hungUp];
    expect(play(plain, middle).over).toEqual([]);
    expect(play(plain, [...middle, mapped]).over).toEqual([{ kind: 'mapped', reason: undefined }]);
    expect(play(plain, [...middle, refusal('taps_no_record')]).over).toEqual([
      { kind: 'abandoned', reason: 'taps_hung_up' },
    ]);
    expect(play(plain, [answered, ...keys('1001##'), mapped, hungUp]).over).toEqual([
      { kind: 'mapped', reason: undefined },
    ]);
  });

  it('ends when the node stops, and hangs up itself', () => {
    const stopped = play(plain, [answered, { type: 'stopped' }]);
    expect(stopped.all.at(-2)).toEqual({ type: 'hang-up' });
    expect(stopped.over).toEqual([{ kind: 'abandoned', reason: 'taps_stopped' }]);
  });
});

describe('a call to secure TAPS', () => {
  const secured: DialogueSetup = { ...plain, secured: true };

  it('asks for the PIN after the number, and keeps none', () => {
    const { checks, everSaid, state } = play(secured, [answered, ...keys('1001##2468#')]);
    expect(checks).toEqual([{ type: 'check', number: '1001', pin: '2468' }]);
    expect(everSaid).toContain('enter-pin');
    expect(JSON.stringify(state)).not.toContain('2468');
  });

  it.each(['taps_no_record', 'taps_pin', 'taps_no_pin', 'taps_model', 'taps_ambiguous', 'taps_code_required'] as const)(
    'says the same for %s as for a wrong PIN, until the PIN was right',
    (reason) => {
      const before = play(secured, [answered, ...keys('1001##1111#'), refusal(reason, false)]);
      const wrong = play(secured, [answered, ...keys('1001##1111#'), refusal('taps_pin', false)]);
      expect([before.said, before.state.phase]).toEqual([wrong.said, wrong.state.phase]);
    },
  );

  it('tells the reason to whoever knows the PIN', () => {
    const { said } = play(secured, [answered, ...keys('1001##2468#'), refusal('taps_profile')]);
    expect(said[0]).toBe('cannot-configure');
  });
});

describe('whatever happens', () => {
  const event: fc.Arbitrary<DialogueEvent> = fc.oneof(
    fc.constantFrom<DialogueEvent>(answered, spoken, silence, mapped, hungUp, { type: 'stopped' }),
    fc.constantFrom(...'0123456789*#A').map((key): DialogueEvent => ({ type: 'key', key })),
    fc.constantFrom<DialogueEvent>(refusal('taps_no_record'), refusal('taps_pin', false), refusal('taps_too_many')),
  );

  it('a call ends once, is checked only when it asked for that, and says nothing after its end', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (events, secured) => {
        const setup = { ...plain, secured };
        const { all, over } = play(setup, events);
        expect(over.length).toBeLessThanOrEqual(1);
        const end = all.findIndex(({ type }) => type === 'over');
        if (end >= 0) expect(end).toBe(all.length - 1);
        for (const effect of all) {
          if (effect.type === 'check') {
            expect(effect.number).toMatch(/^[0-9]{1,24}$/);
            expect(effect.pin === undefined).toBe(!secured);
          }
        }
      }),
    );
  });
});
