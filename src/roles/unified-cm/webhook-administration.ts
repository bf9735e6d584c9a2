import type { Kysely } from 'kysely';
import type { AuditLog } from '../../domain/audit-log.ts';
import type { Sealer } from '../../domain/ports.ts';
import { WebhookService } from '../../domain/webhooks/webhook-service.ts';
import { systemRandom } from '../../infra/crypto/random.ts';
import type { Database } from '../../infra/database/schema.ts';
import { webhookStore } from '../../infra/database/webhook-store.ts';
import { outboundRule } from '../../infra/net/outbound.ts';
import { readableCa, webhookPost } from '../../infra/webhooks/post.ts';
import type { Transactions } from '../../kernel/transaction.ts';

export interface WebhookAdministrationParts {
  readonly db: Kysely<Database>;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly sealer: Sealer;
  readonly version: string;
  /** Of the node's configuration: what webhooks may reach although it is this machine or the link. */
  readonly outboundAllow: readonly string[];
}

export function webhookService(parts: WebhookAdministrationParts) {
  const { db, transactions, audit, sealer, version, outboundAllow } = parts;
  const outbound = outboundRule(outboundAllow);
  return new WebhookService({
    store: webhookStore(db),
    transactions,
    audit,
    sealer,
    random: systemRandom,
    post: webhookPost(sealer, version, outbound),
    allowsHost: outbound.allowsHost,
    readableCa,
  });
}
