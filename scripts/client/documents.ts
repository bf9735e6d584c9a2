import { manufacturerModule } from '../../src/endpoints/cloud/manufacturer-module.ts';
import { cloudModule } from '../../src/endpoints/cloud/operator-modules.ts';
import { tenantModule } from '../../src/endpoints/cloud/tenant-module.ts';
import { expresswayCModule } from '../../src/endpoints/edge/console-c.ts';
import { expresswayEModule } from '../../src/endpoints/edge/console-e.ts';
import { consoleModule } from '../../src/endpoints/edge/console-module.ts';
import { labModule } from '../../src/endpoints/rest/lab.ts';
import { openApiDocument, wholeApi } from '../../src/endpoints/rest/openapi.ts';
import type { RestModule } from '../../src/endpoints/rest/route.ts';
import { webhookModule } from '../../src/endpoints/rest/webhooks.ts';
import { accessAdministration } from '../../src/roles/unified-cm/access-administration.ts';
import { bulkAdministration } from '../../src/roles/unified-cm/bulk-administration.ts';
import { mailAdministration } from '../../src/roles/unified-cm/mail-administration.ts';
import { mraAdministration } from '../../src/roles/unified-cm/mra-administration.ts';
import { phoneAdministration } from '../../src/roles/unified-cm/phone-administration.ts';
import { settingsAdministration } from '../../src/roles/unified-cm/settings-administration.ts';
import type { OpenApi } from './client-source.ts';

/** Stands for every service: routes are written down without one being asked. Whoever reads or calls it gets it again; as a number it is 0. */
const anything: never = new Proxy(() => {}, {
  get: (_, name) =>
    name === Symbol.toPrimitive ? () => 0 : name === 'then' || typeof name === 'symbol' ? undefined : anything,
  apply: () => anything,
  construct: () => anything,
}) as never;

/** The OpenAPI documents of every REST API there is, made without a database or a listener. A test holds each against what a running system serves. */
export function openApiDocuments(): Readonly<Record<'UnifiedCm' | 'Cloud' | 'ExpresswayC' | 'ExpresswayE', OpenApi>> {
  const document = (keys: boolean, ...given: readonly RestModule[]) => {
    const { modules, problems } = wholeApi(given);
    return openApiDocument(modules, problems, '', { keys }) as unknown as OpenApi;
  };
  return {
    UnifiedCm: document(
      true,
      ...phoneAdministration(anything).modules,
      ...mailAdministration(anything).modules,
      webhookModule(anything),
      ...bulkAdministration(anything).modules,
      ...mraAdministration(anything, anything).modules,
      ...accessAdministration(anything),
      ...settingsAdministration(anything),
      labModule(anything),
    ),
    Cloud: document(true, cloudModule(anything), tenantModule(anything), manufacturerModule(anything)),
    ExpresswayC: document(false, consoleModule('expressway-c', '', anything), expresswayCModule(anything)),
    ExpresswayE: document(false, consoleModule('expressway-e', '', anything), expresswayEModule(anything)),
  };
}
