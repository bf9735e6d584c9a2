import Type, { type Static } from 'typebox';
import { Instant, listQuery, name, pageOf, strict, text, Version } from './common.ts';

const nullable = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const newLine = {
  directoryNumber: Type.String({
    minLength: 1,
    maxLength: 64,
    description: '1 to 24 digits; `*`, `#` and a leading `+` are allowed',
    examples: ['1001'],
  }),
  partition: Type.Optional(text(50, 'Route partition; empty or left out: `<None>`')),
  label: Type.Optional(text(50, 'Text beside the line key')),
  display: Type.Optional(text(50, 'Caller ID shown to the other side')),
  maxCalls: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: 'Calls on the line at once, at most. Default 4' }),
  ),
  busyTrigger: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, description: 'From how many calls on the line is busy. Default 2' }),
  ),
  description: Type.Optional(text(128, 'Description of a line that is made')),
  alertingName: Type.Optional(text(50, 'Alerting name of a line that is made')),
};

export const NewLine = strict(newLine, {
  title: 'NewLine',
  description:
    'A line of a phone. A directory number that does not exist in the partition yet is made; one that exists is shared',
  examples: [{ directoryNumber: '1001', partition: '' }],
});

const MacField = Type.Optional(
  nullable(
    Type.String({ maxLength: 64 }),
    '12 hex digits, with or without separators: the phone is SEP and its code fits that MAC address only. Blank, null or left out: the phone is BAT and its code fits any phone of the model',
  ),
);
const owner = Type.Optional(nullable(Type.String({ maxLength: 128 }), 'User id of the owner; null or empty: nobody'));
const requiresActivationCode = Type.Optional(
  Type.Boolean({
    description:
      '"Requires Activation Code for Onboarding": makes a code; the phone does not register before it is entered. Default false',
  }),
);
const allowActivationCodeViaMra = Type.Optional(
  Type.Boolean({ description: '"Allow Activation Code via MRA". Needs requiresActivationCode. Default false' }),
);

const references = {
  devicePool: Type.Optional(name(50, 'Device pool. Default: that of the Device Defaults of the model')),
  phoneButtonTemplate: Type.Optional(
    name(50, 'Phone button template; must fit the model. Default: that of the Device Defaults of the model'),
  ),
  phoneSecurityProfile: Type.Optional(
    name(64, 'Phone security profile. Default: the model-independent secure profile'),
  ),
  sipProfile: Type.Optional(name(50, 'SIP profile. Default: Standard SIP Profile')),
  commonPhoneProfile: Type.Optional(name(50, 'Common phone profile. Default: Standard Common Phone Profile')),
};

const model = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'One of the models of GET /phone-models',
  examples: ['Cisco 8845'],
});
const enabled = Type.Optional(
  Type.Boolean({ description: 'A phone that is not enabled gets no file and does not register. Default true' }),
);

export const NewPhone = strict(
  {
    model,
    mac: MacField,
    description: Type.Optional(text(128, 'What people call the phone')),
    ownerUserId: owner,
    ...references,
    lines: Type.Optional(
      Type.Array(NewLine, {
        maxItems: 100,
        description: 'Lines in the order of the line keys. Without one, the phone registers under its device name',
      }),
    ),
    requiresActivationCode,
    allowActivationCodeViaMra,
    enabled,
  },
  {
    title: 'NewPhone',
    description: 'A phone to add; `model` is all that is needed',
    examples: [
      {
        model: 'Cisco 8845',
        description: 'Front desk',
        lines: [{ directoryNumber: '1001' }],
        requiresActivationCode: true,
      },
    ],
  },
);
export type NewPhone = Static<typeof NewPhone>;

export const NewPhoneFromTemplate = strict(
  {
    model,
    mac: MacField,
    deviceTemplate: Type.Optional(name(50, 'Universal Device Template. Default: Default Universal Device Template')),
    lineTemplate: Type.Optional(
      name(50, 'Universal Line Template of new lines. Default: Default Universal Line Template'),
    ),
    description: Type.Optional(text(128, 'Instead of what the template says')),
    ownerUserId: owner,
    ...references,
    lines: Type.Optional(
      Type.Array(
        strict(
          { ...newLine, lineTemplate: Type.Optional(name(50, 'Universal Line Template of this line')) },
          {
            title: 'NewLineFromTemplate',
            description: 'A line; what is left out comes from the Universal Line Template',
            examples: [{ directoryNumber: '1001' }],
          },
        ),
        { maxItems: 100, description: 'Lines in the order of the line keys' },
      ),
    ),
    requiresActivationCode,
    allowActivationCodeViaMra,
    enabled,
  },
  {
    title: 'NewPhoneFromTemplate',
    description:
      'A phone to add from a Universal Device Template; its tags (#FirstName#, #LastName#, #UserID#, #Product#, #DirectoryNumber# …) are filled in. Members given here win',
    examples: [
      { model: 'Cisco 8845', ownerUserId: 'ann', lines: [{ directoryNumber: '1001' }], requiresActivationCode: true },
    ],
  },
);

export const PhoneChange = strict(
  {
    model: Type.Optional(model),
    mac: MacField,
    description: Type.Optional(text(128, 'What people call the phone')),
    ownerUserId: owner,
    ...references,
    lines: Type.Optional(
      Type.Array(NewLine, { maxItems: 100, description: 'All lines the phone shall have, in order' }),
    ),
    requiresActivationCode,
    allowActivationCodeViaMra,
    enabled,
  },
  {
    title: 'PhoneChange',
    description:
      'What shall be different; members left out stay as they are. Changing `mac` renames the phone and ends its registration. ' +
      'While a code is required, a rename also replaces the code: a code fits what the phone was when it was made. The model of a phone does not change.',
    minProperties: 1,
    examples: [{ mac: null, requiresActivationCode: true }],
  },
);

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
    model,
    mac: nullable(Type.String(), '12 hex digits; null while the phone is BAT'),
    description: Type.String({ description: 'What people call the phone' }),
    devicePool: Type.String({ description: 'Device pool' }),
    phoneButtonTemplate: Type.String({ description: 'Phone button template' }),
    phoneSecurityProfile: Type.String({ description: 'Phone security profile' }),
    sipProfile: Type.String({ description: 'SIP profile' }),
    commonPhoneProfile: Type.String({ description: 'Common phone profile' }),
    ownerUserId: nullable(Type.String(), 'User id of the owner'),
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
        { title: 'Line', description: 'A line of a phone' },
      ),
      { description: 'In the order of the line keys' },
    ),
    requiresActivationCode: Type.Boolean({
      description: 'While true the phone is locked until its code is entered; the activation sets it to false',
    }),
    allowActivationCodeViaMra: Type.Boolean({ description: '"Allow Activation Code via MRA"' }),
    enabled: Type.Boolean({ description: 'Whether the phone is served at all' }),
    activationCode: nullable(
      strict(
        {
          state: CodeState,
          expiresAt: Instant('When the code stops working'),
          boundMac: nullable(Type.String(), 'The one MAC address the code fits; null: any phone of the model'),
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
  name: Type.String({ minLength: 1, maxLength: 64, description: 'Device name; to read a phone, its id does as well', examples: ['SEP001122334455'] }),
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
