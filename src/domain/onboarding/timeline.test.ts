import { describe, expect, it } from 'vitest';
import { textsIn } from './languages.ts';
import { onboardingReasons, onboardingSteps } from './steps.ts';
import { textsEn } from './texts-en.ts';
import { type AttemptOutcome, attemptsOf, type RecordedEvent } from './timeline.ts';

let id = 0;
/** `seconds step result reason attempt`, e.g. `5 prove failed code_not_accepted s1`. */
const event = (line: string, mac: string | undefined = '001122334455'): RecordedEvent => {
  const [seconds, step, result = 'ok', reason = '-', attempt = '-'] = line.split(' ');
  return {
    id: String(++id),
    at: new Date(Number(seconds) * 1000),
    attempt: attempt === '-' ? '' : attempt,
    deviceName: undefined,
    mac,
    model: undefined,
    step: step!,
    result: result as RecordedEvent['result'],
    reason: reason === '-' ? '' : reason,
    detail: {},
    node: 'a',
    sourceAddress: '',
  };
};
const attempts = (...lines: string[]) =>
  attemptsOf(
    lines.map((line) => event(line)),
    textsEn,
  );
const shape = (...lines: string[]) =>
  attempts(...lines).map((each) => [each.outcome ?? each.kind, ...each.steps.map((step) => step.step)]);

describe('the story of a phone', () => {
  it('is one attempt from the first file to the registration', () => {
    expect(
      shape(
        '0 trust',
        '0 config failed not_provisioned',
        '1 discover',
        '9 start info - s1',
        '9 prove ok - s1',
        '9 activated ok - s1',
        '9 confirm ok - s1',
        '10 config',
        '10 register',
      ),
    ).toEqual([
      ['registered', 'trust', 'config', 'discover', 'start', 'prove', 'activated', 'confirm', 'config', 'register'],
    ]);
  });

  it('stays registered when the confirmation of a quick phone is written after its registration', () => {
    const story = ['0 start info - s1', '0 prove ok - s1', '0 activated ok - s1', '0 register', '0 confirm'];
    expect(shape(...story)).toEqual([['registered', 'start', 'prove', 'activated', 'register', 'confirm']]);
    // What fails afterwards still decides.
    expect(shape(...story, '1 register failed phone_locked')[0]![0]).toBe('failed');
  });

  it('says activated once the phone has confirmed, and until then that it is waited for', () => {
    const story = ['0 start info - s1', '0 prove ok - s1', '1 activated ok - s1'];
    const told = (seconds: number, ...more: string[]) =>
      attemptsOf(
        [...story, ...more].map((line) => event(line)),
        textsEn,
        new Date(seconds * 1000),
      )[0];
    expect(told(2)?.outcome).toBe('proved');
    expect(told(121)?.outcome).toBe('proved');
    expect(told(122)).toMatchObject({ outcome: 'failed', cause: expect.stringContaining('did not confirm within') });
    expect(told(122)?.remedy).toContain('trust_mismatch');
    expect(told(9999, '2 confirm')?.outcome).toBe('activated');
    // Late is not never.
    expect(told(9999, '500 register')?.outcome).toBe('registered');
  });

  it('begins a new attempt with each handshake', () => {
    expect(
      shape(
        '0 discover',
        '5 start info - s1',
        '5 prove failed code_not_accepted s1',
        '60 start info - s2',
        '60 prove ok - s2',
        '60 activated ok - s2',
      ),
    ).toEqual([
      ['failed', 'discover', 'start', 'prove'],
      ['proved', 'start', 'prove', 'activated'],
    ]);
  });

  it('begins a new attempt when the phone boots after it was in, or comes back after a long silence', () => {
    expect(shape('0 trust', '1 register', '30 keep-alive', '90 trust', '91 register', '5000 trust')).toEqual([
      ['registered', 'trust', 'register', 'keep-alive'],
      ['registered', 'trust', 'register'],
      ['under-way', 'trust'],
    ]);
  });

  it('keeps what people do apart from what the phone does', () => {
    expect(shape('0 phone-added info', '0 code-made info', '5 discover', '6 code-released info')).toEqual([
      ['administration', 'phone-added', 'code-made'],
      ['under-way', 'discover'],
      ['administration', 'code-released'],
    ]);
  });

  it('keeps the attempts of two phones with one code apart', () => {
    const events = [
      event('0 start info - s1', '001122334455'),
      event('0 start info - s2', '00AABBCCDDEE'),
      event('1 prove ok - s1', '001122334455'),
      event('1 prove failed code_already_used s2', '00AABBCCDDEE'),
    ];
    expect(attemptsOf(events, textsEn).map((each) => [each.mac, each.outcome])).toEqual([
      ['001122334455', 'under-way'],
      ['00AABBCCDDEE', 'failed'],
    ]);
  });

  it('says of a failed attempt what stopped it and what to do', () => {
    const [attempt] = attempts('0 discover', '5 start info - s1', '5 activated failed model_mismatch s1');
    expect(attempt).toMatchObject({
      outcome: 'failed' satisfies AttemptOutcome,
      cause: expect.stringContaining('another model'),
      remedy: expect.stringContaining('model'),
    });
    expect(attempt!.steps[2]).toMatchObject({
      title: 'Code accepted',
      text: expect.stringContaining('not let in'),
      reason: 'model_mismatch',
    });
  });

  it('tells steps and reasons it does not know by their names', () => {
    const [attempt] = attempts('0 brand-new failed never_heard_of', '1 constructor failed toString');
    expect(attempt!.steps[0]).toMatchObject({
      title: 'brand-new',
      text: 'brand-new',
      cause: expect.stringContaining('never_heard_of'),
    });
    expect(attempt!.steps[1]).toMatchObject({ title: 'constructor', cause: expect.stringContaining('toString') });
  });
});

describe.each(['en', 'zh-CN'] as const)('the catalogue in %s', (language) => {
  const texts = textsIn(language);

  it('has a title for every step and words for every result', () => {
    for (const step of onboardingSteps) expect(texts.steps[step].title, step).not.toBe('');
  });

  it('has cause and remedy for every reason, as whole sentences', () => {
    for (const reason of onboardingReasons)
      for (const text of Object.values(texts.reasons[reason])) expect(text, reason).toMatch(/^.{4,}[.。]$/);
  });
});
