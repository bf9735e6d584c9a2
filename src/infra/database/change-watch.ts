import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogEvent } from 'kysely';
import type { Changes, ChangeWatch, WatchOptions } from '../../kernel/transaction.ts';
import { answerLost } from './outage.ts';

interface Watched {
  readonly changes: { made: boolean; inDoubt: boolean };
  readonly options: WatchOptions;
}

const watches = new AsyncLocalStorage<Watched>();
const insideTransaction = new AsyncLocalStorage<true>();

/** One for the process: what a request changes is noted by whichever database it changes it in. */
export const changeWatch: ChangeWatch = {
  during<T>(work: (changes: Changes) => Promise<T>, options: WatchOptions = {}) {
    const changes = { made: false, inDoubt: false };
    return watches.run({ changes, options }, () => work(changes));
  },
};

export const watched = () => watches.getStore();

/** Statements of `work` are judged by their transaction, not one by one. */
export function inOneTransaction<T>(work: () => Promise<T>): Promise<T> {
  return insideTransaction.run(true, work);
}

const changing =
  /\b(?:insert\s+into|delete\s+from|merge\s+into|update\s+(?:only\s+)?"?\w+"?\s+(?:as\s+)?(?:"?\w+"?\s+)?set)\b/i;

/** Given to Kysely as its log: notes changes that are a transaction of their own. */
export function noteStatement(event: LogEvent): void {
  const store = watches.getStore();
  if (store === undefined || insideTransaction.getStore() || !changing.test(event.query.sql)) return;
  if (event.level === 'query') store.changes.made = true;
  else if (answerLost(event.error)) store.changes.inDoubt = true;
}
