import Type from 'typebox';
import { Instant, name, pageOf, strict, Version } from './common.ts';

export const WebhookEventName = Type.Enum(
  [
    'code.made',
    'code.revealed',
    'code.used',
    'code.expired',
    'code.refused',
    'phone.registered',
    'phone.lost',
    'audit.sealed',
    'audit.alarm',
  ],
  { description: 'What happened. No code is ever in it' },
);

const fields = {
  name: name(64, 'What it is called'),
  url: Type.String({
    maxLength: 2000,
    description: 'Where to POST to: https://…; http:// only for this machine itself',
  }),
  events: Type.Array(WebhookEventName, { minItems: 1, uniqueItems: true, description: 'What to tell it' }),
  certificateAuthority: Type.String({
    maxLength: 65_536,
    description: 'PEM of authorities to trust besides public ones. Empty: public ones only',
  }),
  enabled: Type.Boolean({ description: 'Whether it is told anything now; what happens meanwhile is not kept' }),
};

const example = {
  name: 'Service desk',
  url: 'https://desk.example.org/hooks/firstring',
  events: ['code.used', 'code.refused'],
  certificateAuthority: '',
  enabled: true,
};
const id = Type.String({ format: 'uuid', description: 'Its id' });

export const WebhookView = strict(
  {
    id,
    ...fields,
    waiting: Type.Integer({ minimum: 0, description: 'Deliveries that wait' }),
    lastDeliveredAt: Type.Union([Instant('When one was last taken'), Type.Null()]),
    lastError: Type.String({ description: 'What went wrong in the newest attempt; empty: nothing' }),
    version: Version,
  },
  {
    title: 'Webhook',
    description: 'A system that is told of what happens',
    examples: [
      {
        id: '7f1c6d36-9f7c-4a2e-9d1a-3d1a0c3c7b11',
        ...example,
        waiting: 0,
        lastDeliveredAt: '2026-11-21T18:00:00.000Z',
        lastError: '',
        version: 1,
      },
    ],
  },
);
export const WebhookList = strict(
  { items: Type.Array(WebhookView) },
  { title: 'WebhookList', description: 'All of them' },
);
export const NewWebhook = strict(
  {
    ...fields,
    certificateAuthority: Type.Optional(fields.certificateAuthority),
    enabled: Type.Optional(fields.enabled),
  },
  { title: 'NewWebhook', description: 'Whom to tell what', examples: [example] },
);
export const WebhookChange = Type.Partial(strict(fields), {
  title: 'WebhookChange',
  description: 'What to change; what is left out stays',
  additionalProperties: false,
  minProperties: 1,
  examples: [{ enabled: false }],
});
export const WebhookSecret = strict(
  {
    id,
    secret: Type.String({
      description: 'Key of the signature, shown this once: HMAC-SHA256 over `<Firstring-Timestamp>.<body>`, in hex',
    }),
  },
  {
    title: 'WebhookSecret',
    description: 'What a receiver checks the signature with',
    examples: [{ id: '7f1c6d36-9f7c-4a2e-9d1a-3d1a0c3c7b11', secret: 'cW1xcW1xcW1xcW1xcW1xcW1xcW1xcW1xcW1xcW1xcW0' }],
  },
);
export const WebhookTest = strict(
  {
    delivered: Type.Boolean({ description: 'Whether it was taken' }),
    status: Type.Union([Type.Integer(), Type.Null()], { description: 'HTTP status; null: no answer came' }),
    error: Type.String({ description: 'What went wrong, in plain words; empty: nothing' }),
  },
  {
    title: 'WebhookTest',
    description: 'How a test went',
    examples: [{ delivered: true, status: 204, error: '' }],
  },
);
const Delivery = strict(
  {
    id,
    event: Type.String({ description: 'What happened; `test` for a test' }),
    payload: Type.Object({}, { additionalProperties: true, description: 'What was told' }),
    state: Type.Enum(['waiting', 'delivered', 'given-up'], { description: 'How it stands' }),
    attempts: Type.Integer({ minimum: 0, description: 'So far' }),
    lastStatus: Type.Union([Type.Integer(), Type.Null()], { description: 'HTTP status of the last answer' }),
    lastError: Type.String({ description: 'What went wrong in the last attempt' }),
    createdAt: Instant('When it happened'),
    lastAttemptAt: Type.Union([Instant('When'), Type.Null()]),
    nextAttemptAt: Instant('When it is tried next, while it waits'),
  },
  { title: 'WebhookDelivery', description: 'Something that was told, or will be' },
);
export const WebhookDeliveries = pageOf(Delivery, 'WebhookDeliveryList');
export const WebhookPath = strict({ id });
export const WebhookDeliveryPath = strict({
  id,
  deliveryId: Type.String({ format: 'uuid', description: 'Of the delivery' }),
});
export const WebhookDeliveryQuery = strict({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'How many to show at most. Default 50' })),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: '`nextCursor` of the page before' })),
});
