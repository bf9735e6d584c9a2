import Type, { type Static } from 'typebox';
import { Instant, listQuery, pageOf, strict } from './common.ts';

export const RegistrationView = strict(
  {
    deviceName: Type.String({ description: 'Device name' }),
    description: Type.String({ description: 'Description of the phone' }),
    model: Type.String({ description: 'Model' }),
    ownerUserId: Type.Union([Type.String(), Type.Null()], { description: 'User id of the owner' }),
    node: Type.String({ description: 'Node that holds the registration' }),
    contact: Type.String({ description: 'Where calls are sent' }),
    transport: Type.String({ description: '`udp`, `tcp` or `tls`' }),
    sourceAddress: Type.String({ description: 'Address of the phone' }),
    sourcePort: Type.Integer({ description: 'Port of the phone' }),
    edge: Type.Union([Type.String(), Type.Null()], {
      description: 'The Expressway-E it came over; null: it is inside the network',
    }),
    directoryNumbers: Type.Array(Type.String(), { description: 'Lines that ring there' }),
    reachable: Type.Boolean({ description: 'False: its connection broke; it counts as registered until it runs out' }),
    userAgent: Type.String({ description: 'What the phone calls itself' }),
    activeLoad: Type.String({ description: 'Firmware it runs' }),
    inactiveLoad: Type.String({ description: 'Firmware in its other bank' }),
    registeredAt: Instant('Since when'),
    refreshedAt: Instant('When it was last refreshed'),
    expiresAt: Instant('Until when, unless refreshed'),
  },
  { title: 'Registration', description: 'A registration there is now' },
);
export type RegistrationView = Static<typeof RegistrationView>;

export const RegistrationListQuery = listQuery(['deviceName', 'registeredAt', 'refreshedAt'], {
  node: Type.Optional(Type.String({ maxLength: 253, description: 'Only this node' })),
  deviceName: Type.Optional(Type.String({ maxLength: 64, description: 'Only this device' })),
});

export const RegistrationPage = pageOf(RegistrationView, 'RegistrationPage');
