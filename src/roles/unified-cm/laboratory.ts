import { X509Certificate } from 'node:crypto';
import { inTransaction } from '../../infra/database/connect.ts';
import type { LabManufacturer } from '../../infra/pki/lab-manufacturer.ts';
import type { NodeContext } from './context.ts';
import type { NodeDomain } from './domain.ts';

/** Puts the laboratory's manufacturer into CallManager-trust, root and issuing CA alike, as real manufacturers' are. */
export async function trustLaboratory(
  { db, transactions }: NodeContext,
  domain: NodeDomain,
  lab: LabManufacturer,
): Promise<void> {
  const rows = [
    { der: lab.root, micRoot: true },
    { der: lab.issuing, micRoot: false },
  ].map(({ der, micRoot }) => {
    const certificate = new X509Certificate(der);
    return {
      purpose: 'CallManager-trust',
      sha256: Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex'),
      der,
      subject: certificate.subject.replaceAll('\n', ', '),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      serial_number: certificate.serialNumber,
      not_before: new Date(certificate.validFrom),
      not_after: new Date(certificate.validTo),
      description: 'Laboratory manufacturer: not for real phones',
      mic_root: micRoot,
    };
  });
  await transactions.run(async (tx) => {
    const added = await inTransaction(db, tx)
      .insertInto('trust_certificate')
      .values(rows)
      .onConflict((conflict) => conflict.columns(['purpose', 'sha256']).doNothing())
      .returning(['id', 'subject'])
      .execute();
    for (const each of added) {
      await domain.audit.append(tx, {
        actor: { name: 'system', sourceAddress: '' },
        action: 'trust-certificate.created',
        objectKind: 'trust-certificate',
        objectId: each.id,
        objectName: each.subject,
        detail: { purpose: 'CallManager-trust', reason: 'laboratory' },
      });
    }
  });
}
