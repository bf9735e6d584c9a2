import Type from 'typebox';
import { Instant, strict } from './common.ts';

export const FirmwareFile = strict(
  {
    name: Type.String({ description: 'What phones ask for' }),
    size: Type.Integer({ minimum: 0, description: 'Octets' }),
    sha256: Type.String({ description: 'SHA-256 in hex' }),
    createdAt: Instant('When it was uploaded'),
  },
  {
    title: 'FirmwareFile',
    description: 'A file that phones can fetch: firmware load, locale, tones',
    examples: [
      {
        name: 'sip8845_65.14-2-1.loads',
        size: 612,
        sha256: '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
        createdAt: '2026-11-21T18:00:00.000Z',
      },
    ],
  },
);
export const FirmwareFiles = strict(
  { items: Type.Array(FirmwareFile) },
  { title: 'FirmwareFiles', description: 'All files' },
);
export const FirmwarePath = strict({
  name: Type.String({ minLength: 1, maxLength: 128, description: 'Name of the file' }),
});
export const FirmwareUpload = strict({
  replace: Type.Optional(Type.Boolean({ description: 'Put it in place of one of the same name. Default false' })),
});
