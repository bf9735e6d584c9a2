import { contentVersion } from '../../kernel/content-version.ts';
import { say } from '../../texts/say.ts';
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

/** What a reader says it has seen when it changes them. */
export function accessControlVersion({
  authorizeByOauthTokenWithRefresh,
  allowActivationCodeOnboarding,
  domains,
}: AccessControl): number {
  return contentVersion([authorizeByOauthTokenWithRefresh, allowActivationCodeOnboarding, domains]);
}

/**
 * Throws EdgeFault `activation_needs_oauth` (an activated phone could never register), `domain_invalid`, and `version_conflict` when
 * `ifVersion` was made from something else than `now`.
 */
export function changeAccessControl(
  now: AccessControl,
  change: Partial<AccessControl>,
  ifVersion?: number,
): AccessControl {
  if (ifVersion !== undefined && ifVersion !== accessControlVersion(now)) {
    throw new EdgeFault('policy', say('version_conflict.mra_access'), {
      field: 'If-Match',
      detail: { version: accessControlVersion(now) },
    });
  }
  const next = { ...now, ...change };
  if (next.allowActivationCodeOnboarding && !next.authorizeByOauthTokenWithRefresh) {
    throw new EdgeFault('policy', say('activation_needs_oauth'), { field: 'allowActivationCodeOnboarding' });
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
  throw new EdgeFault('caller', say('domain_invalid', { text: text.slice(0, 100) }), { field });
}

/** The domains an edge answers for: its own choice among those the clusters have. */
export function servedDomains(chosen: readonly string[], ofClusters: readonly (readonly string[])[]): string[] {
  const known = new Set(ofClusters.flat().map((domain) => domain.toLowerCase()));
  return chosen.length === 0 ? [...known] : chosen.filter((domain) => known.has(domain));
}
