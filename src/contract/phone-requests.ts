import Type, { type Static } from 'typebox';
import { mostCalls } from '../identifiers/line-limits.ts';
import { name, nullable, strict, text } from './common.ts';

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
    Type.Integer({ minimum: 1, maximum: mostCalls, description: 'Calls on the line at once, at most. Default 4' }),
  ),
  busyTrigger: Type.Optional(
    Type.Integer({ minimum: 1, maximum: mostCalls, description: 'From how many calls on the line is busy. Default 2' }),
  ),
  description: Type.Optional(text(128, 'Description of a line that is made')),
  alertingName: Type.Optional(text(50, 'Alerting name of a line that is made')),
};

export const NewLine = strict(newLine, {
  title: 'NewPhoneLine',
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

const mraServiceDomain = Type.Optional(
  nullable(
    Type.String({ maxLength: 253 }),
    'MRA service domain of this very phone; null, empty or left out: that of its device pool',
  ),
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

export const Model = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'One of the models of GET /phone-models',
  examples: ['Cisco 8845'],
});
const enabled = Type.Optional(
  Type.Boolean({ description: 'A phone that is not enabled gets no file and does not register. Default true' }),
);

const digestPassword = Type.Optional(
  Type.String({
    minLength: 8,
    maxLength: 128,
    pattern: '^[\\x21-\\x7e]+$',
    description:
      'SIP digest password of a phone with a non-secure profile; its digest user is the device name. For clients that never go through an activation: an activation makes a new one and delivers it sealed. Never shown again',
    examples: ['correct-horse-battery'],
  }),
);

export const NewPhone = strict(
  {
    model: Model,
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
    mraServiceDomain,
    enabled,
    digestPassword,
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
    model: Model,
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
    mraServiceDomain,
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
    model: Type.Optional(Model),
    mac: MacField,
    description: Type.Optional(text(128, 'What people call the phone')),
    ownerUserId: owner,
    ...references,
    lines: Type.Optional(
      Type.Array(NewLine, { maxItems: 100, description: 'All lines the phone shall have, in order' }),
    ),
    requiresActivationCode,
    allowActivationCodeViaMra,
    mraServiceDomain,
    enabled,
    digestPassword,
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
