import { Fault, type FaultOf, type FaultOptions } from '../../kernel/errors.ts';
import { outageOf } from '../../kernel/outage.ts';

export type DatabaseFaultCode = 'database_unavailable' | 'database_busy' | 'request_given_up';

/** The database could not be asked, or does not answer. */
export class DatabaseFault extends Fault<DatabaseFaultCode> {
  /** The connection was cut with a statement under way: it may have been carried out or not. */
  readonly sent: boolean;

  constructor(of: FaultOf, code: DatabaseFaultCode, message: string, options: FaultOptions & { sent?: boolean } = {}) {
    super(of, code, message, options);
    this.sent = options.sent === true;
  }
}

const retryAfter = 2;

/** Connected, but not a word comes back: it hangs, or the line to it is cut. */
export function databaseSilent({ cause, sent }: { cause?: unknown; sent?: boolean } = {}): DatabaseFault {
  return new DatabaseFault('ours', 'database_unavailable', 'The database does not answer.', {
    cause,
    sent: sent === true,
    remedy: 'Try again in a moment. The node goes on by itself once the database answers.',
    detail: { retryAfter },
  });
}

/** Nobody is there, or it goes down. */
export function databaseUnreachable(cause: Error): DatabaseFault {
  return new DatabaseFault('ours', 'database_unavailable', `The database cannot be reached: ${cause.message}.`, {
    cause,
    remedy: 'Try again in a moment. The node goes on by itself once the database is back.',
    detail: { retryAfter },
  });
}

/** Every connection of a pool is lent out and none came back in time. The database may be well. */
export function connectionsBusy(max: number, cause?: unknown): DatabaseFault {
  return new DatabaseFault(
    'ours',
    'database_busy',
    `This node has more to do than its ${max} database connections carry.`,
    {
      cause,
      remedy: 'Try again in a moment. If it lasts: this node is overloaded, or its database is slow.',
      detail: { retryAfter },
    },
  );
}

/** Nobody waits for the answer any more. */
export function requestGivenUp(): DatabaseFault {
  return new DatabaseFault('caller', 'request_given_up', 'The request was given up before it was answered.', {
    sent: true,
  });
}

const network = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
];

/** Whether the database was in the way, where the error may as well come from a file or a listener. */
export function isDatabaseOutage(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (cause !== undefined && isDatabaseOutage(cause)) return true;
  if (typeof code !== 'string' || !/^E[A-Z_]+$/.test(code)) return outageOf(error) !== undefined;
  const { syscall } = error as NodeJS.ErrnoException;
  return network.includes(code) || (code === 'ENOENT' && syscall === 'connect');
}
