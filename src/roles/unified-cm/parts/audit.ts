import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditKeyFile, auditSigningKey } from '../../../infra/audit/signing-key.ts';
import { writeWhole } from '../../../infra/data-directory/files.ts';
import { startAuditSealer } from '../../../infra/database/audit-sealer.ts';
import type { NodeContext, Part } from '../context.ts';

/** Chains and signs the audit log. Every node runs one; one at a time works. */
export async function startAuditing({ db, sealer, log, configuration }: NodeContext): Promise<Part> {
  const signer = await auditSigningKey(db, sealer);
  // Kept outside of the database from the first start on, so that who can write there cannot sign a log of their own.
  const file = join(configuration.dataDirectory, auditKeyFile);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept === undefined) await writeWhole(file, signer.publicKeyPem, 0o644);
  else if (kept.trim() !== signer.publicKeyPem.trim())
    log.error(
      { file },
      'the audit log is signed with another key than the one kept in this file: find out why before you delete it',
    );
  return startAuditSealer({ db, signer, log });
}
