import { type Kysely, sql } from 'kysely';
import type { OnboardingEvent, Timeline } from '../../domain/ports.ts';
import type { Log } from '../../kernel/log.ts';
import type { Database } from './schema.ts';

export interface TimelineRecorder extends Timeline, AsyncDisposable {
  /** Resolves when everything recorded until now is stored or dropped. */
  flush(): Promise<void>;
  /** Events that were lost because the database was away or too slow. */
  readonly dropped: number;
  /** Events waiting. */
  readonly waiting: number;
}

export interface TimelineRecorderOptions {
  readonly db: Kysely<Database>;
  /** This node's name. */
  readonly node: string;
  readonly log: Log;
  /** Longest wait before events are written, in ms. */
  readonly delay?: number;
  /** Most events that wait; the oldest go first. */
  readonly capacity?: number;
}

interface Waiting {
  /** performance.now() */
  readonly at: number;
  readonly event: OnboardingEvent;
}

/** One INSERT writes this many at most. */
const batch = 500;

/** Keeps the story out of the hot path: record() only appends to a bounded queue; one writer empties it. */
export function timelineRecorder(options: TimelineRecorderOptions): TimelineRecorder {
  const { db, node, log } = options;
  const delay = options.delay ?? 100;
  const capacity = options.capacity ?? 20_000;
  let queue: Waiting[] = [];
  let dropped = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let closed = false;

  const drop = (count: number) => {
    if (dropped === 0) log.warn({ count }, 'timeline events are being dropped: the database does not keep up');
    dropped += count;
  };

  const writeAll = async () => {
    while (queue.length > 0) {
      const now = queue.slice(0, batch);
      queue = queue.slice(batch);
      try {
        await insert(db, node, now);
      } catch (error) {
        log.warn({ err: error, count: now.length }, 'timeline events could not be written');
        drop(now.length);
      }
    }
  };

  const write = () => {
    if (timer !== undefined) clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      // What came after the last look.
      if (queue.length > 0) schedule();
    });
    return writing;
  };

  const schedule = () => {
    if (timer !== undefined || writing !== undefined) return;
    if (queue.length >= batch) {
      void write();
      return;
    }
    timer = setTimeout(() => void write(), delay);
  };

  const flush = async () => {
    while (queue.length > 0 || writing !== undefined) await write();
  };

  return {
    record(event) {
      if (closed) {
        drop(1);
        return;
      }
      queue.push({ at: performance.now(), event });
      if (queue.length > capacity) {
        queue.splice(0, queue.length - capacity);
        drop(1);
      }
      schedule();
    },
    flush,
    get dropped() {
      return dropped;
    },
    get waiting() {
      return queue.length;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await flush();
    },
  };
}

async function insert(db: Kysely<Database>, node: string, events: readonly Waiting[]): Promise<void> {
  const now = performance.now();
  const rows = events.map(({ at, event }) => ({
    age: (now - at) / 1000,
    attempt: event.attempt ?? '',
    device_id: event.deviceId ?? null,
    device_name: event.deviceName ?? null,
    mac: event.mac ?? null,
    model: event.model ?? null,
    step: event.step,
    result: event.result,
    reason: event.reason ?? '',
    detail: event.detail ?? {},
    node,
    source_address: event.sourceAddress ?? '',
  }));
  // Times by the database's clock, so that the events of several nodes stand in one order.
  // One parameter, whatever the number of rows: the statement stays prepared and far from PostgreSQL's limit of parameters.
  await sql`
    INSERT INTO onboarding_event (at, attempt, device_id, device_name, mac, model, step, result, reason, detail, node, source_address)
    SELECT clock_timestamp() - make_interval(secs => age), attempt, device_id, device_name, mac, model, step, result, reason, detail, node, source_address
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS e(age double precision, attempt text, device_id uuid, device_name text, mac text, model text,
      step text, result text, reason text, detail jsonb, node text, source_address text)`.execute(db);
}
