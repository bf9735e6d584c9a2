import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { inTransaction } from '../../infra/database/connect.ts';
import { type LabManufacturer, labManufacturerFiles } from '../../infra/pki/lab-manufacturer.ts';
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
      laboratory: true,
    };
  });
  await transactions.run(async (tx) => {
    await inTransaction(db, tx).updateTable('cluster').set({ laboratory_open: true }).execute();
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

/**
 * A start without --lab: nothing that a laboratory brought counts any more, its cloud is left alone, and the log says what is still there
 * and how it goes away. Another start with --lab finds everything as it was.
 */
export async function closeLaboratory(
  { configuration, db, transactions, log }: NodeContext,
  { audit }: NodeDomain,
): Promise<void> {
  await transactions.run(async (tx) => {
    const on = inTransaction(db, tx);
    await on.updateTable('cluster').set({ laboratory_open: false }).execute();
    const cloud = await on
      .updateTable('cloud_connection')
      .set({ enabled: false, version: sql`version + 1` })
      .where('laboratory', '=', true)
      .where('enabled', '=', true)
      // All-in-one with MRA and without a laboratory runs the same cloud for good.
      .where(sql<boolean>`${!configuration.mra.enabled}`)
      .returning('address')
      .executeTakeFirst();
    if (cloud !== undefined)
      await audit.append(tx, {
        actor: { name: 'system', sourceAddress: '' },
        action: 'cloud-onboarding.changed',
        objectKind: 'cloud-onboarding',
        objectName: cloud.address,
        detail: { changed: { enabled: [true, false] }, reason: 'laboratory closed' },
      });
  });
  const left = await leftovers(db, join(configuration.dataDirectory, 'lab'));
  for (const [what, names] of left) log.warn({ names }, what);
}

async function leftovers(db: NodeContext['db'], directory: string): Promise<readonly [string, readonly string[]][]> {
  const trusted = await db
    .selectFrom('trust_certificate')
    .select(['purpose', 'subject', 'sha256', 'laboratory'])
    .orderBy('purpose')
    .execute();
  const roots = trusted.filter((each) => each.laboratory);
  const own = await labFingerprints(directory);
  const adopted = trusted.filter((each) => !each.laboratory && own.has(each.sha256.toString('hex')));
  const { rows: phones } = await sql<{ name: string }>`
    select distinct d.name from activation a join device d on d.id = a.device_id
    where a.mic_root_sha256 = any (${roots.map((each) => each.sha256)}::bytea[]) order by d.name limit 20`.execute(db);
  const { rows: domains } = await sql<{ name: string }>`
    select d.name from mra_service_domain d where exists (
      select from audit_event e where e.object_kind = 'mra-service-domain' and e.object_id = d.id::text and e.detail->>'reason' = 'laboratory')`.execute(
    db,
  );
  const cloud = await db.selectFrom('cloud_connection').select('address').where('laboratory', '=', true).execute();
  const named = ({ purpose, subject, sha256 }: (typeof trusted)[number]) =>
    `${purpose}: ${subject} (${sha256.toString('hex')})`;
  const texts: readonly [string, readonly string[]][] = [
    [
      'a laboratory left certificates here: they are not trusted without --lab. Remove them on the page Certificates or with DELETE /api/v1/trust-certificates',
      roots.map(named),
    ],
    [
      'the manufacturer of a laboratory is trusted because an administrator said so (firstring lab): remove it before real phones come',
      adopted.map(named),
    ],
    ['phones of a laboratory are still configured: delete them', phones.map((each) => each.name)],
    [
      'MRA service domains of a laboratory are still there: remove them on the page MRA Service Domains',
      domains.map((each) => each.name),
    ],
    [
      'the cloud of a laboratory is still entered, and switched off: enter your own on the page Cloud Onboarding',
      cloud.map((each) => each.address),
    ],
  ];
  return texts.filter(([, names]) => names.length > 0);
}

/** SHA-256 in hex of the certificates that this directory's laboratory manufacturer has; none where there is none. */
async function labFingerprints(directory: string): Promise<ReadonlySet<string>> {
  const pem = await readFile(join(directory, labManufacturerFiles.certificate), 'utf8').catch(() => '');
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return new Set(blocks.map((block) => new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase()));
}
