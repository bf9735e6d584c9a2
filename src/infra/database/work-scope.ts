import { AsyncLocalStorage } from 'node:async_hooks';

/** For whom the database works at the moment, in everything that is awaited. */
export interface WorkScope {
  /**
   * Which connections it takes: `reading` may be long and has few of its own, so that many slow lists leave everything else alone; `background` is
   * what nobody waits for. Undefined: the usual ones.
   */
  readonly connections?: 'reading' | 'background';
  /** Aborted: whoever asked has gone. What runs is cancelled in the database and no further statement is sent. */
  readonly signal?: AbortSignal;
}

const scopes = new AsyncLocalStorage<WorkScope>();

export function currentScope(): WorkScope | undefined {
  return scopes.getStore();
}

export function withinScope<T>(scope: WorkScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** For a job, a sweep or a step of the start: statements may take minutes. */
export function inBackground<T>(work: () => T): T {
  return scopes.run({ connections: 'background' }, work);
}
