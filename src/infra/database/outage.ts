import { Fault } from '../../kernel/errors.ts';
import { outageOf } from '../../kernel/outage.ts';
import { say } from '../../texts/say.ts';
import { DatabaseFault } from './database-fault.ts';

interface DatabaseError {
  readonly code?: unknown;
  readonly message?: unknown;
}

const codeOf = (error: unknown): string => {
  const code = (error as DatabaseError | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
};

const messageOf = (error: unknown) => String((error as DatabaseError | null | undefined)?.message ?? '');

/** Deadlock and serialisation failure: PostgreSQL undid the statement and asks to try again. */
export function asksToTryAgain(error: unknown): boolean {
  return ['40P01', '40001'].includes(codeOf(error));
}

/**
 * Later it may work: connection lost or refused, server going down, out of connections, memory or disk, read-only, a statement or a wait for a
 * lock that took too long, or one that lost to others each time it was tried.
 */
export function isOutage(error: unknown): boolean {
  return outageOf(error) !== undefined || asksToTryAgain(error);
}

/** The statement was sent and may have been carried out: its connection broke before the answer came. */
export function answerLost(error: unknown): boolean {
  if (error instanceof DatabaseFault) return error.sent;
  const code = codeOf(error);
  if (/^(?:ECONNRESET|EPIPE|ETIMEDOUT|57P01|57P02|08003|08006|08P01)$/.test(code)) return true;
  return code === '' && /connection terminated|connection ended|read timeout/i.test(messageOf(error));
}

export function databaseUnavailable(cause: unknown): Fault<'database_unavailable'> {
  return new Fault('ours', say('database_unavailable.at_the_moment'), { cause });
}

/** A statement that is a transaction of its own may run again after it lost a deadlock: it had no effect. */
const lockTries = 4;

/** Runs a single statement for a door that cannot do without it. Throws Fault `database_unavailable` when it may work later. */
export async function insistently<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await statement();
    } catch (error) {
      if (asksToTryAgain(error) && attempt < lockTries) continue;
      throw isOutage(error) ? databaseUnavailable(error) : error;
    }
  }
}
