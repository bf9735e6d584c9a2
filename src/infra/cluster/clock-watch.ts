import { X509Certificate } from 'node:crypto';
import type { Log } from '../../kernel/log.ts';

/** From this on somebody is told, milliseconds. */
const worthTelling = 60_000;
/** A clock that moved by more than this against the time that really passed was set, milliseconds. */
const jump = 2000;
const lookEveryMs = 10_000;
const tickMs = 1000;

export interface OwnCertificate {
  /** Whose it is, for people: `TVS`. */
  readonly name: string;
  /** DER or PEM. */
  readonly certificate: Uint8Array | string;
}

export interface ClockWatchOptions {
  /** The time everybody else goes by, milliseconds since the epoch: the database's. Undefined: there is none, so only jumps since the start are seen. */
  readonly reference?: () => Promise<number>;
  /** What this host shows to others. */
  readonly certificates: () => readonly OwnCertificate[];
  /** Seconds by which the own clock is ahead. */
  readonly onOffset?: (seconds: number) => void;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds that no setting of the clock touches. */
  readonly monotonic?: () => number;
}

export interface ClockWatch extends Disposable {
  /** Why nobody could trust this host now; empty: somebody can. */
  hindrances(): readonly string[];
  /** What somebody should look at although it works. */
  warnings(): readonly string[];
  /** Looks now. Never rejects. */
  look(): Promise<void>;
}

/** Own certificates that are not good by the own clock. Every phone and every other node would refuse them without saying why. */
export function untimely(certificates: readonly OwnCertificate[], now: number): readonly string[] {
  return certificates.flatMap(({ name, certificate }) => {
    const { validFrom, validTo } = new X509Certificate(certificate);
    if (now < Date.parse(validFrom))
      return [`by the clock of this host its ${name} certificate is not valid before ${validFrom}: check the clock`];
    return now > Date.parse(validTo)
      ? [`by the clock of this host its ${name} certificate has ended on ${validTo}: check the clock, or renew it`]
      : [];
  });
}

/** Watches the clock of this host: against the reference, and against the time that really passes. Tells when it is wrong, and when it is right again. */
export function watchClock(options: ClockWatchOptions): ClockWatch {
  const { log, reference, now = Date.now, monotonic = () => performance.now() } = options;
  let drift = now() - monotonic();
  let offset = 0;
  let told = false;
  let hindered = false;
  const measured = (next: number) => {
    offset = next;
    options.onOffset?.(offset / 1000);
    const off = Math.abs(offset) > worthTelling;
    if (off && !told) log.error({ seconds: Math.round(offset / 1000) }, `${warning(offset, reference !== undefined)}`);
    if (!off && told) log.info({ seconds: Math.round(offset / 1000) }, 'the clock of this host is right again');
    told = off;
    const bad = untimely(options.certificates(), now());
    if (bad.length > 0 && !hindered)
      log.error({ problems: bad }, 'nobody can trust this host: its own certificates are not valid by its clock');
    hindered = bad.length > 0;
  };
  const look = async () => {
    if (reference === undefined) return measured(offset);
    try {
      const before = now();
      const theirs = await reference();
      measured((before + now()) / 2 - theirs);
    } catch {
      // Without an answer the last look stands; that the database is away is told elsewhere.
      measured(offset);
    }
  };
  const tick = () => {
    const moved = now() - monotonic() - drift;
    if (Math.abs(moved) < jump) return;
    drift += moved;
    log.warn({ seconds: Math.round(moved / 1000) }, 'the clock of this host was set');
    measured(offset + moved);
    void look();
  };
  const timers = [setInterval(tick, tickMs).unref(), setInterval(() => void look(), lookEveryMs).unref()];
  return {
    hindrances: () => untimely(options.certificates(), now()),
    warnings: () => (Math.abs(offset) > worthTelling ? [warning(offset, reference !== undefined)] : []),
    look: async () => {
      tick();
      await look();
    },
    [Symbol.dispose]: () => {
      for (const timer of timers) clearInterval(timer);
    },
  };
}

function warning(offset: number, compared: boolean): string {
  const seconds = Math.round(Math.abs(offset) / 1000);
  const way = offset > 0 ? 'ahead of' : 'behind';
  return compared
    ? `the clock of this host is ${seconds} s ${way} the clock of the database: set it by NTP`
    : `the clock of this host is ${seconds} s ${way} what it was at the start: check NTP`;
}
