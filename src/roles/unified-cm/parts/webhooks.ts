import { forgetDeliveries, sendWebhooksJob } from '../../../infra/database/webhook-store.ts';
import type { NodeContext, Part } from '../context.ts';
import type { NodeDomain } from '../domain.ts';
import { webhookService } from '../webhook-administration.ts';

const retentionDays = 30;

/** Tells other systems: at once when something happened, and every minute what waits for another attempt. */
export async function startWebhooks(context: NodeContext, { audit }: NodeDomain): Promise<Part> {
  const { db, log, metrics } = context;
  const webhooks = webhookService({ ...context, audit, outboundAllow: context.configuration.outbound.allow });
  return {
    jobs: {
      [sendWebhooksJob]: async (_, signal) => {
        const givenUp = await webhooks.sendDue(signal);
        if (givenUp === 0) return;
        log.error({ deliveries: givenUp }, 'webhook deliveries were given up after a day and a half of attempts');
        metrics.jobFailed(sendWebhooksJob);
      },
      'webhook-retention': async () => {
        await forgetDeliveries(db, retentionDays);
      },
    },
    crons: [
      { job: sendWebhooksJob, pattern: '* * * * *' },
      { job: 'webhook-retention', pattern: '41 3 * * *' },
    ],
    async [Symbol.asyncDispose]() {},
  };
}
