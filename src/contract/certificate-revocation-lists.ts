import Type from 'typebox';
import { Instant, strict } from './common.ts';

const id = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'Its name, in hex: of the same issuer, key and scope there is one list',
});

export const RevocationList = strict(
  {
    id,
    issuer: Type.String({ description: 'Who signed it' }),
    issuerSha256: Type.String({ description: 'SHA-256 of the certificate in CallManager-trust whose key signed it' }),
    number: Type.Union([Type.String(), Type.Null()], { description: 'CRL number, decimal; null: it has none' }),
    thisUpdate: Instant('When it was made'),
    nextUpdate: Type.Union([Instant('When the next one is due'), Type.Null()], {
      description: 'When its issuer will have made the next one; null: it does not say',
    }),
    overdue: Type.Boolean({
      description: 'The next one is due and is not here. This one still refuses what it lists, and nothing else',
    }),
    partial: Type.Boolean({ description: "Speaks for a part of the issuer's certificates only" }),
    entries: Type.Integer({ minimum: 0, description: 'How many certificates it revokes' }),
    sha256: Type.String({ description: 'SHA-256 of the list in hex' }),
    createdAt: Instant('When it was uploaded'),
  },
  {
    title: 'RevocationList',
    description: 'What a manufacturer says it revoked',
    examples: [
      {
        id: '9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f0e5f7d3c',
        issuer: 'O=Example, CN=Example Manufacturing CA',
        issuerSha256: '0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f',
        number: '118',
        thisUpdate: '2026-11-20T00:00:00.000Z',
        nextUpdate: '2026-12-20T00:00:00.000Z',
        overdue: false,
        partial: false,
        entries: 42,
        sha256: '1b3e5f7d9c1a3b5e7f0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a',
        createdAt: '2026-11-21T18:00:00.000Z',
      },
    ],
  },
);
export const RevocationLists = strict(
  { items: Type.Array(RevocationList) },
  { title: 'RevocationLists', description: 'Certificate revocation lists of manufacturers' },
);
export const RevocationListPath = strict({ id });
