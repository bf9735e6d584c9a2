import { sendMailJob } from '../../../infra/database/mail-store.ts';
import type { NodeContext, Part } from '../context.ts';
import type { NodeDomain } from '../domain.ts';

const retentionDays = 90;

/** Sends what waits in the outbox: at once when asked, and every minute what a lost node or a lost wake-up left behind. */
export async function startMail({ log }: NodeContext, { mail }: NodeDomain): Promise<Part> {
  return {
    jobs: {
      [sendMailJob]: (_, signal) => mail.sender.sendDue(signal),
      'mail-retention': async () => {
        const forgotten = await mail.store.forget(retentionDays);
        if (forgotten > 0) log.info({ messages: forgotten, days: retentionDays }, 'old e-mail records were removed');
      },
    },
    crons: [
      { job: sendMailJob, pattern: '* * * * *' },
      { job: 'mail-retention', pattern: '23 3 * * *' },
    ],
    async [Symbol.asyncDispose]() {},
  };
}
