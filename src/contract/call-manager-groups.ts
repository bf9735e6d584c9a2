import Type from 'typebox';
import { name, strict } from './common.ts';
import { resource } from './resource.ts';

export const callManagerGroups = resource({
  title: 'CallManagerGroup',
  description: 'The nodes a phone registers with, in order',
  path: 'call-manager-groups',
  fields: {
    name: name(50, 'What the group is called'),
    members: Type.Array(
      strict({
        node: name(253, 'Name of the node'),
        priority: Type.Integer({ minimum: 0, maximum: 4, description: '0 is tried first' }),
      }),
      { maxItems: 5, description: 'Its nodes' },
    ),
    tftpDefault: Type.Boolean({
      description:
        'Whether phones without a configuration are told this group; making one the default takes it from the other',
    }),
    autoRegistration: Type.Boolean({ description: 'Whether unknown phones may register with its nodes' }),
  },
  defaults: { members: [], tftpDefault: false, autoRegistration: false },
  example: { name: 'Branch', members: [{ node: 'node-a', priority: 0 }], tftpDefault: false, autoRegistration: false },
});
