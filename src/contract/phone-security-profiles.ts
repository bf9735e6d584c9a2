import Type from 'typebox';
import { name, text } from './common.ts';
import { resource } from './resource.ts';

export const phoneSecurityProfiles = resource({
  title: 'PhoneSecurityProfile',
  description: 'How a phone proves who it is and how its signalling travels',
  path: 'phone-security-profiles',
  fields: {
    name: name(64, 'What the profile is called'),
    description: text(128, 'For people'),
    deviceSecurityMode: Type.Enum(['non-secure', 'authenticated', 'encrypted'], {
      description: 'authenticated: TLS, audio in the clear; encrypted: TLS, audio encrypted',
    }),
    transport: Type.Enum(['udp', 'tcp', 'tcp+udp', 'tls'], { description: 'tls with a secure mode, and only then' }),
    digestAuthentication: Type.Boolean({
      description: 'Whether the registrar asks for digest credentials; only without TLS',
    }),
    enableOauthAuthentication: Type.Boolean({ description: 'Whether phones outside show an OAuth token' }),
  },
  defaults: {
    description: '',
    deviceSecurityMode: 'encrypted',
    transport: 'tls',
    digestAuthentication: false,
    enableOauthAuthentication: false,
  },
  example: {
    name: 'Lobby phones',
    description: 'No TLS, digest credentials',
    deviceSecurityMode: 'non-secure',
    transport: 'tcp',
    digestAuthentication: true,
    enableOauthAuthentication: false,
  },
  filters: {
    deviceSecurityMode: Type.Optional(
      Type.Enum(['non-secure', 'authenticated', 'encrypted'], { description: 'Only profiles of this mode' }),
    ),
  },
});
