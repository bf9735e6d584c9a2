import { type PromptId, type PromptLanguage, promptOfDigit } from './prompt-texts.ts';

/** Why a caller did not get the prepared record: stable codes of the timeline's catalogue. */
export type TapsReason =
  | 'taps_no_record'
  | 'taps_ambiguous'
  | 'taps_model'
  | 'taps_profile'
  | 'taps_code_required'
  | 'taps_pin'
  | 'taps_no_pin'
  | 'taps_too_many'
  | 'taps_not_auto_registered'
  | 'taps_no_input'
  | 'taps_hung_up'
  | 'taps_media'
  | 'taps_failed'
  | 'taps_stopped';

/** What holds for one call. */
export interface DialogueSetup {
  /** At least one; with several the caller chooses: the first by 1, the second by 2. */
  readonly languages: readonly PromptLanguage[];
  /** Asks for the PIN of the prepared phone's owner. */
  readonly secured: boolean;
  /** The calling phone has a record of its own making. */
  readonly autoRegistered: boolean;
}

export interface DialogueState {
  readonly phase: 'start' | 'language' | 'number' | 'confirm' | 'pin' | 'checking' | 'leaving' | 'over';
  readonly language: PromptLanguage;
  /** Keys since the last question. */
  readonly entered: string;
  readonly number: string;
  /** Questions that nobody answered, in a row. */
  readonly silent: number;
  /** Numbers that were refused. */
  readonly refused: number;
  /** The caller hung up while the records are being changed: that still comes to its end. */
  readonly gone: boolean;
  readonly outcome: DialogueOutcome | undefined;
}

export interface DialogueOutcome {
  readonly kind: 'mapped' | 'refused' | 'abandoned';
  /** Undefined when mapped. */
  readonly reason: TapsReason | undefined;
}

export type DialogueEvent =
  | { readonly type: 'answered' }
  /** A key: 0–9, * or #. */
  | { readonly type: 'key'; readonly key: string }
  /** Everything asked to be said was said. */
  | { readonly type: 'spoken' }
  /** Nothing was pressed for as long as was listened. */
  | { readonly type: 'silence' }
  | { readonly type: 'mapped' }
  /** `proved`: the PIN was right, or none is asked for; only then may the caller learn more. */
  | { readonly type: 'refused'; readonly reason: TapsReason; readonly proved: boolean }
  | { readonly type: 'hung-up' }
  | { readonly type: 'stopped' };

export interface Said {
  readonly prompt: PromptId;
  readonly language: PromptLanguage;
}

export type DialogueEffect =
  | { readonly type: 'say'; readonly prompts: readonly Said[] }
  /** Stop in the middle of a word. */
  | { readonly type: 'hush' }
  /** Wait this long for a key, ms. */
  | { readonly type: 'listen'; readonly ms: number }
  | { readonly type: 'check'; readonly number: string; readonly pin: string | undefined }
  | { readonly type: 'hang-up' }
  | { readonly type: 'over'; readonly outcome: DialogueOutcome };

export interface DialogueStep {
  readonly state: DialogueState;
  readonly effects: readonly DialogueEffect[];
}

/** After a question, and between two keys. */
const patienceMs = 8000;
const betweenKeysMs = 5000;
const longestNumber = 24;
const longestPin = 20;
/** A question is asked so often before the call is given up. */
const questions = 3;
/** Numbers that may be refused within one call. */
const refusals = 3;

const mapped: DialogueOutcome = { kind: 'mapped', reason: undefined };
const hungUp: DialogueOutcome = { kind: 'abandoned', reason: 'taps_hung_up' };

export function startDialogue(setup: DialogueSetup): DialogueState {
  const [language = 'en'] = setup.languages;
  return { phase: 'start', language, entered: '', number: '', silent: 0, refused: 0, gone: false, outcome: undefined };
}

/** One call to TAPS. Pure: what is said and done comes out as effects. */
export function stepDialogue(setup: DialogueSetup, state: DialogueState, event: DialogueEvent): DialogueStep {
  if (state.phase === 'over') return { state, effects: [] };
  switch (event.type) {
    case 'answered':
      return state.phase === 'start' ? begin(setup, state) : stay(state);
    case 'hung-up':
      if (state.phase === 'checking') return { state: { ...state, gone: true }, effects: [] };
      return over(state, state.outcome ?? hungUp);
    case 'stopped':
      if (state.phase === 'checking') return { state: { ...state, gone: true }, effects: [{ type: 'hang-up' }] };
      return over(state, state.outcome ?? { kind: 'abandoned', reason: 'taps_stopped' }, [{ type: 'hang-up' }]);
    case 'spoken':
      return spoken(state);
    case 'key':
      return pressed(setup, state, event.key);
    case 'silence':
      return silence(setup, state);
    case 'mapped':
      if (state.phase !== 'checking') return stay(state);
      if (state.gone) return over(state, mapped);
      return leave(state, mapped, ['success']);
    case 'refused':
      if (state.phase !== 'checking') return stay(state);
      return state.gone ? over(state, hungUp) : refused(setup, state, event);
  }
}

function begin(setup: DialogueSetup, state: DialogueState): DialogueStep {
  if (setup.languages.length > 1) return ask(setup, { ...state, phase: 'language' });
  return chosen(setup, state);
}

function chosen(setup: DialogueSetup, state: DialogueState): DialogueStep {
  if (setup.autoRegistered) return ask(setup, { ...state, phase: 'number', silent: 0 }, ['welcome']);
  return leave(state, { kind: 'refused', reason: 'taps_not_auto_registered' }, ['not-auto-registered', 'goodbye']);
}

/** Says `before`, then the question of the phase. */
function ask(setup: DialogueSetup, state: DialogueState, before: readonly PromptId[] = []): DialogueStep {
  const fresh = { ...state, entered: '' };
  const said = before.map((prompt) => ({ prompt, language: state.language }));
  return { state: fresh, effects: [{ type: 'say', prompts: [...said, ...questionOf(setup, fresh)] }] };
}

function questionOf(setup: DialogueSetup, { phase, language, number }: DialogueState): readonly Said[] {
  const said = (...prompts: readonly PromptId[]): readonly Said[] => prompts.map((prompt) => ({ prompt, language }));
  switch (phase) {
    case 'language':
      return setup.languages.map((each) => ({ prompt: 'choose-language', language: each }));
    case 'number':
      return said('enter-number');
    case 'confirm':
      return said('you-entered', ...[...number].flatMap((digit) => promptOfDigit(digit) ?? []), 'confirm');
    case 'pin':
      return said('enter-pin');
    default:
      return [];
  }
}

function spoken(state: DialogueState): DialogueStep {
  if (state.phase === 'leaving') return over(state, state.outcome!, [{ type: 'hang-up' }]);
  return state.phase === 'checking' || state.phase === 'start'
    ? stay(state)
    : { state, effects: [{ type: 'listen', ms: patienceMs }] };
}

function pressed(setup: DialogueSetup, state: DialogueState, key: string): DialogueStep {
  const awake = { ...state, silent: 0 };
  const hush: DialogueEffect = { type: 'hush' };
  switch (state.phase) {
    case 'language': {
      const language = setup.languages[Number(key) - 1];
      return language === undefined ? heard(stay(awake)) : after(hush, chosen(setup, { ...awake, language }));
    }
    case 'number':
      return after(
        hush,
        entering(setup, awake, key, longestNumber, () => numberEntered(setup, awake)),
      );
    case 'confirm':
      if (key === '*') return after(hush, ask(setup, { ...awake, phase: 'number', number: '' }));
      return key === '#' ? after(hush, confirmed(setup, awake)) : heard(stay(awake));
    case 'pin':
      return after(
        hush,
        entering(setup, awake, key, longestPin, () => check(awake, awake.entered)),
      );
    default:
      return stay(state);
  }
}

/** A key that means nothing here does not stop the prompt, but somebody is there. */
function heard(step: DialogueStep): DialogueStep {
  return { state: step.state, effects: [...step.effects, { type: 'listen', ms: patienceMs }] };
}

function entering(
  setup: DialogueSetup,
  state: DialogueState,
  key: string,
  longest: number,
  done: () => DialogueStep,
): DialogueStep {
  if (key === '*') return ask(setup, state);
  if (key === '#') return done();
  if (!/^[0-9]$/.test(key)) return heard(stay(state));
  if (state.entered.length >= longest) return ask(setup, state, ['not-a-number']);
  return { state: { ...state, entered: state.entered + key }, effects: [{ type: 'listen', ms: betweenKeysMs }] };
}

function numberEntered(setup: DialogueSetup, state: DialogueState): DialogueStep {
  if (state.entered === '') return ask(setup, state, ['not-a-number']);
  return ask(setup, { ...state, phase: 'confirm', number: state.entered });
}

function confirmed(setup: DialogueSetup, state: DialogueState): DialogueStep {
  return setup.secured ? ask(setup, { ...state, phase: 'pin' }) : check(state, undefined);
}

function check(state: DialogueState, pin: string | undefined): DialogueStep {
  const { number, language } = state;
  return {
    // What was entered as a PIN is not kept.
    state: { ...state, phase: 'checking', entered: '' },
    effects: [
      { type: 'say', prompts: [{ prompt: 'please-wait', language }] },
      { type: 'check', number, pin },
    ],
  };
}

function silence(setup: DialogueSetup, state: DialogueState): DialogueStep {
  // A number or PIN without the pound key is finished by waiting.
  if (state.phase === 'number' && state.entered !== '') return numberEntered(setup, state);
  if (state.phase === 'pin' && state.entered !== '') return check(state, state.entered);
  if (questionOf(setup, state).length === 0) return stay(state);
  const silent = state.silent + 1;
  if (silent >= questions) {
    return leave(state, { kind: 'abandoned', reason: 'taps_no_input' }, ['nothing-entered', 'goodbye']);
  }
  return ask(setup, { ...state, silent }, state.phase === 'language' ? [] : ['nothing-entered']);
}

const said: Partial<Record<TapsReason, PromptId>> = {
  taps_no_record: 'no-record',
  taps_ambiguous: 'ambiguous',
  taps_model: 'other-model',
  taps_profile: 'cannot-configure',
  taps_code_required: 'cannot-configure',
  taps_pin: 'number-or-pin',
  taps_no_pin: 'number-or-pin',
  taps_too_many: 'too-many',
  taps_not_auto_registered: 'not-auto-registered',
};
/** Another number may help. */
const curable: ReadonlySet<TapsReason> = new Set(['taps_no_record', 'taps_model', 'taps_pin', 'taps_no_pin']);

function refused(
  setup: DialogueSetup,
  state: DialogueState,
  { reason, proved }: { readonly reason: TapsReason; readonly proved: boolean },
): DialogueStep {
  const limit = reason === 'taps_too_many' || reason === 'taps_failed' || reason === 'taps_not_auto_registered';
  // Before the PIN nobody learns which numbers are prepared.
  const prompt = setup.secured && !proved && !limit ? 'number-or-pin' : (said[reason] ?? 'system-failure');
  const again = limit || (proved && !curable.has(reason)) ? Number.POSITIVE_INFINITY : state.refused + 1;
  if (again >= refusals) return leave(state, { kind: 'refused', reason }, [prompt, 'goodbye']);
  return ask(setup, { ...state, phase: 'number', number: '', refused: again }, [prompt, 'try-again']);
}

function leave(state: DialogueState, outcome: DialogueOutcome, prompts: readonly PromptId[]): DialogueStep {
  const { language } = state;
  return {
    state: { ...state, phase: 'leaving', entered: '', outcome },
    effects: [{ type: 'say', prompts: prompts.map((prompt) => ({ prompt, language })) }],
  };
}

function over(state: DialogueState, outcome: DialogueOutcome, effects: readonly DialogueEffect[] = []): DialogueStep {
  return {
    state: { ...state, phase: 'over', entered: '', outcome },
    effects: [...effects, { type: 'over', outcome }],
  };
}

function stay(state: DialogueState): DialogueStep {
  return { state, effects: [] };
}

function after(effect: DialogueEffect, step: DialogueStep): DialogueStep {
  return { state: step.state, effects: [effect, ...step.effects] };
}
