import { type Kysely, sql } from 'kysely';
import { type ClockWatch, watchClock } from '../../infra/cluster/clock-watch.ts';
import type { Database } from '../../infra/database/schema.ts';
import type { Metrics } from '../../infra/metrics/metrics.ts';
import type { Log } from '../../kernel/log.ts';
import type { CertificateNews } from './context.ts';

/** Watches the clock of a node against the database's, by which everything in the cluster expires. The first look is over when this resolves. */
export async function watchNodeClock(options: {
  readonly db: Kysely<Database>;
  readonly certificates: Pick<CertificateNews, 'current'>;
  readonly metrics: Pick<Metrics, 'clockOffset'>;
  readonly log: Log;
}): Promise<ClockWatch> {
  const { certificates, db, log, metrics } = options;
  const watch = watchClock({
    reference: async () => {
      const { rows } = await sql<{ now: Date }>`SELECT clock_timestamp() AS now`.execute(db);
      return rows[0]!.now.getTime();
    },
    certificates: () => {
      const { callManager, tomcat, tvs } = certificates.current;
      return [
        { name: 'CallManager', certificate: callManager.certificate },
        { name: 'TVS', certificate: tvs.certificate },
        { name: 'tomcat', certificate: tomcat.certificate },
      ];
    },
    onOffset: metrics.clockOffset,
    log,
  });
  await watch.look();
  return watch;
}
