import type { Kysely } from 'kysely';
import { expresswayChangedChannel, readExpresswayPins } from '../../infra/database/edge-access-expressways.ts';
import type { Database } from '../../infra/database/schema.ts';
import type { Log } from '../../kernel/log.ts';
import type { Notices } from './notices.ts';

/** The certificates of the cluster's Expressway-Cs, kept current. */
export interface ExpresswayPins extends Disposable {
  /** Lower-case hex of SHA-256 over the DER → the name it goes by; undefined: none of ours. */
  nameOf(certificateSha256: string): string | undefined;
  onChanged(tell: () => void): void;
}

/** Should a notice ever be lost. Milliseconds. */
const refreshEvery = 10_000;

export async function openExpresswayPins(parts: {
  readonly db: Kysely<Database>;
  readonly notices: Notices;
  readonly log: Log;
}): Promise<ExpresswayPins> {
  const { db, notices, log } = parts;
  let pins = await readExpresswayPins(db);
  const told: (() => void)[] = [];
  const refresh = () => {
    readExpresswayPins(db).then(
      (next) => {
        const same = next.size === pins.size && [...next].every(([sha256, name]) => pins.get(sha256) === name);
        pins = next;
        if (!same) for (const tell of told) tell();
      },
      (error: unknown) => log.warn({ err: error }, 'the Expressway-Cs could not be read; those known are used'),
    );
  };
  notices.on(expresswayChangedChannel, refresh);
  notices.feed({ lost() {}, listening: refresh });
  const timer = setInterval(refresh, refreshEvery).unref();
  return {
    nameOf: (sha256) => pins.get(sha256),
    onChanged: (tell) => void told.push(tell),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
