import { type Kysely, sql } from 'kysely';
import type { CloudMetrics } from '../../infra/cloud/metrics.ts';
import type { CloudDatabase } from '../../infra/database/cloud-schema.ts';
import { sweepCloud } from '../../infra/database/cloud-status.ts';
import { inBackground } from '../../infra/database/work-scope.ts';
import type { Log } from '../../kernel/log.ts';
import type { CloudDomain } from './domain.ts';

const beat = 5_000;
const sweepEvery = 10 * 60_000;

export interface Upkeep extends AsyncDisposable {
  /** Whether the database answered last time. */
  readonly databaseUp: boolean;
}

/** Looks whether the database answers, keeps the gauges, sweeps what is over. Any node may sweep: the statements do not mind company. */
export function startUpkeep(options: {
  readonly db: Kysely<CloudDatabase>;
  readonly domain: CloudDomain;
  readonly metrics: CloudMetrics;
  readonly log: Log;
}): Upkeep {
  const { db, domain, metrics, log } = options;
  let up = true;
  let swept = Date.now();
  let turns = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  metrics.databaseUp(true);

  const turn = async () => {
    try {
      await sql`select 1`.execute(db);
      if (!up) log.info({}, "the cloud's database answers again");
      up = true;
      // Counting is dear with millions of locators: once a minute.
      if (turns++ % 12 === 0) {
        const { locators } = await inBackground(() => domain.overview.figures());
        metrics.space(locators.live, locators.quarantined, locators.free);
      }
      if (Date.now() - swept > sweepEvery) {
        swept = Date.now();
        await domain.sessions.removeExpired();
        const gone = await inBackground(() => sweepCloud(db));
        log.debug({ gone }, 'swept what is over');
      }
    } catch (error) {
      if (up)
        log.error(
          { err: error },
          "the cloud's database does not answer: phones and clusters are sent away until it does",
        );
      up = false;
    }
    metrics.databaseUp(up);
  };
  let running: Promise<void> = Promise.resolve();
  const next = () => {
    timer = setTimeout(() => {
      running = turn().finally(() => {
        if (!closed) next();
      });
    }, beat).unref();
  };
  next();
  return {
    get databaseUp() {
      return up;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
