import type { Transaction } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor } from '../ports.ts';
import type { FollowParameter } from '../settings/parameter-service.ts';
import { parseMraDomain } from './domain-name.ts';
import { onboardingFault } from './faults.ts';
import { domainInvalid, refuseForced } from './onboarding-rules.ts';
import type { CloudConnectionStore } from './ports.ts';

type Store = Pick<CloudConnectionStore, 'read' | 'facts' | 'copyToServiceDomains'>;

/**
 * What follows from the two service parameters of MRA, whichever door sets them: the activation domain is copied to the service domains, and
 * "Enable MRA Activation", which is the box "Allow MRA Onboarding", stays on where it has to.
 */
export function followMraParameters(store: Store, audit: AuditLog): FollowParameter {
  return async (tx, actor, service, name, value) => {
    if (service !== 'Device Activation Service') return;
    if (name === 'Enable MRA Activation' && value === 'false') refuseForced(await store.facts(tx), false, 'value');
    if (name !== 'MRA Activation Domain') return;
    if (value !== undefined && value !== '') {
      const domain = parseMraDomain(value);
      if (domain === undefined) throw domainInvalid(value, 'value');
      await copyActivationDomain(store, audit, tx, actor, domain);
    } else if ((await store.read(tx)).enabled) throw onboardingFault(say('activation_domain_missing.in_use'), 'value');
  };
}

export async function copyActivationDomain(
  store: Pick<CloudConnectionStore, 'copyToServiceDomains'>,
  audit: AuditLog,
  tx: Transaction,
  actor: Actor,
  domain: string,
): Promise<void> {
  if (!(await store.copyToServiceDomains(tx, domain))) return;
  await audit.append(tx, {
    actor,
    action: 'mra-service-domain.created',
    objectKind: 'mra-service-domain',
    objectName: domain,
    detail: { because: 'it is the MRA activation domain' },
  });
}
