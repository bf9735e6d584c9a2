import { type Kysely, sql } from 'kysely';

/** A transaction that changed something, by what a later connection can ask for. */
export interface CommitMark {
  /** xid8 as text. */
  readonly xid: string;
  /**
   * Timeline, and since when the server's statistics count: both stay over an orderly restart, the first changes with a failover, the second
   * with a crash (PostgreSQL 15 and later begin anew then). After either, an id may have been given to another transaction.
   */
  readonly generation: string;
}

export type Fate = 'committed' | 'aborted' | 'unknown';

const generation = sql<string>`
  CASE WHEN pg_is_in_recovery() THEN '' ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END || ' ' ||
  coalesce((SELECT stats_reset FROM pg_stat_bgwriter)::text, '')`;

/** Of the transaction `tx` runs in; undefined when it changed nothing so far. Rejects when the transaction has failed. */
export async function commitMark<Tables>(tx: Kysely<Tables>): Promise<CommitMark | undefined> {
  const { rows } = await sql<{ xid: string | null; generation: string | null }>`
    SELECT xid, CASE WHEN xid IS NOT NULL THEN ${generation} END AS generation
    FROM (SELECT pg_current_xact_id_if_assigned()::text AS xid) AS current`.execute(tx);
  const { xid, generation: of } = rows[0]!;
  return xid === null ? undefined : { xid, generation: of ?? '' };
}

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** Between two looks, in ms. */
const between = 100;

/** Asks on a new connection what became of a commit, for at most `patience` ms: the server may have to come back first. Never rejects. */
export async function fateOf<Tables>(db: Kysely<Tables>, mark: CommitMark, patience: number): Promise<Fate> {
  const until = performance.now() + patience;
  for (;;) {
    const left = until - performance.now();
    if (left <= 0) return 'unknown';
    // A connection that hangs is left to its own time-out.
    const seen = await Promise.race([
      look(db, mark).catch(() => 'away' as const),
      pause(left).then(() => 'away' as const),
    ]);
    if (seen === 'committed' || seen === 'aborted' || seen === 'unknown') return seen;
    await pause(Math.min(between, Math.max(0, until - performance.now())));
  }
}

/** `waiting`: the server has not noticed yet that its client is gone. */
async function look<Tables>(db: Kysely<Tables>, mark: CommitMark): Promise<Fate | 'waiting'> {
  const { rows } = await sql<{ status: string | null; ahead: boolean; generation: string }>`
    SELECT CASE WHEN NOT ahead THEN pg_xact_status(${mark.xid}::xid8) END AS status, ahead, ${generation} AS generation
    FROM (SELECT ${mark.xid}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) AS ahead) AS current`.execute(db);
  const { status, ahead, generation: now } = rows[0]!;
  if (now !== mark.generation)
    return sameTimeline(now, mark.generation) && (ahead || status === 'aborted') ? 'aborted' : 'unknown';
  if (ahead) return 'waiting';
  if (status === 'in progress') return 'waiting';
  return status === 'committed' || status === 'aborted' ? status : 'unknown';
}

/** After a crash of the same server a change that is not there was not made; what is there may be another's. */
const sameTimeline = (one: string, other: string) =>
  one.split(' ')[0] !== '' && one.split(' ')[0] === other.split(' ')[0];
