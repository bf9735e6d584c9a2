import Type from 'typebox';
import { mostCalls } from '../identifiers/line-limits.ts';
import { name, text } from './common.ts';
import { resource } from './resource.ts';

/** The empty text is the partition <None>. */
export const partitionName = text(50, 'Route partition; empty: <None>');

export const universalLineTemplates = resource({
  title: 'UniversalLineTemplate',
  description: 'What a new line is made from',
  path: 'universal-line-templates',
  fields: {
    name: name(50, 'What the template is called'),
    partition: partitionName,
    lineDescription: text(128, 'Description of lines made from it; #FirstName#, #LastName# and #UserID# are filled in'),
    alertingName: text(50, 'Name shown while a call to it rings'),
    maxCalls: Type.Integer({ minimum: 1, maximum: mostCalls, description: 'Calls the line holds at once' }),
    busyTrigger: Type.Integer({
      minimum: 1,
      maximum: mostCalls,
      description: 'Calls from which a further one finds it busy',
    }),
  },
  defaults: {
    partition: '',
    lineDescription: '#FirstName# #LastName#',
    alertingName: '#FirstName# #LastName#',
    maxCalls: 4,
    busyTrigger: 2,
  },
  example: {
    name: 'Sales',
    partition: '',
    lineDescription: '#FirstName# #LastName#',
    alertingName: '#FirstName# #LastName#',
    maxCalls: 4,
    busyTrigger: 2,
  },
});
