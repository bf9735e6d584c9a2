import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { shortPatience } from './database/connect.ts';

export interface NotifyOptions {
  readonly url: string;
  readonly channels: readonly string[];
  readonly onNotice: (channel: string, payload: string) => void;
  /** Notices may be missed from now on: bypass or drop what they keep fresh. */
  readonly onLost?: () => void;
  /** Listening (again). Whatever was cached before is of unknown age: drop it. */
  readonly onListening?: () => void;
  readonly log: Log;
}

export interface Notifications extends AsyncDisposable {
  readonly listening: boolean;
}

const firstDelay = 200;
const longestDelay = 5_000;
/** A line that was cut says nothing, as one without notices does: so it is asked this often, in ms. */
const askEvery = 2_000;
const answerWithin = 4_000;
/** To say goodbye, in ms. */
const farewell = 1_000;

/** LISTENs on a connection of its own and comes back by itself after an outage. Resolves once it listens for the first time. */
export async function listenForNotices(options: NotifyOptions): Promise<Notifications> {
  const { log } = options;
  let client: pg.Client | undefined;
  let listening = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let asking: NodeJS.Timeout | undefined;
  let delay = firstDelay;

  const connect = async () => {
    const fresh = new pg.Client({
      connectionString: options.url,
      ...shortPatience,
      query_timeout: answerWithin,
      application_name: 'firstring notices',
    });
    client = fresh;
    let ended = false;
    const lost = (error?: Error) => {
      if (ended) return;
      ended = true;
      if (listening) options.onLost?.();
      listening = false;
      clearTimeout(asking);
      fresh.end().catch(() => {});
      if (closed) return;
      log.warn({ err: error }, 'lost the connection for notices');
      later();
    };
    fresh.on('error', lost);
    fresh.on('end', () => lost());
    fresh.on('notification', ({ channel, payload }) => options.onNotice(channel, payload ?? ''));
    try {
      await fresh.connect();
      for (const channel of options.channels) await fresh.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      ended = true;
      fresh.end().catch(() => {});
      throw error;
    }
    listening = true;
    delay = firstDelay;
    const ask = () => {
      asking = setTimeout(() => {
        fresh.query('select 1').then(() => {
          if (!ended) ask();
        }, lost);
      }, askEvery);
    };
    ask();
    options.onListening?.();
  };
  const later = () => {
    retry = setTimeout(() => {
      if (closed) return;
      connect().catch(later);
    }, delay);
    delay = Math.min(delay * 2, longestDelay);
  };

  await connect();
  return {
    get listening() {
      return listening;
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(retry);
      clearTimeout(asking);
      const late = setTimeout(() => client?.connection.stream.destroy(), farewell);
      await client?.end().catch(() => {});
      clearTimeout(late);
    },
  };
}
