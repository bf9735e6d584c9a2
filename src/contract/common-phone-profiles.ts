import Type from 'typebox';
import { name, text } from './common.ts';
import { resource } from './resource.ts';

export const commonPhoneProfiles = resource({
  title: 'CommonPhoneProfile',
  description: 'What many phones may or may not do',
  path: 'common-phone-profiles',
  fields: {
    name: name(50, 'What the profile is called'),
    description: text(128, 'For people'),
    backgroundImageAccess: Type.Boolean({ description: 'Whether people may choose the background' }),
    callLogBlfEnabled: Type.Boolean({ description: 'Whether call lists show who is busy' }),
    vendorConfig: Type.Record(
      Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' }),
      Type.String({ maxLength: 256, description: 'The value, as the phone wants it' }),
      {
        description: 'Product specific settings by name, e.g. webAccess, sshAccess, pcPort, garp',
        maxProperties: 100,
        additionalProperties: false,
      },
    ),
  },
  defaults: {
    description: '',
    backgroundImageAccess: true,
    callLogBlfEnabled: true,
    vendorConfig: { webAccess: 'disabled', sshAccess: 'disabled', pcPort: 'enabled', garp: 'disabled' },
  },
  example: {
    name: 'Meeting rooms',
    description: 'No PC behind the phone',
    backgroundImageAccess: false,
    callLogBlfEnabled: true,
    vendorConfig: { webAccess: 'disabled', sshAccess: 'disabled', pcPort: 'disabled', garp: 'disabled' },
  },
});
