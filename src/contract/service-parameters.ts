import Type from 'typebox';
import { ContentVersion, strict } from './common.ts';

export const ParameterType = Type.Union(
  [
    strict({
      kind: Type.Literal('number'),
      minimum: Type.Integer(),
      maximum: Type.Integer(),
      unit: Type.Optional(Type.String()),
    }),
    strict({ kind: Type.Literal('boolean') }),
    strict({ kind: Type.Literal('choice'), choices: Type.Array(Type.String()) }),
    strict({ kind: Type.Literal('text'), maxLength: Type.Integer(), pattern: Type.Optional(Type.String()) }),
  ],
  { description: 'What values it takes' },
);

export const parameterFields = {
  name: Type.String({ description: 'What the parameter is called' }),
  group: Type.String({ description: 'Heading it stands under' }),
  help: Type.String({ description: 'What it does, in plain words' }),
  type: ParameterType,
  defaultValue: Type.String({ description: 'What holds when nothing is set' }),
  value: Type.String({ description: 'What holds; numbers in decimal, booleans as true or false' }),
  isDefault: Type.Boolean({ description: 'Whether nothing is set' }),
  version: ContentVersion,
};

export const ServiceParameter = strict(
  {
    service: Type.String({ description: 'The service it belongs to' }),
    ...parameterFields,
    perNode: Type.Boolean({ description: 'Whether nodes may differ' }),
    nodeValues: Type.Record(Type.String(), Type.String(), { description: 'Node → the value that holds there instead' }),
  },
  {
    title: 'ServiceParameter',
    description: 'A parameter of a service',
    examples: [
      {
        service: 'Device Activation Service',
        name: 'Activation Time to Live (Hours)',
        group: 'Activation codes',
        help: 'How long a new activation code can be used.',
        type: { kind: 'number', minimum: 1, maximum: 8760, unit: 'hours' },
        defaultValue: '168',
        value: '72',
        isDefault: false,
        version: 1190371826604339,
        perNode: false,
        nodeValues: {},
      },
    ],
  },
);
export const ServiceParameters = strict(
  { items: Type.Array(ServiceParameter) },
  { title: 'ServiceParameters', description: 'All parameters of all services' },
);
export const ServiceParameterQuery = strict({
  service: Type.Optional(Type.String({ maxLength: 64, description: 'Only parameters of this service' })),
});
export const ServiceParameterPath = strict({
  service: Type.String({ maxLength: 64, description: 'The service' }),
  name: Type.String({ maxLength: 128, description: 'The parameter' }),
});

/** The value in its own type: 72, true or text. */
export const ParameterSetting = Type.Union(
  [Type.String({ maxLength: 1024 }), Type.Number(), Type.Boolean(), Type.Null()],
  {
    description: 'The new value; null: back to the default',
  },
);
export const ServiceParameterSetting = strict(
  {
    value: ParameterSetting,
    node: Type.Optional(Type.String({ maxLength: 253, description: 'Set it for this node only' })),
  },
  { title: 'ServiceParameterSetting', description: 'A new value', examples: [{ value: 72 }, { value: null }] },
);
