import { say } from '../../texts/say.ts';
import type { ResourceRules } from '../settings/resource.ts';
import { invalidValue, protectedObject } from '../settings/setting-fault.ts';
import { parseMraDomain } from './domain-name.ts';

/** Where phones register over MRA: one row of the page MRA Service Domains. */
export interface MraServiceDomain {
  readonly name: string;
  /** Lower case; its `_collab-edge._tls` SRV record leads to the edge. */
  readonly domain: string;
  /** Of phones whose pool says `<None>`. Exactly one is. */
  readonly isDefault: boolean;
}

export const mraServiceDomainRules: ResourceRules<MraServiceDomain> = {
  kind: 'mra-service-domain',
  title: 'MRA service domain',
  normalise: (value) => ({ ...value, domain: parseMraDomain(value.domain) ?? value.domain }),
  check(value, before) {
    if (parseMraDomain(value.domain) !== value.domain)
      throw invalidValue('domain', say('invalid_value.domain', { domain: value.domain }));
    if (before?.isDefault === true && !value.isDefault)
      throw protectedObject(say('protected.service_domain_default'), 'isDefault');
  },
  checkRemoval(current) {
    if (current.value.isDefault) throw protectedObject(say('protected.service_domain_default_stays'));
  },
};
