import Type from 'typebox';
import { name, text } from './common.ts';
import { resource } from './resource.ts';

export const universalDeviceTemplates = resource({
  title: 'UniversalDeviceTemplate',
  description: 'What a new phone is made from, whatever its model',
  path: 'universal-device-templates',
  fields: {
    name: name(50, 'What the template is called'),
    deviceDescription: text(
      128,
      'Description of phones made from it; #FirstName#, #LastName#, #UserID# and #Product# are filled in',
    ),
    devicePool: name(50, 'Device pool of phones made from it'),
    phoneButtonTemplate: Type.Union([name(50, 'A phone button template'), Type.Null()], {
      description: 'Button template; null: the one of the model',
    }),
    phoneSecurityProfile: name(64, 'Phone security profile'),
    sipProfile: name(50, 'SIP profile'),
    commonPhoneProfile: name(50, 'Common phone profile'),
  },
  defaults: {
    deviceDescription: '#FirstName# #LastName# (#Product#)',
    devicePool: 'Default',
    phoneButtonTemplate: null,
    phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
    sipProfile: 'Standard SIP Profile',
    commonPhoneProfile: 'Standard Common Phone Profile',
  },
  example: {
    name: 'Sales',
    deviceDescription: '#FirstName# #LastName# (#Product#)',
    devicePool: 'Default',
    phoneButtonTemplate: null,
    phoneSecurityProfile: 'Universal Device Template - Model-independent Secure Profile',
    sipProfile: 'Standard SIP Profile',
    commonPhoneProfile: 'Standard Common Phone Profile',
  },
});
