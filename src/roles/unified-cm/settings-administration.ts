import type { Kysely } from 'kysely';
import type { AccessService } from '../../domain/access/access-service.ts';
import type { AuditKey } from '../../domain/audit/audit-reader.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import { AutoRegistrationService } from '../../domain/auto-registration/auto-registration-service.ts';
import { FirmwareService } from '../../domain/provisioning/firmware-service.ts';
import { FailedProofsService } from '../../domain/settings/failed-proofs.ts';
import { MicDenyService } from '../../domain/settings/mic-deny.ts';
import { RevocationListService } from '../../domain/settings/revocation-lists.ts';
import { TrustStoreService } from '../../domain/settings/trust-store.ts';
import type { UserService } from '../../domain/users/user-service.ts';
import { auditModule } from '../../endpoints/rest/audit.ts';
import { autoRegistrationModule } from '../../endpoints/rest/auto-registration.ts';
import { revocationListModule } from '../../endpoints/rest/certificate-revocation-lists.ts';
import { failedProofsModule } from '../../endpoints/rest/failed-proofs.ts';
import { firmwareModule } from '../../endpoints/rest/firmware.ts';
import { nodeModule } from '../../endpoints/rest/nodes.ts';
import { parameterModule } from '../../endpoints/rest/parameters.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { sessionModule } from '../../endpoints/rest/session.ts';
import { settingModules } from '../../endpoints/rest/settings.ts';
import { tapsModule } from '../../endpoints/rest/taps.ts';
import { trustModule } from '../../endpoints/rest/trust.ts';
import { trustListModule } from '../../endpoints/rest/trust-list.ts';
import { userModule } from '../../endpoints/rest/users.ts';
import { headFiles } from '../../infra/audit/head-log.ts';
import { verifyStoredAudit } from '../../infra/audit/verify-audit.ts';
import { readMicTrust } from '../../infra/database/activation-trust-store.ts';
import { AuditStore } from '../../infra/database/audit-store.ts';
import { autoRegistrationStore } from '../../infra/database/auto-registration-store.ts';
import { failedProofsStore } from '../../infra/database/failed-proofs-store.ts';
import { firmwareStore } from '../../infra/database/provisioning-firmware.ts';
import { RevocationListsStore } from '../../infra/database/revocation-list-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import { MicDenialsStore, newestTrustList, TrustCertificatesStore } from '../../infra/database/settings-trust.ts';
import { tapsStore } from '../../infra/database/taps-store.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import { revocationListReader } from '../../infra/trust/revocation-list-reader.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import type { Sealing } from './context.ts';
import { settingsServices } from './settings-services.ts';

export interface SettingsAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly access: AccessService;
  readonly users: UserService;
  readonly auditKey: AuditKey;
  readonly version: string;
  readonly node: string;
  readonly nodeId: string;
  /** Whether the phone lab is there. */
  readonly lab: boolean;
  /** Where this node keeps heads of the audit log; absent: nowhere. */
  readonly dataDirectory?: string;
  readonly sealing?: Sealing;
}

/** Everything the REST door offers but phones: sessions, users, settings, parameters, nodes, trust, firmware, audit. */
export function settingsAdministration(parts: SettingsAdministrationParts): readonly RestModule[] {
  const { db, transactions, audit, access, users, auditKey, version, node, nodeId, lab, dataDirectory, sealing } =
    parts;
  const services = settingsServices(parts);
  return [
    sessionModule(access, users, { version, node, lab }),
    userModule(users, access),
    ...settingModules(services.objects),
    parameterModule(services.parameters),
    nodeModule(services.nodes),
    autoRegistrationModule(new AutoRegistrationService(autoRegistrationStore(db), transactions, audit)),
    tapsModule(tapsStore(db, { id: nodeId, name: node })),
    trustModule(
      new TrustStoreService(new TrustCertificatesStore(db), readCertificateText, transactions, audit),
      new MicDenyService(new MicDenialsStore(db), transactions, audit),
    ),
    revocationListModule(
      new RevocationListService(
        new RevocationListsStore(db),
        revocationListReader(async () => (await readMicTrust(db, lab)).certificates),
        transactions,
        audit,
      ),
    ),
    failedProofsModule(new FailedProofsService(failedProofsStore(db), transactions, audit)),
    trustListModule(() => newestTrustList(db)),
    firmwareModule(new FirmwareService(firmwareStore(db), audit)),
    auditModule({
      reader: new AuditStore(db),
      key: auditKey,
      verify: async () =>
        verifyStoredAudit(db, auditKey.publicKeyPem, dataDirectory === undefined ? [] : await headFiles(dataDirectory)),
      notSealing: () => sealing?.alarm?.message,
    }),
  ];
}
