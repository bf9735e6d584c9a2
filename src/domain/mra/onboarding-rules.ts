import { MraFault, onboardingFault } from './faults.ts';
import type { CloudConnection, MraFacts } from './ports.ts';

/** What is refused on the page Cloud Onboarding, and how the connection is called. */

export type ConnectionState = 'not-set-up' | 'not-enrolled' | 'connecting' | 'connected' | 'suspended' | 'failing';

/** Beyond this without a working request the connection is not called good any more, in ms. The cloud is asked every minute. */
const staleAfter = 3 * 60 * 1000;

export function stateOf(connection: CloudConnection): ConnectionState {
  if (connection.address === '') return 'not-set-up';
  if (connection.enrolled === undefined) return 'not-enrolled';
  if (connection.failingSince !== undefined) return 'failing';
  const { lastSuccessAt, now } = connection;
  if (lastSuccessAt === undefined || now.getTime() - lastSuccessAt.getTime() > staleAfter) return 'connecting';
  return connection.cloudState === 'suspended' ? 'suspended' : 'connected';
}

export function refuseForced(
  { autoRegistrationModels }: MraFacts,
  wanted: boolean,
  field = 'allowMraOnboarding',
): void {
  if (wanted || autoRegistrationModels.length === 0) return;
  throw onboardingFault(
    'mra_onboarding_forced',
    `"Allow MRA Onboarding" stays on while Device Defaults use auto-registration (${autoRegistrationModels.slice(0, 5).join(', ')}): those phones can get an activation code over MRA only.`,
    'Set "On-Premise Onboarding Method" of these models to Activation Code first, or switch off "Enable Activation Code Onboarding with Cloud".',
    field,
  );
}

/** https, host, optional port; nothing else: paths and credentials do not belong there. */
export function readAddress(text: string): string {
  const trimmed = text.trim().replace(/\/+$/, '');
  if (trimmed === '') return '';
  const match = /^https:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)(?::(\d{1,5}))?$/.exec(
    trimmed,
  );
  const port = Number(match?.[2] ?? 443);
  if (match === null || port < 1 || port > 65_535)
    throw new MraFault('caller', 'cloud_address_invalid', `${JSON.stringify(text.slice(0, 200))} is not an address.`, {
      field: 'address',
      remedy: 'Write it like https://cloud.example.org:9447.',
    });
  return trimmed.toLowerCase();
}

export function domainInvalid(text: string, field = 'value'): MraFault {
  return new MraFault('caller', 'activation_domain_invalid', `${JSON.stringify(text.slice(0, 253))} is not a domain.`, {
    field,
    remedy: 'Write it like mra.example.org: at least two labels of letters, digits and hyphens.',
  });
}

export const alreadyEnrolled = () =>
  onboardingFault('already_enrolled', 'This cluster is enrolled already.', 'Disconnect from the cloud first.');
export const notEnrolled = () =>
  onboardingFault(
    'not_enrolled',
    'This cluster is not enrolled with a cloud.',
    'Click Generate Voucher on the Cloud Onboarding page, or paste the voucher of the operator.',
  );
