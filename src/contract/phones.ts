import Type, { type Static } from 'typebox';
import { Instant, listQuery, nullable, pageOf, strict, Version } from './common.ts';
import { Model } from './phone-requests.ts';

const DeviceNameText = Type.String({
  description: '`SEP` and the MAC address, or `BAT` and 12 random hex digits',
  examples: ['BAT0A1B2C3D4E5F'],
});

const CodeState = Type.Enum(
  ['draft', 'active', 'consumed', 'confirmed', 'expired', 'locked', 'revoked', 'released', 'free'],
  {
    description: '`active`: waits to be entered',
  },
);

export const PhoneView = strict(
  {
    id: Type.String({ description: 'Stays the same when the phone is renamed' }),
    name: DeviceNameText,
    model: Model,
    mac: nullable(Type.String(), '12 hex digits; null while the phone is BAT'),
    description: Type.String({ description: 'What people call the phone' }),
    devicePool: Type.String({ description: 'Device pool' }),
    phoneButtonTemplate: Type.String({ description: 'Phone button template' }),
    phoneSecurityProfile: Type.String({ description: 'Phone security profile' }),
    sipProfile: Type.String({ description: 'SIP profile' }),
    commonPhoneProfile: Type.String({ description: 'Common phone profile' }),
    ownerUserId: nullable(Type.String(), 'User id of the owner'),
    codeWithheld: Type.Boolean({
      description:
        'The owner is shown no activation code: the owner, or that user’s password or e-mail address, was set by somebody who may not see codes',
    }),
    lines: Type.Array(
      strict(
        {
          index: Type.Integer({ description: '1-based place of the line key' }),
          directoryNumber: Type.String({ description: 'Directory number' }),
          partition: Type.String({ description: 'Route partition; empty: `<None>`' }),
          label: Type.String({ description: 'Text beside the line key' }),
          display: Type.String({ description: 'Caller ID' }),
          maxCalls: Type.Integer({ description: 'Most calls at once' }),
          busyTrigger: Type.Integer({ description: 'Busy from this many calls on' }),
        },
        { title: 'PhoneLine', description: 'A line of a phone' },
      ),
      { description: 'In the order of the line keys' },
    ),
    requiresActivationCode: Type.Boolean({
      description: 'While true the phone is locked until its code is entered; the activation sets it to false',
    }),
    allowActivationCodeViaMra: Type.Boolean({ description: '"Allow Activation Code via MRA"' }),
    mraServiceDomain: nullable(
      Type.String(),
      'The MRA service domain of this very phone; null: that of its device pool',
    ),
    mra: strict(
      {
        activatedVia: nullable(Type.Enum(['onprem', 'mra']), 'Where it was activated last; null: never'),
        serviceDomain: nullable(Type.String(), 'The domain where it registers from outside; null: none is set up'),
        serviceDomainFrom: nullable(
          Type.Enum(['phone', 'device-pool', 'default']),
          'What says so: the phone itself, its device pool, or the default',
        ),
      },
      { title: 'PhoneMra', description: 'How the phone stands outside' },
    ),
    enabled: Type.Boolean({ description: 'Whether the phone is served at all' }),
    activationCode: nullable(
      strict(
        {
          state: CodeState,
          expiresAt: Instant('When the code stops working'),
          boundMac: nullable(Type.String(), 'The one MAC address the code fits; null: any phone of the model'),
          viaMra: Type.Boolean({ description: 'Whether it works from outside too' }),
          cloud: Type.Enum(['none', 'waiting', 'known', 'releasing', 'released'], {
            description:
              'What the cloud knows. none: it is for inside only; waiting: nothing yet; known: its first seven digits; releasing, released: it is told to forget them, it has',
          }),
        },
        { title: 'CodeSummary', description: 'The live code, else the last one, without its digits' },
      ),
      'The live code, else the last one; null when there never was one',
    ),
    registration: nullable(
      strict(
        {
          node: Type.String({ description: 'Node the phone is registered with' }),
          transport: Type.String({ description: '`udp`, `tcp` or `tls`' }),
          sourceAddress: Type.String({ description: 'Address of the phone' }),
          registeredAt: Instant('Since when'),
          expiresAt: Instant('Until when, unless refreshed'),
        },
        { title: 'RegistrationSummary', description: 'The registration there is now' },
      ),
      'Null while the phone is not registered',
    ),
    lastStep: nullable(
      strict(
        {
          step: Type.String({ description: 'Stable name of the step' }),
          result: Type.Enum(['ok', 'failed', 'info'], { description: 'How it went' }),
          at: Instant('When'),
        },
        { title: 'LastStep', description: 'The newest step of a phone' },
      ),
      'The newest step of its timeline; null before anything happened',
    ),
    firstActivatedAt: nullable(Type.String({ format: 'date-time' }), 'When the phone first got in'),
    autoRegistered: Type.Boolean({ description: 'Whether the record was made by auto-registration' }),
    activeLoad: Type.String({ description: 'Firmware the phone runs, as it last said' }),
    inactiveLoad: Type.String({ description: 'Firmware in its other bank' }),
    version: Version,
    createdAt: Instant('When it was added'),
    updatedAt: Instant('When it was last changed'),
  },
  { title: 'Phone', description: 'A phone' },
);
export type PhoneView = Static<typeof PhoneView>;

export const PhoneListQuery = listQuery(
  ['name', 'description', 'model', 'devicePool', 'owner', 'createdAt', 'updatedAt'],
  {
    model: Type.Optional(Type.String({ maxLength: 64, description: 'Only this model' })),
    devicePool: Type.Optional(Type.String({ maxLength: 50, description: 'Only this device pool' })),
    ownerUserId: Type.Optional(Type.String({ maxLength: 128, description: 'Only phones of this user' })),
    codeState: Type.Optional(
      Type.Enum(['active', 'expired', 'locked', 'none'], {
        description:
          'Only phones whose code waits (`active`), ran out, was locked after wrong attempts, or that have none to enter',
      }),
    ),
    registered: Type.Optional(
      Type.Boolean({ description: 'Only phones that are registered now, or only those that are not' }),
    ),
    requiresActivationCode: Type.Optional(
      Type.Boolean({ description: 'Only phones that must enter a code, or only others' }),
    ),
  },
);

export const PhonePage = pageOf(PhoneView, 'PhonePage');

export const PhoneParams = strict({
  name: Type.String({
    minLength: 1,
    maxLength: 64,
    description: 'Device name; to read a phone, its id does as well',
    examples: ['SEP001122334455'],
  }),
});

export const PhoneRemoval = strict({
  removeUnusedLines: Type.Optional(
    Type.Boolean({ description: 'Also removes the lines of the phone that no other phone has. Default false' }),
  ),
});

export const ControlAnswer = strict(
  {
    name: DeviceNameText,
    action: Type.Enum(['reset', 'restart'], { description: 'What was asked for' }),
    registered: Type.Boolean({
      description: 'A phone that is not registered cannot be reached; nothing is kept for later',
    }),
  },
  {
    title: 'ServiceControl',
    description: 'What was asked of a phone',
    examples: [{ name: 'SEP001122334455', action: 'restart', registered: true }],
  },
);

export const PhoneModels = strict(
  {
    items: Type.Array(
      strict(
        {
          model: Type.String({ description: 'As administrators write it' }),
          product: Type.String({ description: 'As the certificate of the phone says it' }),
          typeId: Type.Integer({ description: 'Unified CM type id' }),
          loadFamily: Type.String({ description: 'What its firmware load names begin with' }),
          lineKeys: Type.Integer({ description: 'Line keys of the phone itself' }),
          camera: Type.Boolean({ description: 'Can read the QR code of its activation code' }),
        },
        {
          title: 'PhoneModel',
          description: 'A model that can be onboarded by activation code',
          examples: [
            {
              model: 'Cisco 8845',
              product: 'CP-8845',
              typeId: 36224,
              loadFamily: 'sip8845_65.',
              lineKeys: 5,
              camera: true,
            },
          ],
        },
      ),
    ),
  },
  { title: 'PhoneModels', description: 'Every model that is supported' },
);
