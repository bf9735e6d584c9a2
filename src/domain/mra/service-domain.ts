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
      throw invalidValue(
        'domain',
        `"${value.domain}" is not a domain.`,
        'Write it like emea.example.org, or as its SRV record _collab-edge._tls.emea.example.org.',
      );
    if (before?.isDefault === true && !value.isDefault)
      throw protectedObject(
        'One MRA service domain must be the default; make another one the default instead.',
        'isDefault',
      );
  },
  checkRemoval(current) {
    if (current.value.isDefault)
      throw protectedObject('The default MRA service domain cannot be deleted; make another one the default first.');
  },
};
