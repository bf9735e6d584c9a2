import { hash, X509Certificate } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { CloudLocators } from '../../domain/activation/cloud-locators.ts';
import type { ActivationCodes } from '../../domain/activation/codes.ts';
import type { AuditLog } from '../../domain/audit-log.ts';
import { CloudLink } from '../../domain/mra/cloud-link.ts';
import { CloudOnboardingService } from '../../domain/mra/cloud-onboarding.ts';
import { CloudSync } from '../../domain/mra/cloud-sync.ts';
import { checkDomain } from '../../domain/mra/domain-check.ts';
import { LocatorStock } from '../../domain/mra/locator-stock.ts';
import { PhoneEdgeTrustService } from '../../domain/mra/phone-edge-trust.ts';
import type { Sealer, Timeline } from '../../domain/ports.ts';
import { TrustStoreService } from '../../domain/settings/trust-store.ts';
import { cloudOnboardingModule } from '../../endpoints/rest/cloud-onboarding.ts';
import { mraServiceDomainModule } from '../../endpoints/rest/mra-service-domains.ts';
import { phoneEdgeTrustModule } from '../../endpoints/rest/phone-edge-trust.ts';
import type { RestModule } from '../../endpoints/rest/route.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { activationCodeStore } from '../../infra/database/activation-code-store.ts';
import { cloudConnectionStore } from '../../infra/database/mra-cloud-store.ts';
import { locatorStore } from '../../infra/database/mra-locator-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import { TrustCertificatesStore } from '../../infra/database/settings-trust.ts';
import { edgeLookup } from '../../infra/dns/edge-lookup.ts';
import { edgeProbe } from '../../infra/dns/edge-probe.ts';
import { makeCertificateRequest } from '../../infra/pki/certificate-request.ts';
import { cloudClient } from '../../infra/remote/cloud-client.ts';
import { CloudConnections } from '../../infra/remote/cloud-connection.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import type { Log } from '../../kernel/log.ts';
import type { Transactions } from '../../kernel/transaction.ts';
import { settingsServices } from './settings-services.ts';

export interface MraAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly sealer: Sealer;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
  readonly log: Log;
  /** Name of this node. */
  readonly node: string;
  /** What the operator of the cloud shall see at first. */
  readonly clusterName: string;
  /** DNS servers to ask in the live check instead of those of the operating system: `host:port`. */
  readonly dnsServers: readonly string[];
  /** The cloud has not worked for so long that a person must look. */
  readonly onAlarm: () => void;
  /** Longest a person waits for locators when a code is made, in ms. Default 4,000. */
  readonly patience?: number;
}

export interface MraAdministration extends AsyncDisposable {
  readonly codes: ActivationCodes;
  readonly onboarding: CloudOnboardingService;
  readonly sync: CloudSync;
  /** Removes old records of locators that no code has. */
  readonly forget: (days: number) => Promise<number>;
  readonly edgeTrust: PhoneEdgeTrustService;
  /** For the REST door. */
  readonly modules: readonly RestModule[];
}

/** Mobile & Remote Access of a cluster: the cloud, its locators, service domains, and PhoneEdge-trust. `makeCodes`: the codes over these locators. */
export function mraAdministration(
  parts: MraAdministrationParts,
  makeCodes: (locators: CloudLocators) => ActivationCodes,
): MraAdministration {
  const { db, transactions, sealer, audit, timeline, log, node } = parts;
  const connections = new CloudConnections();
  const store = cloudConnectionStore(db);
  const locators = locatorStore(db);
  const link = new CloudLink({ cloud: cloudClient(connections), store, sealer });
  const identities = { make: () => makeCertificateRequest(parts.clusterName) };
  const inBackground = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.warn({ err: error }, 'work with the cloud failed; it is tried again'));
  const stock: LocatorStock = new LocatorStock({
    store: locators,
    clock: systemClock,
    wake: () => inBackground(sync.run()),
    order: (clusterId, count) =>
      within(
        parts.patience ?? 4000,
        link.tried(() => sync.order(clusterId, count)),
      ),
  });
  const codes = makeCodes(stock);
  const sync: CloudSync = new CloudSync({
    link,
    store,
    locators,
    codes,
    codeStore: activationCodeStore(db),
    stock,
    identities,
    sealer,
    transactions,
    timeline,
    sha256: (text) => hash('sha256', text, 'hex'),
    log,
    holder: node,
    alarm: ({ code, message }, since) => {
      log.error(
        { code, reason: message, since },
        'the cloud has not worked for long: codes for phones outside cannot be made',
      );
      parts.onAlarm();
    },
  });
  const onboarding = new CloudOnboardingService({
    store,
    link,
    identities,
    sealer,
    transactions,
    audit,
    readAuthorities,
    sync: () => sync.run(),
  });
  const serviceDomains = settingsServices({ db, transactions, audit }).objects.mraServiceDomains;
  const edgeTrust = new PhoneEdgeTrustService(
    new TrustStoreService(new TrustCertificatesStore(db), readCertificateText, transactions, audit),
    store,
  );
  const lookup = edgeLookup(parts.dnsServers);
  const probe = edgeProbe(async () => (await store.phoneEdgeTrust()).certificates);
  return {
    codes,
    onboarding,
    sync,
    forget: (days) => locators.forget(days),
    edgeTrust,
    modules: [
      cloudOnboardingModule(onboarding, parts.clusterName),
      mraServiceDomainModule(serviceDomains, (domain) => checkDomain(domain, { lookup, probe, clock: systemClock })),
      phoneEdgeTrustModule(edgeTrust),
    ],
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

/** Resolves to 0 when the work takes longer; it goes on, and what it brings is in the stock then. */
async function within(ms: number, work: Promise<number>): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(0), ms);
  });
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function readAuthorities(pem: string): readonly X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || blocks.length > 16) return undefined;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}
