import Type from 'typebox';
import { Instant, nullable, strict, text, Version } from './common.ts';

/** The operator's REST of the cloud: the cloud as a whole, its limits, the operator. */

const Count = strict({
  day: Type.Number({ minimum: 0, description: 'In the last 24 hours' }),
  total: Type.Number({ minimum: 0, description: 'Since counting began, at most 400 days' }),
});
export const CloudResolveCounts = strict(
  {
    found: Count,
    unknown: Count,
    limited: Count,
    micRefused: Count,
  },
  {
    title: 'CloudResolveCounts',
    description: "Phones' questions by what they were answered",
    examples: [
      {
        found: { day: 12, total: 480 },
        unknown: { day: 1, total: 9 },
        limited: { day: 0, total: 2 },
        micRefused: { day: 0, total: 1 },
      },
    ],
  },
);

export const CloudOverview = strict(
  {
    issuer: Type.String({ description: 'Name of the cloud in its answers to phones' }),
    version: Type.String({ description: 'Version of the program' }),
    selfService: Type.Boolean({
      description: 'Whether anybody who reaches the cloud gets a voucher: for laboratories',
    }),
    authority: strict({
      pem: Type.String({ description: 'Certificate of the cloud’s own authority' }),
      sha256: Type.String({ description: 'SHA-256 of its DER in hex; vouchers carry it' }),
    }),
    cloudKey: Type.Record(Type.String(), Type.String(), {
      description: 'Public key (JWK) that phones pin: answers are signed by it',
    }),
    clusters: strict({ active: Type.Integer({ minimum: 0 }), suspended: Type.Integer({ minimum: 0 }) }),
    locators: strict({
      live: Type.Integer({ minimum: 0, description: 'Given out now' }),
      quarantined: Type.Integer({ minimum: 0, description: 'Released, and not given out again yet' }),
      free: Type.Integer({ minimum: 0 }),
      space: Type.Integer({ minimum: 0, description: 'All of the range this cloud gives out' }),
    }),
    openVouchers: Type.Integer({ minimum: 0 }),
    resolves: CloudResolveCounts,
    at: Instant('Clock of the database'),
  },
  {
    title: 'CloudOverview',
    description: 'The cloud as a whole',
    examples: [
      {
        issuer: 'https://cloud.example.org:9447',
        version: '0.1.0',
        selfService: false,
        authority: { pem: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n', sha256: '0e5f7d3c' },
        cloudKey: {
          kty: 'EC',
          crv: 'P-256',
          x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
          y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
        },
        clusters: { active: 2, suspended: 0 },
        locators: { live: 120, quarantined: 30, free: 9_999_850, space: 10_000_000 },
        openVouchers: 1,
        resolves: {
          found: { day: 12, total: 480 },
          unknown: { day: 1, total: 9 },
          limited: { day: 0, total: 2 },
          micRefused: { day: 0, total: 1 },
        },
        at: '2026-11-21T18:00:00.000Z',
      },
    ],
  },
);

const locator = (description: string) => Type.String({ pattern: '^[0-9]{7}$', description });
const limits = {
  resolvesPerHour: Type.Integer({
    minimum: 1,
    maximum: 1000,
    description: 'Questions of one phone an hour, hits and misses alike',
  }),
  resolvesPerDay: Type.Integer({ minimum: 1, maximum: 1000, description: 'Questions of one phone a day' }),
  quarantineDays: Type.Integer({
    minimum: 0,
    maximum: 3650,
    description: 'Days before a released locator is given out again',
  }),
  voucherHours: Type.Integer({ minimum: 1, maximum: 168, description: 'Hours a voucher is good for' }),
  defaultQuota: Type.Integer({
    minimum: 0,
    maximum: 10_000_000,
    description: 'Live locators a newly enrolled cluster may have',
  }),
  firstLocator: locator('First of the locators this cloud gives out, 7 digits'),
  lastLocator: locator('Last of them'),
};
const limitsExample = {
  resolvesPerHour: 20,
  resolvesPerDay: 60,
  quarantineDays: 30,
  voucherHours: 24,
  defaultQuota: 100_000,
  firstLocator: '0000000',
  lastLocator: '9999999',
};
export const CloudLimits = strict(
  { ...limits, version: Version },
  {
    title: 'CloudLimits',
    description: 'What holds for every cluster and phone',
    examples: [{ ...limitsExample, version: 1 }],
  },
);
export const CloudLimitsChange = strict(
  {
    resolvesPerHour: Type.Optional(limits.resolvesPerHour),
    resolvesPerDay: Type.Optional(limits.resolvesPerDay),
    quarantineDays: Type.Optional(limits.quarantineDays),
    voucherHours: Type.Optional(limits.voucherHours),
    defaultQuota: Type.Optional(limits.defaultQuota),
    firstLocator: Type.Optional(limits.firstLocator),
    lastLocator: Type.Optional(limits.lastLocator),
  },
  { title: 'CloudLimitsChange', description: 'What to change', minProperties: 1, examples: [{ quarantineDays: 14 }] },
);

const operator = { userId: Type.String({ description: 'User id' }) };
export const CloudOperator = strict(operator, {
  title: 'CloudOperator',
  description: 'Who is signed in',
  examples: [{ userId: 'operator' }],
});
export const CloudSession = strict(
  { ...operator, csrfToken: Type.String({ description: 'Send it as `X-CSRF-Token` with every change' }) },
  {
    title: 'CloudSession',
    description: 'Who is signed in, and what changes must carry',
    examples: [{ userId: 'operator', csrfToken: 'bXkgdG9rZW4gZm9yIGNoYW5nZXM' }],
  },
);
export const CloudPasswordChange = strict(
  {
    currentPassword: Type.String({ minLength: 1, maxLength: 256, description: 'As a proof' }),
    newPassword: Type.String({ minLength: 1, maxLength: 256, description: 'At least 12 characters' }),
  },
  {
    title: 'CloudPasswordChange',
    description: "A new password of one's own",
    examples: [{ currentPassword: 'as written at the first start', newPassword: 'a longer one of my own' }],
  },
);

export const CloudAuditEvent = strict(
  {
    ordinal: Type.String({ description: 'Counts up' }),
    at: Instant('When'),
    actor: Type.String({ description: 'User id, cluster:<id>, self-service, or system' }),
    sourceAddress: Type.String({ description: 'Where the request came from' }),
    action: Type.String({ description: 'What was done: <object>.<what>' }),
    objectKind: Type.String({ description: 'To what kind of object' }),
    objectId: Type.String({ description: 'To which one' }),
    objectName: Type.String({ description: 'What it was called then' }),
    detail: Type.Record(Type.String(), Type.Unknown(), { description: 'What changed; never a secret' }),
  },
  {
    title: 'CloudAuditEvent',
    description: 'Something somebody did at the cloud',
    examples: [
      {
        ordinal: '17',
        at: '2026-11-21T18:00:00.000Z',
        actor: 'operator',
        sourceAddress: '192.0.2.7',
        action: 'cluster.suspended',
        objectKind: 'cluster',
        objectId: '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55',
        objectName: 'Berlin',
        detail: { quota: 100000 },
      },
    ],
  },
);
export const CloudAuditEvents = strict(
  {
    items: Type.Array(CloudAuditEvent),
    nextBefore: nullable(Type.String(), 'Send it as `before` for the next page; null: there is none'),
  },
  { title: 'CloudAuditEvents', description: 'One page, the newest first', examples: [{ items: [], nextBefore: null }] },
);
export const CloudAuditQuery = strict({
  before: Type.Optional(Type.String({ pattern: '^[0-9]{1,18}$', description: '`nextBefore` of the page before' })),
  action: Type.Optional(text(64, 'Only this action')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'How many to show at most. Default 50' })),
});
