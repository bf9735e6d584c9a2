import Type from 'typebox';
import { Instant, strict } from './common.ts';

export const TrustListRecord = strict(
  {
    role: Type.String({ description: 'What phones may trust it for: SAST, CCM+TFTP, TVS, APP-SERVER, …' }),
    subject: Type.String({ description: 'Whose it is' }),
    issuer: Type.String({ description: 'Who signed it' }),
    serialNumber: Type.String({ description: 'Serial number in hex' }),
    sha256: Type.String({ description: 'SHA-256 of the certificate in hex' }),
  },
  { title: 'TrustListRecord', description: 'A certificate in the trust list' },
);

export const TrustListShown = strict(
  {
    kind: Type.String({ description: 'ITL' }),
    signer: Type.String({ description: 'Subject of the certificate that signed the list' }),
    builtAt: Instant('When the list was made, as it says itself'),
    octets: Type.Integer({ description: 'Size of the file' }),
    sha256: Type.String({ description: 'SHA-256 of the file in hex, as phones compare it' }),
    records: Type.Array(TrustListRecord, { description: 'Its certificates, in order' }),
  },
  {
    title: 'TrustList',
    description: 'The initial trust list as phones fetch it',
    examples: [
      {
        kind: 'ITL',
        signer: 'CN=ITLRecovery',
        builtAt: '2026-11-21T18:00:00.000Z',
        octets: 6120,
        sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        records: [
          {
            role: 'TVS',
            subject: 'CN=node-a-TVS',
            issuer: 'CN=Firstring cluster CA',
            serialNumber: '0a1b',
            sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
          },
        ],
      },
    ],
  },
);
