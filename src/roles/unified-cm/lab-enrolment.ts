import { inTransaction } from '../../infra/database/connect.ts';
import { ParametersStore } from '../../infra/database/settings-parameters.ts';
import { derToPem } from '../../infra/pki/identity.ts';
import { readCertificateText } from '../../infra/trust/read-certificate.ts';
import type { Log } from '../../kernel/log.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

export interface LaboratoryCloud {
  /** `https://127.0.0.1:9447`. */
  readonly url: string;
  /** PEM of the authority of the cloud's certificate. */
  readonly authorityPem: string;
  /** A fresh one; called only when it is needed. */
  readonly makeVoucher: () => Promise<string>;
  readonly activationDomain: string;
  /** Beside the activation domain. */
  readonly serviceDomains: readonly { readonly name: string; readonly domain: string }[];
  /** DER of the authorities of the Expressway-Es: they go to PhoneEdge-trust. */
  readonly edgeRoots: readonly Uint8Array[];
  /** False: all-in-one with MRA for good. True: all of it counts only while the laboratory is open. */
  readonly laboratory: boolean;
}

const actor = { name: 'system', sourceAddress: '' };

/**
 * What an administrator does by hand in the order of docs/mra.md, for a laboratory: OAuth on, cloud, activation domain, service domains,
 * PhoneEdge-trust. A second start finds everything done. Resolves when the cloud has it all, and locators are in stock.
 */
export async function enrolLaboratory(
  { db, transactions, log }: Pick<NodeContext, 'db' | 'transactions'> & { readonly log: Log },
  { mra, audit }: Pick<NodeDomain, 'mra' | 'audit'>,
  cloud: LaboratoryCloud,
): Promise<void> {
  await transactions.run(async (tx) => {
    const parameters = new ParametersStore(db);
    const name = 'OAuth with Refresh Login Flow';
    if ((await parameters.enterpriseValues(tx)).get(name) === 'Enabled') return;
    await parameters.setEnterpriseValue(tx, name, 'Enabled');
    await audit.append(tx, {
      actor,
      action: 'enterprise-parameter.changed',
      objectKind: 'enterprise-parameter',
      objectName: name,
      detail: { after: 'Enabled', reason: 'laboratory' },
    });
  });
  await trustEdges(db, transactions, audit, cloud);
  const { connection } = await mra.onboarding.show();
  // The ports of a laboratory may move between two starts; who this cluster is at the cloud stays.
  if (connection.address !== cloud.url || connection.authorityPem !== cloud.authorityPem)
    await mra.onboarding.change(actor, { address: cloud.url, certificateAuthority: cloud.authorityPem });
  if (cloud.laboratory) await db.updateTable('cloud_connection').set({ laboratory: true }).execute();
  await addServiceDomains(db, transactions, audit, cloud);
  await mra.onboarding.change(actor, {
    mraActivationDomain: cloud.activationDomain,
    enableActivationCodeOnboarding: true,
  });
  if (connection.enrolled === undefined) await mra.onboarding.enrol(actor, await cloud.makeVoucher(), 'laboratory');
  const outcome = await mra.sync.run();
  const { state } = await mra.onboarding.show();
  if (state !== 'connected') log.warn({ outcome, state }, 'the laboratory’s cloud is not connected yet');
}

type Database = NodeContext['db'];
type Audit = NodeDomain['audit'];

async function trustEdges(
  db: Database,
  transactions: NodeContext['transactions'],
  audit: Audit,
  { edgeRoots, laboratory }: LaboratoryCloud,
): Promise<void> {
  for (const der of edgeRoots) {
    const facts = readCertificateText(derToPem(der));
    if (facts === undefined) throw new Error('an edge authority of the laboratory is no certificate');
    await transactions.run(async (tx) => {
      const added = await inTransaction(db, tx)
        .insertInto('trust_certificate')
        .values({
          purpose: 'PhoneEdge-trust',
          sha256: Buffer.from(facts.sha256, 'hex'),
          der: Buffer.from(facts.der),
          subject: facts.subject,
          issuer: facts.issuer,
          serial_number: facts.serialNumber,
          not_before: facts.notBefore,
          not_after: facts.notAfter,
          description: 'Expressway-E of the laboratory',
          mic_root: false,
          laboratory,
        })
        .onConflict((conflict) => {
          const known = conflict.columns(['purpose', 'sha256']);
          return laboratory
            ? known.doNothing()
            : known.doUpdateSet({ laboratory }).where('trust_certificate.laboratory', '=', true);
        })
        .returning('id')
        .executeTakeFirst();
      if (added === undefined) return;
      await audit.append(tx, {
        actor,
        action: 'certificate.trusted',
        objectKind: 'trust-certificate',
        objectId: facts.sha256,
        objectName: facts.subject,
        detail: { purpose: 'PhoneEdge-trust', reason: 'laboratory' },
      });
    });
  }
}

async function addServiceDomains(
  db: Database,
  transactions: NodeContext['transactions'],
  audit: Audit,
  { activationDomain, serviceDomains }: LaboratoryCloud,
): Promise<void> {
  // The activation domain first: it becomes the default.
  for (const { name, domain } of [{ name: activationDomain, domain: activationDomain }, ...serviceDomains]) {
    await transactions.run(async (tx) => {
      const on = inTransaction(db, tx);
      const anyDefault = await on
        .selectFrom('mra_service_domain')
        .select('id')
        .where('is_default', '=', true)
        .executeTakeFirst();
      const added = await on
        .insertInto('mra_service_domain')
        .values({ name, domain, is_default: anyDefault === undefined })
        .onConflict((conflict) => conflict.doNothing())
        .returning('id')
        .executeTakeFirst();
      if (added === undefined) return;
      await audit.append(tx, {
        actor,
        action: 'mra-service-domain.created',
        objectKind: 'mra-service-domain',
        objectId: added.id,
        objectName: name,
        detail: { domain, reason: 'laboratory' },
      });
    });
  }
}
