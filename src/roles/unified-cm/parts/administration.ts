import type { AddressInfo } from 'node:net';
import { settingModules } from '../../../endpoints/rest/settings.ts';
import { buildRestServer } from '../../../endpoints/rest/server.ts';
import type { RestModule } from '../../../endpoints/rest/route.ts';
import * as kinds from '../../../domain/settings/kinds.ts';
import { type ResourceRules, ResourceService } from '../../../domain/settings/resource.ts';
import { SettingsStore } from '../../../infra/database/settings-store.ts';
import type { SettingsTable } from '../../../infra/database/settings-table.ts';
import * as tables from '../../../infra/database/settings-tables.ts';
import { tlsMaterial } from '../../../infra/pki/identity.ts';
import { type NodeContext, type Part, reachAt } from '../context.ts';
import type { NodeDomain } from '../domain.ts';

/** REST on 8443. */
export async function startAdministration(context: NodeContext, domain: NodeDomain): Promise<Part> {
  const { configuration, log, version } = context;
  const app = buildRestServer({
    modules: restModules(context, domain),
    access: domain.access,
    log,
    version,
    https: { ...tlsMaterial(context.identity.tomcat), minVersion: 'TLSv1.2', handshakeTimeout: 10_000 },
  });
  await app.listen({ host: configuration.listen.address, port: configuration.ports.https });
  const { port } = app.server.address() as AddressInfo;
  return {
    endpoints: { https: reachAt('https', configuration, port) },
    async [Symbol.asyncDispose]() {
      await app.close();
    },
  };
}

function restModules({ db, transactions }: NodeContext, { audit }: NodeDomain): readonly RestModule[] {
  const service = <T extends object>(rules: ResourceRules<T>, table: SettingsTable<T>) =>
    new ResourceService(rules, new SettingsStore(db, table), transactions, audit);
  return [
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
  ];
}
