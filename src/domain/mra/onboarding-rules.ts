import { say } from '../../texts/say.ts';
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
    say('mra_onboarding_forced', { autoRegistrationModels: autoRegistrationModels.slice(0, 5).join(', ') }),
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
    throw new MraFault('caller', say('cloud_address_invalid', { text: text.slice(0, 200) }), { field: 'address' });
  return trimmed.toLowerCase();
}

export function domainInvalid(text: string, field = 'value'): MraFault {
  return new MraFault('caller', say('activation_domain_invalid', { text: text.slice(0, 253) }), { field });
}

export const alreadyEnrolled = () => onboardingFault(say('already_enrolled'));
export const notEnrolled = () => onboardingFault(say('not_enrolled'));
