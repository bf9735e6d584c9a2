import { auditSigningKey } from '../../../infra/audit/signing-key.ts';
import { startAuditSealer } from '../../../infra/database/audit-sealer.ts';
import type { NodeContext, Part } from '../context.ts';

/** Chains and signs the audit log. Every node runs one; one at a time works. */
export async function startAuditing({ db, sealer, log }: NodeContext): Promise<Part> {
  const signer = await auditSigningKey(db, sealer);
  return startAuditSealer({ db, signer, log });
}
