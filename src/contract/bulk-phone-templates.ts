import Type from 'typebox';
import { mostCalls } from '../identifiers/line-limits.ts';
import { name, nullable, strict, text } from './common.ts';
import { resource } from './resource.ts';

/** One line of a phone template: what a line of a row takes where the row says nothing. The number comes from the row. */
export const TemplateLine = strict(
  {
    partition: text(50, 'Route partition; empty: `<None>`'),
    label: text(50, 'Text beside the line key; #FirstName#, #LastName#, #UserID#, #DirectoryNumber# are filled in'),
    display: text(50, 'Caller ID; the same tags are filled in'),
    maxCalls: Type.Integer({ minimum: 1, maximum: mostCalls, description: 'Calls on the line at once, at most' }),
    busyTrigger: Type.Integer({
      minimum: 1,
      maximum: mostCalls,
      description: 'From how many calls on the line is busy',
    }),
  },
  {
    title: 'PhoneTemplateLine',
    description: 'What a line of a row takes where the row says nothing',
    examples: [{ partition: '', label: '#LastName#', display: '', maxCalls: 4, busyTrigger: 2 }],
  },
);

/** Bulk Administration > Phones > Phone Template. */
export const phoneTemplates = resource({
  title: 'PhoneTemplate',
  description: 'What the phones of one bulk job have in common; a row of the file wins over it',
  path: 'phone-templates',
  fields: {
    name: name(50, 'What the template is called'),
    model: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Phone type: one of the models of GET /phone-models. All rows of a job are phones of this model',
      examples: ['Cisco 8845'],
    }),
    description: text(128, 'Description of the phones; #FirstName#, #LastName#, #UserID# and #Product# are filled in'),
    requiresActivationCode: Type.Boolean({ description: '"Requires Activation Code for Onboarding"' }),
    allowActivationCodeViaMra: Type.Boolean({
      description: '"Allow Activation Code via MRA". Needs requiresActivationCode',
    }),
    devicePool: name(50, 'Device pool'),
    phoneButtonTemplate: nullable(name(50, 'A phone button template'), 'Button template; null: the one of the model'),
    ownerUserId: nullable(Type.String({ minLength: 1, maxLength: 128 }), 'User id of the owner; null: nobody'),
    phoneSecurityProfile: name(64, 'Device security profile'),
    sipProfile: name(50, 'SIP profile'),
    commonPhoneProfile: name(50, 'Common phone profile'),
    mraServiceDomain: nullable(name(253, 'MRA service domain'), 'MRA service domain; null: that of the device pool'),
    enabled: Type.Boolean({ description: 'Whether the phones are served at all' }),
    lines: Type.Array(TemplateLine, {
      maxItems: 100,
      description: 'Lines in the order of the line keys. A row may have as many lines as there are here, not more',
    }),
  },
  defaults: {
    description: '',
    requiresActivationCode: false,
    allowActivationCodeViaMra: false,
    devicePool: 'Default',
    phoneButtonTemplate: null,
    ownerUserId: null,
    phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
    sipProfile: 'Standard SIP Profile',
    commonPhoneProfile: 'Standard Common Phone Profile',
    mraServiceDomain: null,
    enabled: true,
    lines: [{ partition: '', label: '', display: '', maxCalls: 4, busyTrigger: 2 }],
  },
  example: {
    name: 'Sales 8845',
    model: 'Cisco 8845',
    description: '#FirstName# #LastName#',
    requiresActivationCode: true,
    allowActivationCodeViaMra: false,
    devicePool: 'Default',
    phoneButtonTemplate: null,
    ownerUserId: null,
    phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
    sipProfile: 'Standard SIP Profile',
    commonPhoneProfile: 'Standard Common Phone Profile',
    mraServiceDomain: null,
    enabled: true,
    lines: [{ partition: '', label: '#LastName#', display: '', maxCalls: 4, busyTrigger: 2 }],
  },
  sorts: ['name', 'model'],
  filters: { model: Type.Optional(Type.String({ maxLength: 64, description: 'Only templates of this model' })) },
});
