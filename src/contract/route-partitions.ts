import { text } from './common.ts';
import { resource } from './resource.ts';

export const routePartitions = resource({
  title: 'RoutePartition',
  description: 'A set of lines that are reached alike. The one without a name is called <None> in addresses',
  path: 'route-partitions',
  fields: {
    name: text(50, 'What the partition is called; only <None> has an empty name'),
    description: text(128, 'For people'),
  },
  defaults: { description: '' },
  example: { name: 'Internal', description: 'Inside the house' },
});
