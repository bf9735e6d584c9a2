import type { CloudConnection, MraFacts } from './ports.ts';

/** Models under auto-registration can get a code over MRA only: "Allow MRA Onboarding" is then on and cannot be switched off (feature D1). */
export function mraAllowed(facts: Pick<MraFacts, 'allowMraOnboarding' | 'autoRegistrationModels'>): boolean {
  return facts.allowMraOnboarding || facts.autoRegistrationModels.length > 0;
}

export type MraReadiness =
  | 'ready'
  | 'cloud_onboarding_off'
  | 'not_enrolled'
  | 'activation_domain_missing'
  | 'mra_onboarding_off';

/** Whether codes can be made that work from outside, else the first thing that is missing. */
export function readiness(connection: Pick<CloudConnection, 'enabled' | 'enrolled'>, facts: MraFacts): MraReadiness {
  if (connection.enrolled === undefined) return 'not_enrolled';
  if (!connection.enabled) return 'cloud_onboarding_off';
  if (!mraAllowed(facts)) return 'mra_onboarding_off';
  if (facts.activationDomain === undefined) return 'activation_domain_missing';
  return 'ready';
}
