import type { NodeContext, Part } from '../context.ts';
import type { NodeDomain } from '../domain.ts';

/** Changes come in flocks. Milliseconds. */
const settle = 100;
const retentionDays = 90;
/** Milliseconds. */
const drainPatience = 3000;

/** Keeps the cloud up to date: at once when something changed, and every minute whatever was left. */
export async function startMra({ notices, log }: NodeContext, { mra }: NodeDomain): Promise<Part> {
  const stopping = new AbortController();
  let waiting: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const soon = () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      running = mra.sync
        .run(stopping.signal)
        .catch((error: unknown) => log.warn({ err: error }, 'work with the cloud failed; it is tried again'));
    }, settle);
  };
  notices.on('cloud_work', soon);
  notices.feed({ lost() {}, listening: soon });
  const minute = async (_: unknown, signal: AbortSignal) => {
    await mra.sync.run(signal);
  };
  return {
    jobs: {
      'cloud-sync': minute,
      // Asked for by activations of earlier versions.
      'cloud-release': minute,
      'cloud-retention': async () => {
        const forgotten = await mra.forget(retentionDays);
        if (forgotten > 0) log.info({ locators: forgotten }, 'old records of locators were removed');
      },
    },
    crons: [
      { job: 'cloud-sync', pattern: '* * * * *' },
      { job: 'cloud-retention', pattern: '37 3 * * *' },
    ],
    async [Symbol.asyncDispose]() {
      stopping.abort();
      clearTimeout(waiting);
      // What is under way ends well; a cloud that does not answer is not waited for.
      const patience = new Promise((resolve) => setTimeout(resolve, drainPatience).unref());
      await Promise.race([running, patience]);
    },
  };
}
