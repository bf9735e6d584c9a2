import Type from 'typebox';
import { Instant, nullable, strict, text } from './common.ts';

/** The operator's REST of the cloud: whose phones it knows. */

const choices = {
  description: text(128, 'For people'),
  legacySha1: Type.Boolean({ description: 'Whether chains under it may carry SHA-1 signatures' }),
  expiredMicsUntil: nullable(
    Instant('Expired manufacturing certificates are accepted until then'),
    'A dated exception; null: expired manufacturing certificates are refused',
  ),
};
const sha256 = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'SHA-256 of the certificate in hex: its name',
});

export const ManufacturerRoot = strict(
  {
    sha256,
    subject: Type.String({ description: 'Whose it is' }),
    issuer: Type.String({ description: 'Who signed it' }),
    serialNumber: Type.String({ description: 'Serial number in hex' }),
    notBefore: Instant('Valid from'),
    notAfter: Instant('Valid until'),
    expired: Type.Boolean({ description: 'Whether that is over' }),
    selfSigned: Type.Boolean({ description: 'A root; otherwise an authority between, which only completes chains' }),
    pem: Type.String({ description: 'The certificate itself' }),
    createdAt: Instant('When it was added'),
    ...choices,
  },
  {
    title: 'ManufacturerRoot',
    description: 'An authority whose phones the cloud answers',
    examples: [
      {
        sha256: '0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f',
        subject: 'O=Example, CN=Example Manufacturing Root',
        issuer: 'O=Example, CN=Example Manufacturing Root',
        serialNumber: '01',
        notBefore: '2020-01-01T00:00:00.000Z',
        notAfter: '2040-01-01T00:00:00.000Z',
        expired: false,
        selfSigned: true,
        pem: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        createdAt: '2026-11-21T18:00:00.000Z',
        description: 'Phones made since 2020',
        legacySha1: false,
        expiredMicsUntil: null,
      },
    ],
  },
);
export const ManufacturerRoots = strict(
  { items: Type.Array(ManufacturerRoot) },
  { title: 'ManufacturerRoots', description: 'Whose phones are answered', examples: [{ items: [] }] },
);
export const ManufacturerRootPath = strict({ sha256 });
export const NewManufacturerRoot = strict(
  {
    certificate: Type.String({
      minLength: 1,
      maxLength: 32_768,
      description: 'One certificate: PEM, or base64 of DER',
    }),
    description: Type.Optional(choices.description),
    legacySha1: Type.Optional(choices.legacySha1),
    expiredMicsUntil: Type.Optional(choices.expiredMicsUntil),
  },
  {
    title: 'NewManufacturerRoot',
    description: 'An authority to trust for phones',
    examples: [
      {
        certificate: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        description: 'Phones made since 2020',
      },
    ],
  },
);
export const ManufacturerRootChange = strict(
  {
    description: Type.Optional(choices.description),
    legacySha1: Type.Optional(choices.legacySha1),
    expiredMicsUntil: Type.Optional(choices.expiredMicsUntil),
  },
  {
    title: 'ManufacturerRootChange',
    description: 'What to change',
    minProperties: 1,
    examples: [{ legacySha1: true }],
  },
);
