import Type, { type Static } from 'typebox';
import { Instant, listQuery, nullable, pageOf, strict } from './common.ts';

export const ActivationCodeView = strict(
  {
    name: Type.String({ description: 'Device name' }),
    model: Type.String({ description: 'The code works on phones of this model only' }),
    code: nullable(Type.String(), '16 digits; null for callers who may not see codes'),
    formatted: Type.String({ description: 'The code in groups of four; dots for callers who may not see codes' }),
    qr: nullable(Type.String(), 'What a QR code for the camera of the phone holds'),
    state: Type.String({ description: '`active`: waits to be entered; `draft`: waits for the cloud' }),
    expiresAt: Instant('When the code stops working'),
    boundMac: nullable(Type.String(), 'The one MAC address the code fits; null: any phone of the model'),
    viaMra: Type.Boolean({ description: 'Whether it works from outside too' }),
    waitsForCloud: Type.Boolean({
      description: 'It has no digits yet: it gets them, and its time to live, when the cloud answers',
    }),
    ownerUserId: nullable(Type.String(), 'User id of the owner of the phone'),
  },
  {
    title: 'ActivationCode',
    description: 'The activation code of a phone',
    examples: [
      {
        name: 'BAT0A1B2C3D4E5F',
        model: 'Cisco 8845',
        code: '1234567890123450',
        formatted: '1234-5678-9012-3450',
        qr: 'OAC1:1234567890123450',
        state: 'active',
        expiresAt: '2026-11-28T12:00:00.000Z',
        boundMac: null,
        viaMra: false,
        waitsForCloud: false,
        ownerUserId: 'ann',
      },
    ],
  },
);
export type ActivationCodeView = Static<typeof ActivationCodeView>;

export const OutstandingCodeView = strict(
  {
    name: Type.String({ description: 'Device name' }),
    description: Type.String({ description: 'Description of the phone' }),
    model: Type.String({ description: 'Model' }),
    ownerUserId: nullable(Type.String(), 'User id of the owner'),
    state: Type.Enum(['active', 'expired'], { description: 'Whether the code still works' }),
    boundMac: nullable(Type.String(), 'The one MAC address the code fits; null: any phone of the model'),
    createdAt: Instant('When it was made'),
    createdBy: Type.String({ description: 'Who made it' }),
    expiresAt: Instant('When it stops working'),
  },
  { title: 'OutstandingCode', description: 'A code that waits to be entered, without its digits' },
);

export const OutstandingQuery = listQuery(['expiresAt', 'deviceName', 'createdAt'], {
  state: Type.Optional(
    Type.Enum(['active', 'expired'], { description: 'Only codes that still work, or only those that ran out' }),
  ),
});

export const OutstandingPage = pageOf(OutstandingCodeView, 'OutstandingCodePage');
