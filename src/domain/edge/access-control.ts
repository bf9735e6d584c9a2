import { EdgeFault } from './edge-fault.ts';

/** The settings of the page "MRA access control" of Expressway-C, and the domains of this edge. */
export interface AccessControl {
  readonly authorizeByOauthTokenWithRefresh: boolean;
  /** Makes every E ask phones for their certificate, and lets activations in. */
  readonly allowActivationCodeOnboarding: boolean;
  /** Domains this edge answers for. Empty: every service domain of the clusters. */
  readonly domains: readonly string[];
}

/** Both off, as the field delivers them. */
export const initialAccessControl: AccessControl = {
  authorizeByOauthTokenWithRefresh: false,
  allowActivationCodeOnboarding: false,
  domains: [],
};

/** Throws EdgeFault `activation_needs_oauth` (an activated phone could never register), `domain_invalid`. */
export function changeAccessControl(now: AccessControl, change: Partial<AccessControl>): AccessControl {
  const next = { ...now, ...change };
  if (next.allowActivationCodeOnboarding && !next.authorizeByOauthTokenWithRefresh) {
    throw new EdgeFault(
      'policy',
      'activation_needs_oauth',
      'Activation code onboarding needs "Authorize by OAuth token with refresh".',
      {
        field: 'allowActivationCodeOnboarding',
        remedy: 'Switch on "Authorize by OAuth token with refresh" too, or switch this off first.',
      },
    );
  }
  return { ...next, domains: [...new Set(next.domains.map((domain, at) => serviceDomain(domain, `domains[${at}]`)))] };
}

const domainForm = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function isServiceDomain(text: string): boolean {
  return domainForm.test(text);
}

function serviceDomain(text: string, field: string): string {
  const domain = text.trim().toLowerCase().replace(/\.$/, '');
  if (isServiceDomain(domain)) return domain;
  throw new EdgeFault('caller', 'domain_invalid', `"${text.slice(0, 100)}" is not a domain name.`, {
    field,
    remedy: 'Write it like mra.example.org.',
  });
}

/** The domains an edge answers for: its own choice among those the clusters have. */
export function servedDomains(chosen: readonly string[], ofClusters: readonly (readonly string[])[]): string[] {
  const known = new Set(ofClusters.flat().map((domain) => domain.toLowerCase()));
  return chosen.length === 0 ? [...known] : chosen.filter((domain) => known.has(domain));
}
