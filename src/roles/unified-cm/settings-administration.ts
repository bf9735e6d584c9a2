import type { Kysely } from 'kysely';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { AuditKey } from '../../domain/audit/audit-reader.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import { FirmwareService } from '../../domain/provisioning/firmware-service.ts';
import * as kinds from '../../domain/settings/kinds.ts';
import { MicDenyService } from '../../domain/settings/mic-deny.ts';
import { NodeService } from '../../domain/settings/node-service.ts';
import { ParameterService } from '../../domain/settings/parameter-service.ts';
import { type ResourceRules, ResourceService } from '../../domain/settings/resource.ts';
import { TrustStoreService } from '../../domain/settings/trust-store.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { auditModule } from '../../endpoints/rest/audit.ts';
import { firmwareModule } from '../../endpoints/rest/firmware.ts';
import { nodeModule } from '../../endpoints/rest/nodes.ts';
import { parameterModule } from '../../endpoints/rest/parameters.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { sessionModule } from '../../endpoints/rest/session.ts';
import { settingModules } from '../../endpoints/rest/settings.ts';
import { trustModule } from '../../endpoints/rest/trust.ts';
import { trustListModule } from '../../endpoints/rest/trust-list.ts';
import { userModule } from '../../endpoints/rest/users.ts';
import { verifyStoredAudit } from '../../infra/audit/verify-audit.ts';
import { AuditStore } from '../../infra/database/audit-store.ts';
import { firmwareStore } from '../../infra/database/provisioning-firmware.ts';
import type { Database } from '../../infra/database/schema.ts';
import { NodesStore } from '../../infra/database/settings-nodes.ts';
import { ParametersStore } from '../../infra/database/settings-parameters.ts';
import { SettingsStore } from '../../infra/database/settings-store.ts';
import type { SettingsTable } from '../../infra/database/settings-table.ts';
import * as tables from '../../infra/database/settings-tables.ts';
import { MicDenialsStore, newestTrustList, TrustCertificatesStore } from '../../infra/database/settings-trust.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface SettingsAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly access: AccessService;
  readonly users: UserService;
  readonly auditKey: AuditKey;
  readonly version: string;
  readonly node: string;
  /** Whether the phone lab is there. */
  readonly lab: boolean;
}

/** Everything the REST door offers but phones: sessions, users, settings, parameters, nodes, trust, firmware, audit. */
export function settingsAdministration(parts: SettingsAdministrationParts): readonly RestModule[] {
  const { db, transactions, audit, access, users, auditKey, version, node, lab } = parts;
  const service = <T extends object>(rules: ResourceRules<T>, table: SettingsTable<T>) =>
    new ResourceService(rules, new SettingsStore(db, table), transactions, audit);
  return [
    sessionModule(access, users, { version, node, lab }),
    userModule(users, access),
    ...settingModules({
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
    }),
    parameterModule(new ParameterService(new ParametersStore(db), transactions, audit)),
    nodeModule(new NodeService(new NodesStore(db), transactions, audit)),
    trustModule(
      new TrustStoreService(new TrustCertificatesStore(db), readCertificateText, transactions, audit),
      new MicDenyService(new MicDenialsStore(db), transactions, audit),
    ),
    trustListModule(() => newestTrustList(db)),
    firmwareModule(new FirmwareService(firmwareStore(db), audit)),
    auditModule({
      reader: new AuditStore(db),
      key: auditKey,
      verify: () => verifyStoredAudit(db, auditKey.publicKeyPem),
    }),
  ];
}
