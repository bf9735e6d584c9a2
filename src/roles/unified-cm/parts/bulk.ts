import { startJobLoop } from '../../../infra/bulk/job-loop.ts';
import type { NodeContext, Part } from '../context.ts';
import type { NodeDomain } from '../domain.ts';

const retentionDays = 90;

/** Runs bulk jobs: every node may, one at a time in the cluster does. */
export async function startBulk({ log, node, notices }: NodeContext, { bulk }: NodeDomain): Promise<Part> {
  const loop = startJobLoop({
    take: () => bulk.take(node.name),
    run: (taken, signal) => bulk.run(taken, signal),
    fail: (taken) => bulk.fail(taken),
    log,
  });
  notices.on('bulk_job', () => loop.wake());
  notices.feed({ lost() {}, listening: () => loop.wake() });
  return {
    jobs: {
      'bulk-retention': async () => {
        const forgotten = await bulk.store.forget(retentionDays);
        if (forgotten > 0) log.info({ jobs: forgotten, days: retentionDays }, 'old bulk jobs were removed');
      },
    },
    crons: [{ job: 'bulk-retention', pattern: '41 3 * * *' }],
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}
