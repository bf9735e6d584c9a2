import Type from 'typebox';
import { strict } from './common.ts';

export const SystemVersion = strict(
  {
    product: Type.String({ description: 'What this is' }),
    version: Type.String({ description: 'Its version' }),
    node: Type.String({ description: 'The node that answers' }),
    lab: Type.Boolean({ description: 'Whether the phone lab is there' }),
  },
  {
    title: 'SystemVersion',
    description: 'What answers here',
    examples: [{ product: 'Firstring', version: '0.1.0', node: 'node-a', lab: false }],
  },
);
