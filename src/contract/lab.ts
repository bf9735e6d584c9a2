import Type, { type Static } from 'typebox';
import { strict } from './common.ts';

const nullable = <T extends Type.TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

export const LabMishap = Type.Enum(
  ['code-mistyped', 'wrong-model', 'unknown-manufacturer', 'tampered-trust-list', 'service-unreachable'],
  {
    description:
      'What is wrong on purpose. `code-mistyped`: the first code goes out with a digit changed. `wrong-model`: another model is in the box. `unknown-manufacturer`: its certificate comes from a manufacturer nobody trusts. `tampered-trust-list`: the trust list is changed on its way. `service-unreachable`: the activation service cannot be reached',
  },
);
export type LabMishap = Static<typeof LabMishap>;

export const LabScreen = strict(
  {
    kind: Type.Enum(
      [
        'off',
        'starting',
        'code',
        'activating',
        'setting-up',
        'registering',
        'registered',
        'ringing',
        'calling',
        'in-call',
        'failed',
      ],
      { description: '`code`: asks for the activation code. `failed`: it gave up' },
    ),
    problem: nullable(
      strict(
        {
          fault: Type.String({ description: 'Stable name' }),
          message: Type.String({ description: 'What went wrong' }),
          remedy: Type.String({ description: 'What to do' }),
        },
        { title: 'LabProblem', description: 'What went wrong last' },
      ),
      'What went wrong last; the phone may go on trying',
    ),
    with: nullable(Type.String(), 'The other end of a call'),
  },
  { title: 'LabScreen', description: 'What the phone shows' },
);

export const LabPhoneView = strict(
  {
    id: Type.String({ description: 'Name within the lab' }),
    deviceName: Type.String({ description: 'Device name' }),
    mac: Type.String({ description: 'MAC address' }),
    model: Type.String({ description: 'What the phone is' }),
    label: Type.String({ description: 'What the label on its box says' }),
    camera: Type.Boolean({ description: 'Whether it can scan a QR code' }),
    lineKeys: Type.Integer({ description: 'How many line keys it has' }),
    mishap: nullable(LabMishap, 'What is wrong with it on purpose'),
    plugged: Type.Boolean({ description: 'Whether it has power and network' }),
    atHome: Type.Boolean({
      description: 'It is plugged in outside, with nothing but the Internet: it comes in through the cloud and an edge',
    }),
    directoryNumbers: Type.Array(Type.String(), { description: 'Its lines, once it has its configuration' }),
    screen: LabScreen,
  },
  { title: 'LabPhone', description: 'A reference phone of the lab' },
);
export type LabPhoneView = Static<typeof LabPhoneView>;

export const LabStepView = strict(
  {
    phone: Type.String({ description: 'Id of the phone' }),
    seq: Type.Integer({ description: 'Rises over all phones' }),
    atMs: Type.Integer({ description: 'Milliseconds since it was plugged in' }),
    step: Type.String({ description: 'Name of the step' }),
    outcome: Type.Enum(['begun', 'done', 'skipped', 'failed'], { description: 'How it went' }),
    text: Type.String({ description: "The phone's own words" }),
    fault: nullable(Type.String(), 'Stable name of what went wrong'),
    remedy: nullable(Type.String(), 'What to do'),
  },
  { title: 'LabStep', description: 'One step of a phone of the lab' },
);
export type LabStepView = Static<typeof LabStepView>;

export const LabNewsView = strict(
  {
    cursor: Type.String({ description: 'Send it as `since` to learn what comes next' }),
    whole: Type.Boolean({ description: 'This is everything there is: `since` was left out, or is too old' }),
    ids: Type.Array(Type.String(), { description: 'All phones there are, oldest first' }),
    phones: Type.Array(LabPhoneView, { description: 'Phones that changed' }),
    steps: Type.Array(LabStepView, { description: 'Steps that were made, oldest first' }),
    most: Type.Integer({ description: 'How many phones the lab takes' }),
  },
  { title: 'LabNews', description: 'What happened in the lab since the cursor' },
);
export type LabNewsView = Static<typeof LabNewsView>;

export const LabNewsQuery = strict({
  since: Type.Optional(Type.String({ maxLength: 64, description: '`cursor` of the last answer' })),
  wait: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 25, description: 'Seconds to wait for news when there is none. Default 0' }),
  ),
});

export const NewLabPhone = strict(
  {
    model: Type.String({ maxLength: 64, description: 'What the label on the box says', examples: ['Cisco 8845'] }),
    mac: Type.Optional(
      Type.String({ maxLength: 64, description: 'Of the first phone; the others count up. Left out: made up' }),
    ),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, description: 'How many. Default 1' })),
    mishap: Type.Optional(nullable(LabMishap, 'What is wrong with it on purpose. Default: nothing')),
    plugIn: Type.Optional(Type.Boolean({ description: 'Plug it in at once. Default true' })),
    atHome: Type.Optional(
      Type.Boolean({
        description:
          'Outside, with nothing but the Internet. Only where the laboratory has a cloud and an edge. Default false',
      }),
    ),
  },
  { title: 'NewLabPhone', description: 'Phones for the lab', examples: [{ model: 'Cisco 8845', count: 10 }] },
);

export const LabPhones = strict(
  { items: Type.Array(LabPhoneView) },
  { title: 'LabPhones', description: 'The phones that were made' },
);
export type LabPhones = Static<typeof LabPhones>;

export const LabPhoneParams = strict({ id: Type.String({ maxLength: 64, description: 'Id of a phone of the lab' }) });

export const LabAction = strict(
  {
    action: Type.Enum(['plug-in', 'unplug', 'restart', 'factory-reset', 'hang-up', 'take-home', 'bring-in'], {
      description:
        '`unplug` pulls the cable: the phone says goodbye to nobody. `restart` takes the power away for a moment. `factory-reset` forgets what it learned and starts again. `take-home` and `bring-in` carry it outside and back, unplugged on the way',
    }),
  },
  { title: 'LabAction', description: 'What a hand does to a phone', examples: [{ action: 'plug-in' }] },
);

export const LabCodeEntry = strict(
  {
    text: Type.String({ maxLength: 200, description: 'Digits as typed, or what a QR code holds' }),
  },
  {
    title: 'LabCodeEntry',
    description: 'What is typed or scanned at a phone that asks for its code; kept nowhere',
    examples: [{ text: '1234-5678-9012-3450' }],
  },
);

export const LabCall = strict(
  { number: Type.String({ pattern: '^[0-9*#+]{1,32}$', description: 'What is dialled' }) },
  { title: 'LabCall', description: 'A call from a phone of the lab', examples: [{ number: '1001' }] },
);
