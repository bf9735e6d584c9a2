import { forgetTimeline } from '../../../infra/database/timeline-store.ts';
import type { NodeContext, Part } from '../context.ts';

const retentionDays = 90;

/** Forgets what phones did long ago. */
export async function startTimelineKeeping({ db, log }: NodeContext): Promise<Part> {
  return {
    jobs: {
      'timeline-retention': async () => {
        const forgotten = await forgetTimeline(db, retentionDays);
        if (forgotten > 0) log.info({ events: forgotten, days: retentionDays }, 'old timeline events were removed');
      },
    },
    crons: [{ job: 'timeline-retention', pattern: '17 3 * * *' }],
    async [Symbol.asyncDispose]() {},
  };
}
