import Type from 'typebox';
import { Instant, strict, text } from './common.ts';

const sha256 = Type.String({
  pattern: '^[0-9A-Fa-f]{64}$',
  description: 'SHA-256 of the certificate in hex: its name',
});

export const PhoneEdgeCertificate = strict(
  {
    sha256,
    subject: Type.String({ description: 'Whose it is' }),
    issuer: Type.String({ description: 'Who signed it' }),
    serialNumber: Type.String({ description: 'Serial number in hex' }),
    notBefore: Instant('Valid from'),
    notAfter: Instant('Valid until'),
    expired: Type.Boolean({ description: 'Whether that is over' }),
    description: Type.String({ description: 'For people' }),
    pem: Type.String({ description: 'The certificate itself' }),
    createdAt: Instant('When it was uploaded'),
  },
  {
    title: 'PhoneEdgeCertificate',
    description: 'A certificate by which phones outside trust Expressway-E',
    examples: [
      {
        sha256: '0e5f7d3c9a1b4e6f8d2c5a7b9e1f3d5c7a9b1e3f5d7c9a1b3e5f7d9c1a3b5e7f',
        subject: 'O=Example, CN=Example Edge CA',
        issuer: 'O=Example, CN=Example Edge CA',
        serialNumber: '01',
        notBefore: '2026-01-01T00:00:00.000Z',
        notAfter: '2036-01-01T00:00:00.000Z',
        expired: false,
        description: 'Authority of our Expressways',
        pem: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        createdAt: '2026-11-21T18:00:00.000Z',
      },
    ],
  },
);

export const PhoneEdgeTrust = strict(
  {
    items: Type.Array(PhoneEdgeCertificate),
    version: Type.Integer({ minimum: 0, description: 'Counts the changes of the set' }),
    sentVersion: Type.Integer({ minimum: 0, description: 'The version the cloud has; lower: it is on its way' }),
  },
  { title: 'PhoneEdgeTrust', description: 'Everything in PhoneEdge-trust; empty: phones trust public authorities' },
);

export const NewPhoneEdgeCertificate = strict(
  {
    certificate: Type.String({
      minLength: 1,
      maxLength: 32_768,
      description: 'One certificate: PEM, or base64 of DER',
    }),
    description: Type.Optional(text(128, 'For people')),
  },
  {
    title: 'NewPhoneEdgeCertificate',
    description: 'A certificate to send to phones outside, through the cloud',
    examples: [
      {
        certificate: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
        description: 'Authority of our Expressways',
      },
    ],
  },
);

export const PhoneEdgeCertificatePath = strict({ sha256 });
