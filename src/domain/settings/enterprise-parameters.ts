import { mailParameters } from './mail-parameters.ts';
import type { ParameterKind } from './parameter.ts';

const oauth = 'SSO and OAuth Configuration';

/** The catalogue of what holds for the whole enterprise. A value that is not stored is the default. */
export const enterpriseParameters: readonly ParameterKind[] = [
  {
    name: 'OAuth with Refresh Login Flow',
    group: oauth,
    help: 'Whether phones and clients get a refresh token beside the access token. Onboarding over MRA needs it.',
    type: { kind: 'choice', choices: ['Disabled', 'Enabled'] },
    defaultValue: 'Disabled',
  },
  {
    name: 'OAuth Access Token Expiry Timer (minutes)',
    group: oauth,
    help: 'How long an access token is good for.',
    type: { kind: 'number', minimum: 1, maximum: 1440, unit: 'minutes' },
    defaultValue: '60',
  },
  {
    name: 'OAuth Refresh Token Expiry Timer (days)',
    group: oauth,
    help: 'How long a refresh token is good for. A change revokes all refresh tokens.',
    type: { kind: 'number', minimum: 1, maximum: 90, unit: 'days' },
    defaultValue: '60',
  },
  {
    name: 'Physical Phone OAuth Refresh Token Expiry Timer (days)',
    group: oauth,
    help: 'How long the refresh token of a desk phone is good for.',
    type: { kind: 'number', minimum: 1, maximum: 90, unit: 'days' },
    defaultValue: '60',
  },
  {
    name: 'Show Phones Ready to Activate',
    group: 'Self Care Portal',
    help: 'Whether people see their own phones that wait for a code, and the code, in Self Care.',
    type: { kind: 'boolean' },
    defaultValue: 'true',
  },
  ...mailParameters,
];

export function enterpriseParameterKind(name: string): ParameterKind | undefined {
  return enterpriseParameters.find((each) => each.name === name);
}
