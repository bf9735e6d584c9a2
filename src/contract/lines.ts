import Type from 'typebox';
import { text } from './common.ts';
import { resource } from './resource.ts';
import { partitionName } from './universal-line-templates.ts';

export const lines = resource({
  title: 'Line',
  description: 'A directory number in a partition. In addresses it is called 1001, or 1001@Internal in a partition',
  path: 'lines',
  fields: {
    directoryNumber: Type.String({
      pattern: '^\\+?[0-9*#]{1,23}$',
      maxLength: 24,
      description: 'The number, e.g. 1001 or +4930123',
    }),
    partition: partitionName,
    description: text(128, 'For people'),
    alertingName: text(50, 'Name shown while a call to it rings'),
  },
  defaults: { partition: '', description: '', alertingName: '' },
  example: { directoryNumber: '1001', partition: '', description: 'Reception', alertingName: 'Reception' },
  readOnly: { name: Type.String({ description: 'What the line is called in addresses' }) },
  readOnlyExample: { name: '1001' },
  sorts: ['directoryNumber', 'partition', 'description'],
  filters: {
    partition: Type.Optional(
      Type.String({ maxLength: 50, description: 'Only lines of this partition; <None> for those in none' }),
    ),
    assigned: Type.Optional(
      Type.Boolean({ description: 'Only lines that are on a phone, or only those that are not' }),
    ),
  },
});
