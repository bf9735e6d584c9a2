import { type Kysely, sql } from 'kysely';
import type { ResolveEvent } from '../../domain/cloud/resolver.ts';
import type { Log } from '../../kernel/log.ts';
import type { CloudDatabase } from './cloud-schema.ts';

export interface ResolveRecorder extends AsyncDisposable {
  record(event: ResolveEvent): void;
  /** What was recorded so far is in the database when it resolves. */
  flush(): Promise<void>;
}

const pauseMs = 500;
/** More than that at once means that the database does not answer: the oldest detail goes, the counts stay. */
const mostLocators = 50_000;

interface Last {
  readonly clusterId: string;
  readonly locator: number;
  readonly at: number;
  readonly mac: string;
  readonly model: string;
  readonly source: string;
  count: number;
}

/** Notes what phones were answered, in batches and off the path of the answers: counts by hour, and who asked last for each locator. */
export function resolveRecorder({ db, log }: { db: Kysely<CloudDatabase>; log: Log }): ResolveRecorder {
  let counts = new Map<string, number>();
  let lasts = new Map<number, Last>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let failing = false;

  const write = async () => {
    const [someCounts, someLasts] = [counts, lasts];
    if (someCounts.size === 0) return;
    counts = new Map();
    lasts = new Map();
    try {
      await db.transaction().execute(async (tx) => {
        await writeCounts(tx, someCounts);
        await writeLasts(tx, [...someLasts.values()]);
      });
      if (failing) log.info({}, 'answers to phones are being noted again');
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'answers to phones cannot be noted; their counts wait');
      failing = true;
      for (const [key, count] of someCounts) counts.set(key, (counts.get(key) ?? 0) + count);
      later(pauseMs * 10);
    }
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    running = running.then(write);
    return running;
  };
  const later = (delay: number) => {
    timer ??= setTimeout(() => void flush(), delay).unref();
  };

  return {
    record({ outcome, clusterId, question, at }) {
      const hour = Math.floor(at / 3_600_000) * 3_600_000;
      const key = `${hour} ${clusterId ?? ''} ${outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (outcome === 'found' && clusterId !== undefined && question !== undefined && lasts.size < mostLocators) {
        const { locator, mac, model, source } = question;
        const count = (lasts.get(locator)?.count ?? 0) + 1;
        lasts.set(locator, { clusterId, locator, at, mac, model, source, count });
      }
      later(pauseMs);
    },
    flush,
    async [Symbol.asyncDispose]() {
      await flush();
      clearTimeout(timer);
    },
  };
}

async function writeCounts(db: Kysely<CloudDatabase>, counts: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...counts].map(([key, count]) => {
    const [hour, cluster, outcome] = key.split(' ') as [string, string, string];
    return { hour: new Date(Number(hour)), cluster: cluster === '' ? null : cluster, outcome, count };
  });
  await sql`
    insert into resolve_count (hour, cluster_id, outcome, count)
    select * from unnest(${rows.map((row) => row.hour.toISOString())}::timestamptz[], ${rows.map((row) => row.cluster)}::uuid[],
                         ${rows.map((row) => row.outcome)}::text[], ${rows.map((row) => row.count)}::bigint[]) as n order by 1, 2, 3
    on conflict (hour, cluster_id, outcome) do update set count = resolve_count.count + excluded.count`.execute(db);
}

async function writeLasts(db: Kysely<CloudDatabase>, lasts: readonly Last[]): Promise<void> {
  if (lasts.length === 0) return;
  const sorted = [...lasts].sort((a, b) => a.locator - b.locator);
  // A locator that was released and given to another cluster meanwhile is left alone.
  await sql`
    update locator l set resolves = l.resolves + n.count, last_resolved_at = n.at, last_mac = n.mac, last_model = n.model, last_source = n.source
    from unnest(${sorted.map((each) => each.locator)}::int[], ${sorted.map((each) => each.clusterId)}::uuid[],
                ${sorted.map((each) => new Date(each.at).toISOString())}::timestamptz[], ${sorted.map((each) => each.mac)}::text[],
                ${sorted.map((each) => each.model)}::text[], ${sorted.map((each) => each.source)}::inet[], ${sorted.map((each) => each.count)}::int[])
         as n(locator, cluster_id, at, mac, model, source, count)
    where l.locator = n.locator and l.cluster_id = n.cluster_id and l.released_at is null`.execute(db);
}
