import { type Kysely, sql } from 'kysely';
import type { OnboardingFacts, OnboardingNumbers, SummaryStore } from '../../domain/onboarding/summary.ts';
import { confirmsWithin, decisiveSteps, type RecordedEvent } from '../../domain/onboarding/timeline.ts';
import type { Database } from './schema.ts';
import { eventColumns, toEvent } from './timeline-store.ts';
import { withinScope } from './work-scope.ts';

const funnel = ['discover', 'start', 'activated', 'confirm', 'register'];
const newest = 20;
/** Looks at no more than this many of the latest events, so that a storm of phones does not make it slow when it is needed most. */
const mostEvents = 200_000;
const examples = 5;

/** However many consoles ask: one look at the database in this time, in ms, … */
const freshFor = 1_500;
/** … and no more than one part in so many of the time spent looking. */
const share = 5;

interface Look {
  readonly startedAt: number;
  freshUntil: number;
  readonly facts: Promise<OnboardingFacts>;
}

export function summaryStore(db: Kysely<Database>): SummaryStore {
  const looks = new Map<number, Look>();
  return {
    facts(hours) {
      const held = looks.get(hours);
      if (held !== undefined && performance.now() < held.freshUntil) return held.facts;
      const made: Look = {
        startedAt: performance.now(),
        freshUntil: Number.POSITIVE_INFINITY,
        facts: sharedLook(db, hours),
      };
      looks.set(hours, made);
      made.facts.then(
        () => {
          const taken = performance.now() - made.startedAt;
          made.freshUntil = made.startedAt + Math.max(freshFor, taken * share);
        },
        () => looks.delete(hours),
      );
      return made.facts;
    },
  };
}

interface FactsRead {
  readonly numbers: OnboardingNumbers;
  readonly funnel: Readonly<Record<string, number>>;
  readonly failures:
    | readonly {
        readonly reason: string;
        readonly phones: number;
        readonly lastAt: string;
        readonly examples: readonly { readonly mac: string; readonly deviceName: string | null }[];
      }[]
    | null;
}

/** Of many askers: that one of them goes ends it for nobody. */
function sharedLook(db: Kysely<Database>, hours: number): Promise<OnboardingFacts> {
  return withinScope({ connections: 'reading' }, () => look(db, hours));
}

async function look(db: Kysely<Database>, hours: number): Promise<OnboardingFacts> {
  const since = sql`now() - make_interval(hours => ${hours})`;
  const [facts, events] = await Promise.all([
    // One walk over the window's events: `seen` is what each phone got through, `standing` its last step that decides something.
    sql<FactsRead>`
      WITH seen AS MATERIALIZED (
        SELECT mac, max(id) FILTER (WHERE step = ANY (${[...decisiveSteps]})) AS decided,
               ${sql.join(funnel.map((step) => sql`bool_or(step = ${step} AND result <> 'failed') AS ${sql.ref(`passed_${step}`)}`))}
        FROM onboarding_event
        WHERE at > ${since} AND mac IS NOT NULL AND id > (SELECT max(id) - ${mostEvents}::bigint FROM onboarding_event) GROUP BY mac
      ), standing AS MATERIALIZED (
        SELECT e.mac, e.device_name, e.step, e.at, e.step = 'register' AND e.result = 'ok' AS done,
               CASE WHEN silent.so THEN 'failed' ELSE e.result END AS result,
               CASE WHEN silent.so THEN 'not_confirmed' ELSE e.reason END AS reason
        FROM seen JOIN onboarding_event e ON e.id = seen.decided,
             LATERAL (SELECT e.step = 'activated' AND e.result = 'ok' AND e.at < now() - make_interval(secs => ${confirmsWithin / 1000}) AS so) silent
      ), codes AS MATERIALIZED (
        SELECT device_id FROM activation_code WHERE state IN ('draft', 'active') AND expires_at > now() AND device_id IS NOT NULL
      ), failed AS (
        SELECT *, row_number() OVER (PARTITION BY reason ORDER BY at DESC) AS place FROM standing WHERE result = 'failed' AND reason <> ''
      ), failures AS (
        SELECT reason, count(*) AS phones, max(at) AS "lastAt",
               json_agg(json_build_object('mac', mac, 'deviceName', device_name) ORDER BY at DESC) FILTER (WHERE place <= ${examples}) AS examples
        FROM failed GROUP BY reason
      )
      SELECT json_build_object(
               'waiting', (SELECT count(*) FROM codes),
               'withoutCode', (SELECT count(*) FROM device WHERE requires_activation_code AND NOT EXISTS (SELECT 1 FROM codes WHERE codes.device_id = device.id)),
               'underWay', (SELECT count(*) FROM standing WHERE NOT done AND result <> 'failed' AND at > now() - interval '10 minutes'),
               'stuck', (SELECT count(*) FROM standing WHERE NOT done AND (result = 'failed' OR at <= now() - interval '10 minutes')),
               'activated', (SELECT count(*) FROM activation WHERE created_at > ${since} AND confirmed_at IS NOT NULL),
               'registered', (SELECT count(DISTINCT device_id) FROM registration WHERE expires_at > now())
             ) AS numbers,
             (SELECT json_build_object(${sql.join(
               funnel.map((step) => sql`${sql.lit(step)}, count(*) FILTER (WHERE ${sql.ref(`passed_${step}`)})`),
             )}) FROM seen) AS funnel,
             (SELECT json_agg(f ORDER BY f.phones DESC, f.reason) FROM failures f) AS failures`.execute(db),
    sql<RecordedEvent>`SELECT ${eventColumns} FROM onboarding_event WHERE step <> 'keep-alive' ORDER BY id DESC LIMIT ${newest}`.execute(
      db,
    ),
  ]);
  const read = facts.rows[0]!;
  return {
    numbers: read.numbers,
    funnel: funnel.map((step) => ({ step, phones: read.funnel[step] ?? 0 })),
    failures: (read.failures ?? []).map((row) => ({
      reason: row.reason,
      phones: row.phones,
      lastAt: new Date(row.lastAt),
      examples: row.examples.map(({ mac, deviceName }) => ({ mac, deviceName: deviceName ?? undefined })),
    })),
    newest: events.rows.map(toEvent),
  };
}
