import Type from 'typebox';
import { name } from './common.ts';
import { resource } from './resource.ts';

export const devicePools = resource({
  title: 'DevicePool',
  description: 'What phones of one place have in common',
  path: 'device-pools',
  fields: {
    name: name(50, 'What the pool is called'),
    callManagerGroup: name(50, 'The Call Manager group whose nodes its phones use'),
    olsonTimeZone: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Time zone of its phones, as in the time zone database',
    }),
    dateTemplate: Type.String({
      pattern: '^(?:D[/.-]M[/.-]Y|M[/.-]D[/.-]Y|Y[/.-]M[/.-]D)A?$',
      description: 'How phones show a date, e.g. D/M/Y; A at the end: 12-hour clock',
    }),
    ntpServers: Type.Array(name(253, 'Host name or address'), {
      maxItems: 5,
      description: 'Time servers for its phones',
    }),
    userLocale: name(64, 'Language of its phones, e.g. English_United_States'),
    connectionMonitorDuration: Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      description: 'Seconds a phone watches its first node before it goes back to it',
    }),
    mraServiceDomain: Type.Union([name(253, 'Name of an MRA service domain'), Type.Null()], {
      description: 'Service domain of its phones over MRA; null: the default one',
    }),
  },
  defaults: {
    callManagerGroup: 'Default',
    olsonTimeZone: 'Etc/UTC',
    dateTemplate: 'D/M/Y',
    ntpServers: [],
    userLocale: 'English_United_States',
    connectionMonitorDuration: 120,
    mraServiceDomain: null,
  },
  example: {
    name: 'Berlin',
    callManagerGroup: 'Default',
    olsonTimeZone: 'Europe/Berlin',
    dateTemplate: 'D.M.Y',
    ntpServers: ['192.0.2.1'],
    userLocale: 'German_Germany',
    connectionMonitorDuration: 120,
    mraServiceDomain: null,
  },
  filters: { callManagerGroup: Type.Optional(Type.String({ maxLength: 50, description: 'Only pools of this group' })) },
});
