import { outageOf } from '../../kernel/outage.ts';

/** The same thing about an outage is said once in this time, in ms. */
const foldFor = 10_000;

type Line = readonly [fields: object, message: string];

/**
 * While the database is away, every request fails for one reason: that is one line with the reason, not a stack for each. What was left out is
 * counted and told with the next one.
 */
export class Outages {
  readonly #said = new Map<string, { until: number; more: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What is to be written instead; undefined: nothing. */
  fold(line: Line): Line | undefined {
    const [fields, message] = line;
    if (typeof fields !== 'object' || fields === null || typeof message !== 'string') return line;
    const { err, error, cause: _, ...rest } = fields as { err?: unknown; error?: unknown; cause?: unknown };
    const outage = databaseOutage(err ?? error);
    if (outage === undefined) return line;
    const key = `${outage.kind} ${message}`;
    const said = this.#said.get(key);
    if (said !== undefined && this.#now() < said.until) {
      said.more++;
      return undefined;
    }
    this.#said.set(key, { until: this.#now() + foldFor, more: 0 });
    return [
      { ...rest, reason: outage.reason, ...(said !== undefined && said.more > 0 && { likeItMeanwhile: said.more }) },
      message,
    ];
  }
}

/** Not by a system error code alone: that may as well be another system's. */
function databaseOutage(error: unknown): { readonly kind: string; readonly reason: string } | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, cause } = error as { code?: unknown; message?: unknown; cause?: unknown };
  const kind = typeof code === 'string' && /^E[A-Z_]+$/.test(code) ? undefined : outageOf(error);
  const below = databaseOutage(cause);
  if (kind === undefined) return below;
  return { kind, reason: below === undefined ? String(message) : `${String(message)} (${below.reason})` };
}
