/**
 * Why the database could not do what it was asked, although nothing is wrong with the request: `unreachable` (away, hanging, going down, out of
 * connections), `busy` (this node's connections are all taken), `read-only` (a standby), `too-slow` (a time was exceeded), `full` (no disk).
 */
export type Outage = 'unreachable' | 'busy' | 'read-only' | 'too-slow' | 'full';

interface Thrown {
  readonly code?: unknown;
  readonly message?: unknown;
}

const exact: Readonly<Record<string, Outage>> = {
  database_unavailable: 'unreachable',
  database_busy: 'busy',
  database_read_only: 'read-only',
  storage_full: 'full',
  '25006': 'read-only',
  '57014': 'too-slow',
  '55P03': 'too-slow',
  '53100': 'full',
  '55000': 'unreachable',
};
/** Classes of SQLSTATE: connection exceptions, insufficient resources, operator intervention, system error. */
const classes = /^(?:08|53|57P|58)/;
const driversWords =
  /timeout exceeded when trying to connect|timeout expired|query read timeout|connection terminated|connection ended|connection error|not queryable|cannot use a pool|client was closed/i;

/** By a fault's code, SQLSTATE, system error code, or the driver's words. Undefined: it is something else, and will be the same later. */
export function outageOf(error: unknown): Outage | undefined {
  const { code, message } = (error ?? {}) as Thrown;
  if (typeof code !== 'string') return driversWords.test(String(message ?? '')) ? 'unreachable' : undefined;
  const known = Object.hasOwn(exact, code) ? exact[code] : undefined;
  return known ?? (classes.test(code) || /^E[A-Z_]+$/.test(code) ? 'unreachable' : undefined);
}
