import { Fault, type FaultOf, type FaultOptions, type Sentence } from '../../kernel/errors.ts';
import { outageOf } from '../../kernel/outage.ts';
import { say } from '../../texts/say.ts';

export type DatabaseFaultCode = 'database_unavailable' | 'database_busy' | 'request_given_up';

/** The database could not be asked, or does not answer. */
export class DatabaseFault extends Fault<DatabaseFaultCode> {
  /** The connection was cut with a statement under way: it may have been carried out or not. */
  readonly sent: boolean;

  constructor(of: FaultOf, sentence: Sentence<DatabaseFaultCode>, options: FaultOptions & { sent?: boolean } = {}) {
    super(of, sentence, options);
    this.sent = options.sent === true;
  }
}

const retryAfter = 2;

/** Connected, but not a word comes back: it hangs, or the line to it is cut. */
export function databaseSilent({ cause, sent }: { cause?: unknown; sent?: boolean } = {}): DatabaseFault {
  return new DatabaseFault('ours', say('database_unavailable.no_answer'), {
    cause,
    sent: sent === true,
    detail: { retryAfter },
  });
}

/** Nobody is there, or it goes down. */
export function databaseUnreachable(cause: Error): DatabaseFault {
  return new DatabaseFault('ours', say('database_unavailable.because', { message: cause.message }), {
    cause,
    detail: { retryAfter },
  });
}

/** Every connection of a pool is lent out and none came back in time. The database may be well. */
export function connectionsBusy(max: number, cause?: unknown): DatabaseFault {
  return new DatabaseFault('ours', say('database_busy', { max }), { cause, detail: { retryAfter } });
}

/** Nobody waits for the answer any more. */
export function requestGivenUp(): DatabaseFault {
  return new DatabaseFault('caller', say('request_given_up'), { sent: true });
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
