import Type, { type Static } from 'typebox';
import { Instant, strict } from './common.ts';

const nullable = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const count = (description: string) => Type.Integer({ minimum: 0, description });

export const MailLanguageQuery = strict({
  language: Type.Optional(Type.Enum(['en', 'zh-CN'], { description: 'Language of causes and remedies. Default `en`' })),
});

export const MailStatus = strict(
  {
    name: Type.String({ description: 'Device name' }),
    state: Type.Enum(['none', 'queued', 'sent', 'failed', 'cancelled'], {
      description:
        'none: no message was asked for; queued: waits, or is being sent; sent: the mail server took it; failed: given up; cancelled: not needed any more, e.g. because the code was used',
    }),
    to: nullable(Type.String(), 'Where it was sent to; null until then'),
    containsCode: nullable(Type.Boolean(), 'Whether it carried the code; null until it was sent'),
    attempts: count('Tries so far'),
    requestedBy: nullable(Type.String(), 'User id of who asked for it'),
    queuedAt: nullable(Instant('When'), 'When it was asked for'),
    nextAttemptAt: nullable(Instant('When'), 'When it is tried next; null unless it waits'),
    endedAt: nullable(Instant('When'), 'When it was sent, given up or cancelled'),
    reason: nullable(Type.String(), 'Stable name of why it is not sent (yet)'),
    cause: nullable(Type.String(), 'The same in plain words'),
    remedy: nullable(Type.String(), 'What to do'),
    serverSaid: nullable(Type.String(), 'What the mail server said last'),
  },
  {
    title: 'MailStatus',
    description: 'The newest message about the activation code of a phone',
    examples: [
      {
        name: 'BAT0A1B2C3D4E5F',
        state: 'queued',
        to: null,
        containsCode: null,
        attempts: 1,
        requestedBy: 'admin',
        queuedAt: '2026-11-21T18:00:00.000Z',
        nextAttemptAt: '2026-11-21T18:00:05.000Z',
        endedAt: null,
        reason: 'mail_server_unreachable',
        cause: 'The mail server does not answer.',
        remedy: 'Check the enterprise parameters “SMTP Server” and “SMTP Port”.',
        serverSaid: 'ECONNREFUSED',
      },
    ],
  },
);
export type MailStatus = Static<typeof MailStatus>;

export const MailList = strict(
  {
    names: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
      minItems: 1,
      maxItems: 500,
      description: 'Device names',
    }),
  },
  {
    title: 'MailList',
    description: 'Phones whose owners get their activation codes',
    examples: [{ names: ['BAT0A1B2C3D4E5F', 'SEP001122334455'] }],
  },
);

export const MailListOutcome = strict(
  {
    items: Type.Array(
      strict({
        name: Type.String({ description: 'Device name' }),
        queued: Type.Boolean({ description: 'Whether a message is on its way' }),
        code: nullable(Type.String(), 'Stable name of why not'),
        detail: nullable(Type.String(), 'The same in plain words'),
        remedy: nullable(Type.String(), 'What to do'),
      }),
    ),
  },
  {
    title: 'MailListOutcome',
    description: 'What became of each phone',
    examples: [{ items: [{ name: 'BAT0A1B2C3D4E5F', queued: true, code: null, detail: null, remedy: null }] }],
  },
);

export const MailOverview = strict(
  {
    setUp: Type.Boolean({ description: 'Whether messages can be sent' }),
    server: nullable(Type.String(), 'Host and port of the mail server'),
    security: Type.Enum(['STARTTLS', 'TLS', 'None'], { description: 'How the connection is protected' }),
    user: nullable(Type.String(), 'Who signs in there'),
    sender: nullable(Type.String(), 'Address that messages come from'),
    passwordSet: Type.Boolean({ description: 'Whether there is a password' }),
    passwordFrom: nullable(Type.Enum(['environment', 'database']), 'Where it is set; the environment wins'),
    containsCode: Type.Boolean({ description: 'Whether messages carry the activation code' }),
    selfCareUrl: Type.String({ description: 'Where messages send people' }),
    queued: count('Messages that wait'),
    sentLastDay: count('Sent within 24 hours'),
    failedLastDay: count('Given up within 24 hours'),
    oldestQueuedAt: nullable(Instant('When'), 'Since when the oldest one waits'),
    failures: Type.Array(MailStatus, { description: 'The newest that were given up' }),
  },
  {
    title: 'MailOverview',
    description: 'How e-mail is set up, and how it goes',
    examples: [
      {
        setUp: true,
        server: 'mail.example.com:587',
        security: 'STARTTLS',
        user: 'phones',
        sender: 'phones@example.com',
        passwordSet: true,
        passwordFrom: 'database',
        containsCode: false,
        selfCareUrl: 'https://phones.example.com:8443/selfcare',
        queued: 0,
        sentLastDay: 12,
        failedLastDay: 0,
        oldestQueuedAt: null,
        failures: [],
      },
    ],
  },
);

export const MailPassword = strict(
  {
    password: Type.Union(
      [Type.String({ minLength: 1, maxLength: 256, pattern: '^[ -~\\u00A0-\\uFFFF]*$' }), Type.Null()],
      {
        description: 'Set, never shown; null: none',
      },
    ),
  },
  {
    title: 'MailPassword',
    description: 'The password of the user at the mail server',
    examples: [{ password: 'a long one' }, { password: null }],
  },
);

export const MailTest = strict(
  {
    to: Type.String({ description: 'Where the test message went: the address of who asked' }),
    serverSaid: Type.String({ description: 'What the mail server said' }),
  },
  {
    title: 'MailTest',
    description: 'The mail server took the test message',
    examples: [{ to: 'anna@example.org', serverSaid: '250 OK: queued' }],
  },
);
