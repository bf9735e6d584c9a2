import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import { followMraParameters } from '../../domain/mra/mra-parameters.ts';
import { mraServiceDomainRules } from '../../domain/mra/service-domain.ts';
import * as kinds from '../../domain/settings/kinds.ts';
import { NodeService } from '../../domain/settings/node-service.ts';
import { ParameterService } from '../../domain/settings/parameter-service.ts';
import { type ResourceRules, ResourceService } from '../../domain/settings/resource.ts';
import { cloudConnectionStore } from '../../infra/database/mra-cloud-store.ts';
import { mraServiceDomainTable } from '../../infra/database/mra-service-domain-table.ts';
import type { Database } from '../../infra/database/schema.ts';
import { NodesStore } from '../../infra/database/settings-nodes.ts';
import { ParametersStore } from '../../infra/database/settings-parameters.ts';
import { SettingsStore } from '../../infra/database/settings-store.ts';
import type { SettingsTable } from '../../infra/database/settings-table.ts';
import * as tables from '../../infra/database/settings-tables.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface SettingsServicesParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
}

/** The services behind settings, parameters and nodes, for every door alike. They keep no state. */
export function settingsServices({ db, transactions, audit }: SettingsServicesParts) {
  const service = <T extends object>(rules: ResourceRules<T>, table: SettingsTable<T>) =>
    new ResourceService(rules, new SettingsStore(db, table), transactions, audit);
  return {
    objects: {
      devicePools: service(kinds.devicePoolRules, tables.devicePoolTable),
      callManagerGroups: service(kinds.callManagerGroupRules, tables.callManagerGroupTable),
      phoneButtonTemplates: service(kinds.phoneButtonTemplateRules, tables.phoneButtonTemplateTable),
      phoneSecurityProfiles: service(kinds.phoneSecurityProfileRules, tables.phoneSecurityProfileTable),
      sipProfiles: service(kinds.sipProfileRules, tables.sipProfileTable),
      commonPhoneProfiles: service(kinds.commonPhoneProfileRules, tables.commonPhoneProfileTable),
      universalDeviceTemplates: service(kinds.universalDeviceTemplateRules, tables.universalDeviceTemplateTable),
      universalLineTemplates: service(kinds.universalLineTemplateRules, tables.universalLineTemplateTable),
      routePartitions: service(kinds.routePartitionRules, tables.routePartitionTable),
      lines: service(kinds.lineRules, tables.lineTable),
      mraServiceDomains: service(mraServiceDomainRules, mraServiceDomainTable),
    },
    parameters: new ParameterService(
      new ParametersStore(db),
      transactions,
      audit,
      followMraParameters(cloudConnectionStore(db), audit),
    ),
    nodes: new NodeService(new NodesStore(db), transactions, audit),
  };
}
