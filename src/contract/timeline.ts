import Type, { type Static } from 'typebox';
import { Instant, nullable, strict } from './common.ts';

const Result = Type.Enum(['ok', 'failed', 'info'], { description: 'How it went' });

export const TimelineStepView = strict(
  {
    at: Instant('When'),
    step: Type.String({ description: 'Stable name of the step' }),
    title: Type.String({ description: 'The step in a few words' }),
    result: Result,
    text: Type.String({ description: 'What happened, in plain words' }),
    reason: nullable(Type.String(), 'Stable code of what stopped it'),
    cause: nullable(Type.String(), 'What stopped it, in plain words'),
    remedy: nullable(Type.String(), 'What to do now'),
    deviceName: nullable(Type.String(), 'What the device was called then'),
    mac: nullable(Type.String(), 'MAC address of the phone'),
    model: nullable(Type.String(), 'Model'),
    node: Type.String({ description: 'Node that saw it' }),
    sourceAddress: Type.String({ description: 'Where the phone was' }),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'Further particulars' }),
  },
  { title: 'TimelineStep', description: 'One step' },
);

export const AttemptView = strict(
  {
    kind: Type.Enum(['attempt', 'administration'], { description: 'One try of a phone, or what people did' }),
    startedAt: Instant('First step'),
    endedAt: Instant('Last step'),
    mac: nullable(Type.String(), 'Which phone tried'),
    outcome: nullable(
      Type.Enum(['registered', 'activated', 'proved', 'failed', 'under-way']),
      'How it ended; null for administration. `proved`: the code was redeemed and the phone has not confirmed yet',
    ),
    cause: nullable(Type.String(), 'Why it failed'),
    remedy: nullable(Type.String(), 'What to do now'),
    steps: Type.Array(TimelineStepView),
  },
  { title: 'Attempt', description: 'Steps that belong together' },
);
export type AttemptView = Static<typeof AttemptView>;

export const TimelineView = strict(
  {
    name: nullable(Type.String(), 'Device name of the record, if there is one'),
    mac: nullable(Type.String(), 'MAC address'),
    attempts: Type.Array(AttemptView, { description: 'In the order they happened' }),
  },
  { title: 'Timeline', description: 'The story of one phone' },
);

const language = Type.Optional(
  Type.Enum(['en', 'zh-CN'], { description: 'Language of titles, texts, causes and remedies. Default `en`' }),
);

export const TimelineQuery = strict({ language });

export const TimelineByMacQuery = strict({
  language,
  mac: Type.String({ minLength: 1, maxLength: 64, description: 'MAC address, with or without separators' }),
});

export const Strangers = strict(
  {
    items: Type.Array(
      strict(
        {
          mac: Type.String({ description: 'MAC address' }),
          model: nullable(Type.String(), 'Model, where it was said'),
          lastSeenAt: Instant('When it was last seen'),
          lastStep: Type.String({ description: 'Its last step' }),
          lastResult: Result,
          lastReason: nullable(Type.String(), 'What stopped it'),
          events: Type.Integer({ description: 'Steps seen lately' }),
        },
        { title: 'Stranger', description: 'A phone that was seen and matches no record' },
      ),
    ),
  },
  { title: 'Strangers', description: 'Phones that were seen lately and match no record, latest first' },
);

export const SummaryQuery = strict({
  language,
  hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168, description: 'How far back to look. Default 24' })),
});

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const OnboardingSummaryView = strict(
  {
    hours: Type.Integer({ description: 'How far back it looks' }),
    numbers: strict(
      {
        waiting: count('Codes that wait to be entered'),
        withoutCode: count('Phones that must enter a code and have none that works'),
        underWay: count('Phones in the middle of it: seen in the last ten minutes, not yet registered, nothing failed'),
        stuck: count('Phones whose last try failed, or that began and went silent'),
        activated: count('Phones activated in that time, and confirmed by the phone'),
        registered: count('Phones registered now'),
      },
      { title: 'OnboardingNumbers', description: 'How many phones stand where' },
    ),
    funnel: Type.Array(
      strict(
        {
          step: Type.String({ description: 'Stable name of the step' }),
          title: Type.String({ description: 'The step in a few words' }),
          phones: count('Different phones that got through it'),
        },
        { title: 'FunnelStep', description: 'How many phones got this far' },
      ),
      { description: 'In the order a phone goes through' },
    ),
    failures: Type.Array(
      strict(
        {
          reason: Type.String({ description: 'Stable code of what stopped them' }),
          cause: Type.String({ description: 'What stopped them, in plain words' }),
          remedy: Type.String({ description: 'What to do now' }),
          phones: count('Phones whose last try ended so'),
          lastAt: Instant('When it last happened'),
          examples: Type.Array(
            strict(
              {
                mac: Type.String({ description: 'MAC address' }),
                deviceName: nullable(Type.String(), 'Device name, where there is a record'),
              },
              { title: 'StuckPhone', description: 'A phone that was stopped' },
            ),
            { description: 'The latest few' },
          ),
        },
        { title: 'OnboardingFailure', description: 'What stopped phones, and how many' },
      ),
      { description: 'The most frequent first' },
    ),
    newest: Type.Array(TimelineStepView, { description: 'The latest steps of all phones, newest first' }),
  },
  { title: 'OnboardingSummary', description: 'How the onboarding of all phones goes' },
);
export type OnboardingSummaryView = Static<typeof OnboardingSummaryView>;
