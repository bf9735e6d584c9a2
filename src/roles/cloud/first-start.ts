import { hash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeWhole } from '../../infra/data-directory/files.ts';
import { cloudAuditLog } from '../../infra/database/cloud-operation.ts';
import type { Log } from '../../kernel/log.ts';
import type { CloudDomain } from './domain.ts';
import type { Foundation } from './foundation.ts';
import { type CloudOptions, operatorName } from './options.ts';

const system = { name: 'system', sourceAddress: '' };

/** Makes the first operator where there is none; the random password lies only in `passwordFile` (0600), which is written first. */
export async function ensureOperator({ open }: Foundation, domain: CloudDomain, passwordFile: string): Promise<void> {
  if (await domain.operators.any()) return;
  const kept = (await readFile(passwordFile, 'utf8').catch(() => '')).trim();
  const password = kept === '' ? randomBytes(18).toString('base64url') : kept;
  if (kept === '') await writeWhole(passwordFile, `${password}\n`);
  const passwordHash = await domain.passwords.hash(password);
  await open.transactions.run(async (tx) => {
    // Another node was first; its password holds.
    if (!(await domain.operators.insert(tx, operatorName, passwordHash))) return;
    await cloudAuditLog(open.db).append(tx, {
      actor: system,
      action: 'operator.created',
      objectKind: 'operator',
      objectName: operatorName,
      detail: { reason: 'first start' },
    });
  });
}

/** A laboratory's manufacturers are known from the start. */
export async function trustManufacturers(
  { open }: Foundation,
  domain: CloudDomain,
  manufacturers: NonNullable<CloudOptions['trustedManufacturers']>,
): Promise<void> {
  const known = new Set((await domain.operation.roots()).map((root) => root.sha256));
  for (const { der, description } of manufacturers) {
    if (known.has(hash('sha256', der))) continue;
    await domain.operation.addRoot(system, Buffer.from(der).toString('base64'), {
      description,
      legacySha1: false,
      expiredMicsUntil: undefined,
    });
    await open.db
      .updateTable('manufacturer_root')
      .set({ laboratory: true })
      .where('sha256', '=', hash('sha256', der, 'buffer'))
      .execute();
  }
}

/** What a start as laboratory left counts for nothing now, and is better removed. */
export async function tellOfLaboratory({ open }: Foundation, log: Log): Promise<void> {
  const left = await open.db
    .selectFrom('manufacturer_root')
    .select(['subject', 'sha256'])
    .where('laboratory', '=', true)
    .execute();
  if (left.length > 0)
    log.warn(
      { roots: left.map((each) => `${each.subject} (${each.sha256.toString('hex')})`) },
      'a laboratory left its manufacturer here: it is not trusted while the cloud runs without one. Remove it on the page of manufacturer roots',
    );
}
