import Type from 'typebox';
import { Instant, nullable, strict } from './common.ts';

export const Grant = strict(
  {
    id: Type.String({ description: 'Identity' }),
    deviceName: Type.String({ description: 'What the phone was called when it was last used' }),
    activationId: nullable(Type.String(), 'The activation that gave it'),
    micSha256: Type.String({
      description: 'SHA-256 of the manufacturing certificate that its tokens are good with, in hex',
    }),
    createdAt: Instant('When it was given'),
    refreshedAt: nullable(Instant('When'), 'When its refresh token was last used; null: never'),
    expiresAt: Instant('When the newest refresh token ends'),
    accessUntil: Instant('When the last access token ends'),
    state: Type.Enum(['live', 'revoked', 'expired'], { description: 'Whether the phone can still use it' }),
    revokedAt: nullable(Instant('When'), 'When it was revoked'),
    revokeReason: Type.String({ description: 'Why: a stable code; empty while it is good' }),
  },
  {
    title: 'Grant',
    description: 'The tokens that one activation gave a phone. Never the tokens themselves',
    examples: [
      {
        id: '0b8f5f2e-3b7a-4d53-9c0e-5b1f0c2d4e6f',
        deviceName: 'SEP001122334455',
        activationId: '5b7b0b38-6f0c-4b4e-9a6a-3d1a5d6b1c55',
        micSha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        createdAt: '2026-11-21T18:00:00.000Z',
        refreshedAt: null,
        expiresAt: '2027-01-20T18:00:00.000Z',
        accessUntil: '2026-11-21T19:00:00.000Z',
        state: 'live',
        revokedAt: null,
        revokeReason: '',
      },
    ],
  },
);

export const Grants = strict(
  { items: Type.Array(Grant) },
  { title: 'Grants', description: 'What a phone holds and held, newest first' },
);

export const PhoneGrantsPath = strict({
  name: Type.String({ pattern: '^(?:SEP|BAT)[0-9A-Fa-f]{12}$', description: 'Device name' }),
});
export const GrantPath = strict({
  name: Type.String({ pattern: '^(?:SEP|BAT)[0-9A-Fa-f]{12}$', description: 'Device name' }),
  id: Type.String({ format: 'uuid', description: 'Identity of the grant' }),
});

export const TokenKey = strict(
  {
    kid: Type.String({ description: 'Key id, as in the header of a token' }),
    signsFrom: Instant('When it begins to sign'),
    acceptedUntil: nullable(Instant('When'), 'Until when its tokens are accepted; null: it has no successor yet'),
  },
  {
    title: 'TokenKey',
    description: 'A key that signs access tokens',
    examples: [{ kid: 'WvYb0yUWvh0', signsFrom: '2026-11-21T18:00:00.000Z', acceptedUntil: null }],
  },
);
export const TokenKeyList = strict(
  { items: Type.Array(TokenKey) },
  { title: 'TokenKeys', description: 'Every key that access tokens may be signed with, newest first' },
);
