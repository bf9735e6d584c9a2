import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import type { Sealer } from '../../domain/ports.ts';
import { WebhookService } from '../../domain/webhooks/webhook-service.ts';
import { systemRandom } from '../../infra/crypto/random.ts';
import type { Database } from '../../infra/database/schema.ts';
import { webhookStore } from '../../infra/database/webhook-store.ts';
import { readableCa, webhookPost } from '../../infra/webhooks/post.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface WebhookAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly version: string;
}

export function webhookService({ db, transactions, audit, sealer, version }: WebhookAdministrationParts) {
  return new WebhookService({
    store: webhookStore(db),
    transactions,
    audit,
    sealer,
    random: systemRandom,
    post: webhookPost(sealer, version),
    readableCa,
  });
}
