import Type, { type Static } from 'typebox';
import { nullable, strict, Version } from './common.ts';

const number = (description: string) => Type.String({ pattern: '^[0-9]{1,15}$', description, examples: ['1000'] });
const template = (description: string) =>
  Type.Union([Type.String({ minLength: 1, maxLength: 50 }), Type.Null()], { description });

const fields = {
  startingDirectoryNumber: number(
    '"Starting Directory Number"; the same as the ending one switches auto-registration off',
  ),
  endingDirectoryNumber: number('"Ending Directory Number"; with as many digits as the starting one'),
  disabled: Type.Boolean({
    description: '"Auto-registration Disabled on this Cisco Unified Communications Manager"',
  }),
  universalDeviceTemplate: template('"Universal Device Template" of phones that auto-register; null: the default one'),
  universalLineTemplate: template('"Universal Line Template" of their lines; null: the default one'),
};

export const NodeAutoRegistrationView = strict(
  {
    node: Type.String({ description: 'What the node is called' }),
    ...fields,
    on: Type.Boolean({ description: 'It has numbers to give and the box is clear' }),
    serving: Type.Boolean({ description: 'Phones without a record are taken in by this node now' }),
    numbersTotal: Type.Integer({ minimum: 0, description: 'Directory numbers of the range' }),
    numbersUsed: Type.Integer({ minimum: 0, description: 'How many of them phones have' }),
    nextDirectoryNumber: nullable(Type.String(), 'What the next phone gets; null: off, or none is left'),
    lastDirectoryNumber: nullable(Type.String(), 'What was given last'),
    version: Version,
  },
  {
    title: 'NodeAutoRegistration',
    description: 'Auto-registration on one node',
    examples: [
      {
        node: 'node-a',
        startingDirectoryNumber: '1000',
        endingDirectoryNumber: '1999',
        disabled: false,
        universalDeviceTemplate: null,
        universalLineTemplate: null,
        on: true,
        serving: true,
        numbersTotal: 1000,
        numbersUsed: 12,
        nextDirectoryNumber: '1012',
        lastDirectoryNumber: '1011',
        version: 3,
      },
    ],
  },
);
export type NodeAutoRegistrationView = Static<typeof NodeAutoRegistrationView>;

export const NodeAutoRegistrationChange = strict(
  Object.fromEntries(Object.entries(fields).map(([name, schema]) => [name, Type.Optional(schema)])) as {
    [K in keyof typeof fields]: Type.TOptional<(typeof fields)[K]>;
  },
  {
    title: 'NodeAutoRegistrationChange',
    description: 'What shall be different; members left out stay as they are',
    minProperties: 1,
    examples: [{ startingDirectoryNumber: '1000', endingDirectoryNumber: '1999', disabled: false }],
  },
);

export const SetupProblem = strict(
  {
    code: Type.String({ description: 'Stable name' }),
    message: Type.String({ description: 'What is missing, in plain words' }),
    remedy: Type.String({ description: 'What to do' }),
  },
  { title: 'SetupProblem', description: 'Something that keeps a feature from working' },
);

export const AutoRegistrationView = strict(
  {
    group: nullable(Type.String(), 'The Call Manager group that takes in phones without a record'),
    members: Type.Array(Type.String(), { description: 'Its nodes, by priority; the first active one serves' }),
    certificateRequired: Type.Boolean({
      description: 'Only phones that show their manufacturer-installed certificate come in',
    }),
    models: Type.Array(Type.String(), { description: 'Models whose onboarding method is Auto Registration' }),
    nodes: Type.Array(NodeAutoRegistrationView, { description: 'Every node of the cluster' }),
    problems: Type.Array(SetupProblem, { description: 'Why no phone comes in now; empty: phones come in' }),
  },
  { title: 'AutoRegistration', description: 'Auto-registration of the whole cluster' },
);
export type AutoRegistrationView = Static<typeof AutoRegistrationView>;

export const AutoRegistrationPath = strict({
  name: Type.String({ minLength: 1, maxLength: 253, description: 'Name of the node' }),
});
