import Type from 'typebox';
import { Instant, strict, text } from './common.ts';

const purpose = Type.Enum(['CallManager-trust', 'PhoneEdge-trust'], { description: 'The trust store' });
const choices = {
  description: text(128, 'For people'),
  micRoot: Type.Boolean({ description: 'Whether it may vouch for manufacturing certificates' }),
  legacySha1: Type.Boolean({ description: 'Whether chains under it may carry SHA-1 signatures' }),
  expiredMicsUntil: Type.Union([Instant('Expired manufacturing certificates are accepted until then'), Type.Null()], {
    description: 'A dated exception; null: expired manufacturing certificates are refused',
  }),
};
const sha256 = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'SHA-256 of the certificate in hex: its name',
});

export const TrustCertificate = strict(
  {
    purpose,
    sha256,
    subject: Type.String({ description: 'Whose it is' }),
    issuer: Type.String({ description: 'Who signed it' }),
    serialNumber: Type.String({ description: 'Serial number in hex' }),
    notBefore: Instant('Valid from'),
    notAfter: Instant('Valid until'),
    expired: Type.Boolean({ description: 'Whether that is over' }),
    pem: Type.String({ description: 'The certificate itself' }),
    phones: Type.Integer({ minimum: 0, description: 'How many phones were let in under it' }),
    laboratory: Type.Boolean({
      description: 'Put there by a start with --lab: counts only on nodes that run as a laboratory',
    }),
    createdAt: Instant('When it was uploaded'),
    ...choices,
  },
  {
    title: 'TrustCertificate',
    description: 'A certificate that counts',
    examples: [
      {
        purpose: 'CallManager-trust',
        sha256: '0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f',
        subject: 'O=Example, CN=Example Manufacturing Root',
        issuer: 'O=Example, CN=Example Manufacturing Root',
        serialNumber: '01',
        notBefore: '2020-01-01T00:00:00.000Z',
        notAfter: '2040-01-01T00:00:00.000Z',
        expired: false,
        pem: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        phones: 12,
        laboratory: false,
        createdAt: '2026-11-21T18:00:00.000Z',
        description: 'Phones made since 2020',
        micRoot: true,
        legacySha1: false,
        expiredMicsUntil: null,
      },
    ],
  },
);
export const TrustCertificates = strict(
  { items: Type.Array(TrustCertificate) },
  { title: 'TrustCertificates', description: 'Trusted certificates' },
);
export const TrustCertificateQuery = strict({ purpose: Type.Optional(purpose) });
export const TrustCertificatePath = strict({ purpose, sha256 });
export const TrustCertificateRemoval = strict({
  evenIfUsed: Type.Optional(
    Type.Boolean({
      description: 'Delete it although phones were let in under it: they cannot activate again. Default false',
    }),
  ),
});

export const NewTrustCertificate = strict(
  {
    purpose: Type.Optional(purpose),
    certificate: Type.String({
      minLength: 1,
      maxLength: 32_768,
      description: 'One certificate: PEM, or base64 of DER',
    }),
    description: Type.Optional(choices.description),
    micRoot: Type.Optional(choices.micRoot),
    legacySha1: Type.Optional(choices.legacySha1),
    expiredMicsUntil: Type.Optional(choices.expiredMicsUntil),
  },
  {
    title: 'NewTrustCertificate',
    description: 'A certificate to trust, for CallManager-trust where nothing is said',
    examples: [
      {
        certificate: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        description: 'Phones made since 2020',
      },
    ],
  },
);
export const TrustCertificateChange = strict(
  {
    description: Type.Optional(choices.description),
    micRoot: Type.Optional(choices.micRoot),
    legacySha1: Type.Optional(choices.legacySha1),
    expiredMicsUntil: Type.Optional(choices.expiredMicsUntil),
  },
  {
    title: 'TrustCertificateChange',
    description: 'What to change',
    minProperties: 1,
    examples: [{ legacySha1: true }],
  },
);
