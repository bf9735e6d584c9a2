import { type Kysely, sql } from 'kysely';
import { parseMraDomain } from '../../domain/mra/domain-name.ts';
import type { Database } from './schema.ts';

/** Domains of MRA as plain data that can go to other threads. */
export interface MraDomains {
  /** Undefined: none is set. */
  readonly activationDomain: string | undefined;
  /** Id of a service domain → its domain. */
  readonly byId: Readonly<Record<string, string>>;
  /** Id of a device pool → domain, where the pool names one. */
  readonly byPool: Readonly<Record<string, string>>;
  readonly byDefault: string | undefined;
}

export async function readMraDomains(db: Kysely<Database>): Promise<MraDomains> {
  const { rows } = await sql<{
    activation: string | null;
    domains: { id: string; domain: string; isDefault: boolean }[];
    pools: { id: string; domain: string }[];
  }>`
    select (select value from service_parameter
             where service = 'Device Activation Service' and name = 'MRA Activation Domain' and node_id is null) as activation,
           (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'domain', domain, 'isDefault', is_default)), '[]')
              from mra_service_domain) as domains,
           (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'domain', d.domain)), '[]')
              from device_pool p join mra_service_domain d on d.id = p.mra_service_domain_id) as pools`.execute(db);
  const { activation, domains, pools } = rows[0]!;
  return {
    activationDomain: activation === null || activation === '' ? undefined : parseMraDomain(activation),
    byId: Object.fromEntries(domains.map(({ id, domain }) => [id, domain])),
    byPool: Object.fromEntries(pools.map(({ id, domain }) => [id, domain])),
    byDefault: domains.find(({ isDefault }) => isDefault)?.domain,
  };
}

/** Phone's own > device pool > default (spec/mra.md "Configuration and redirect"). */
export function serviceDomainOf(
  domains: MraDomains,
  devicePoolId: string,
  own: string | undefined,
): string | undefined {
  return (own === undefined ? undefined : domains.byId[own]) ?? domains.byPool[devicePoolId] ?? domains.byDefault;
}
