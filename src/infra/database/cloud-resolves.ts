import { type Kysely, sql } from 'kysely';
import type { ResolveStore } from '../../domain/cloud/resolver.ts';
import type { CloudDatabase } from './cloud-schema.ts';
import { databasePatience } from './connect.ts';
import { PatientPool } from './patient-pool.ts';
import type { Silence } from './silence.ts';

/**
 * `mic_use` keeps the instants of a MIC's last questions, youngest first: the question is within its limit when the one so many back is old enough.
 * That slides, so that no hour's edge gives twice the number. $1 MIC, $2 per hour, $3 per day, $4 locator.
 */
const statement = `
  with debit as (
    insert into mic_use as u (mic_sha256, stamps) values ($1, array[now()])
    on conflict (mic_sha256) do update set stamps = (array_prepend(now(), u.stamps))[1:$3::int]
      where (u.stamps[$2::int] is null or u.stamps[$2::int] <= now() - interval '1 hour')
        and (u.stamps[$3::int] is null or u.stamps[$3::int] <= now() - interval '1 day')
    returning 1 as one)
  select d.one, c.id, c.revision
  from (select (select one from debit) as one) d
  left join locator l on l.locator = $4::int and l.released_at is null and d.one is not null
  left join cluster c on c.id = l.cluster_id and c.state = 'active' and c.enabled and c.activation_domain is not null and c.cluster_hint is not null`;

export interface ResolveDatabase extends ResolveStore, AsyncDisposable {}

export interface ResolveDatabaseOptions {
  readonly url: string;
  readonly connections: number;
  readonly db: Kysely<CloudDatabase>;
  readonly onIdleError?: (error: Error) => void;
  readonly silence?: Silence;
}

/**
 * Connections of their own, which do not wait for the disk: a crash of PostgreSQL may forgive the questions of its last half second, nothing else is
 * written here.
 */
export function resolveDatabase({
  url,
  connections,
  db,
  onIdleError,
  silence,
}: ResolveDatabaseOptions): ResolveDatabase {
  const pool = new PatientPool({
    url,
    max: connections,
    name: 'firstring resolve',
    patience: databasePatience.handshake,
    settings: '-c synchronous_commit=off',
    silence,
    onIdleError,
  });
  return {
    async resolve({ micSha256, locator }, { resolvesPerHour, resolvesPerDay }) {
      const { rows } = await pool.query<{ one: number | null; id: string | null; revision: string | null }>({
        name: 'resolve',
        text: statement,
        values: [Buffer.from(micSha256), resolvesPerHour, resolvesPerDay, locator],
      });
      const row = rows[0]!;
      if (row.one === null)
        return { kind: 'limited', retryAfter: await wait(db, micSha256, resolvesPerHour, resolvesPerDay) };
      if (row.id === null) return { kind: 'unknown' };
      return { kind: 'found', clusterId: row.id, revision: row.revision! };
    },

    async target(clusterId) {
      const row = await db
        .selectFrom('cluster')
        .select(['activation_domain', 'trust', 'cluster_hint', 'revision'])
        .where('id', '=', clusterId)
        .where('state', '=', 'active')
        .where('enabled', '=', true)
        .executeTakeFirst();
      if (row === undefined || row.activation_domain === null || row.cluster_hint === null) return undefined;
      return {
        activationDomain: row.activation_domain,
        phoneEdgeTrust: row.trust,
        clusterHint: row.cluster_hint,
        revision: row.revision,
      };
    },

    async [Symbol.asyncDispose]() {
      await pool.end();
    },
  };
}

/** Whole seconds until the next question is let through. */
async function wait(db: Kysely<CloudDatabase>, mic: Uint8Array, perHour: number, perDay: number): Promise<number> {
  const { rows } = await sql<{ seconds: number | null }>`
    select ceil(extract(epoch from greatest(stamps[${perHour}::int] + interval '1 hour', stamps[${perDay}::int] + interval '1 day') - now()))::int as seconds
    from mic_use where mic_sha256 = ${Buffer.from(mic)}`.execute(db);
  return Math.max(1, rows[0]?.seconds ?? 60);
}
