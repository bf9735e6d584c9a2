import type { Kysely } from 'kysely';
import { type MicInspector, micInspector } from '../../infra/crypto/mic-inspector.ts';
import { systemClock } from '../../infra/crypto/random.ts';
import { type MicTrustSnapshot, micTrustOf, readMicTrust } from '../../infra/database/activation-trust-store.ts';
import { overdueRevocationLists } from '../../infra/database/revocation-list-store.ts';
import type { Database } from '../../infra/database/schema.ts';
import type { Metrics } from '../../infra/metrics/metrics.ts';
import type { Log } from '../../kernel/log.ts';
import type { Notices } from './notices.ts';

/**
 * What this node goes by when a phone shows its MIC, at whatever door: CallManager-trust, the deny list and the revocation lists, read once for all
 * of them and kept current.
 */
export interface MicTrustFeed extends Disposable {
  readonly current: MicTrustSnapshot;
  /** Judges for this thread. */
  readonly inspector: MicInspector;
  /** Called with what is current whenever that has changed or may have. */
  onChange(tell: (trust: MicTrustSnapshot) => void): void;
  /** Rejects when the database does not answer; then the last known stays. */
  refresh(): Promise<void>;
}

export interface MicTrustParts {
  readonly db: Kysely<Database>;
  readonly laboratory: boolean;
  readonly notices: Notices;
  readonly metrics: Pick<Metrics, 'overdueRevocationLists'>;
  readonly log: Log;
}

/** Changes come in flocks. Milliseconds. */
const settle = 20;
/** Should a notice ever be lost. Milliseconds. */
const refreshEvery = 15_000;

export async function openMicTrust({ db, laboratory, notices, metrics, log }: MicTrustParts): Promise<MicTrustFeed> {
  const listeners: ((trust: MicTrustSnapshot) => void)[] = [];
  let current = await readMicTrust(db, laboratory);
  const inspector = micInspector(micTrustOf(current), systemClock);
  const tellOverdue = overdueTeller(db, metrics, log);
  let last: Promise<void> = Promise.resolve();
  let due: NodeJS.Timeout | undefined;

  /** One after the other: what is read later is never overtaken by what was read before. */
  const refresh = () => {
    last = last
      .catch(() => {})
      .then(async () => {
        current = await readMicTrust(db, laboratory);
        inspector.replaceTrust(micTrustOf(current));
        for (const tell of listeners) tell(current);
        await tellOverdue();
      });
    return last;
  };
  const soon = () => {
    due ??= setTimeout(() => {
      due = undefined;
      refresh().catch((error: unknown) =>
        log.warn({ err: error }, 'CallManager-trust could not be read; the last known is used'),
      );
    }, settle).unref();
  };
  notices.on('trust_changed', soon);
  notices.feed({ lost() {}, listening: soon });
  const timer = setInterval(soon, refreshEvery).unref();

  return {
    get current() {
      return current;
    },
    inspector,
    onChange: (tell) => void listeners.push(tell),
    refresh,
    [Symbol.dispose]() {
      clearInterval(timer);
      clearTimeout(due);
    },
  };
}

/** A list whose next one is due still refuses what it lists; somebody has to upload the next one. Said once for each state. */
function overdueTeller(db: Kysely<Database>, metrics: MicTrustParts['metrics'], log: Log): () => Promise<void> {
  let told = '';
  return async () => {
    const issuers = (await overdueRevocationLists(db)).map(({ issuer }) => issuer);
    metrics.overdueRevocationLists(issuers.length);
    const state = JSON.stringify(issuers);
    if (state !== told && issuers.length > 0)
      log.warn(
        { issuers },
        'newer revocation lists of manufacturers are due: upload them, or what was revoked since is let in',
      );
    told = state;
  };
}
