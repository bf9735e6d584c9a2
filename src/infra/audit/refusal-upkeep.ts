import type { RefusalTrail } from '../../domain/access/refusal-trail.ts';
import type { Log } from '../../kernel/log.ts';

const lookEvery = 60_000;

/** Has counted refusals written when their time has come, and all of them at its end, which must be before that of the audit log. */
export function keepRefusalsTold(refusals: RefusalTrail, log: Log): AsyncDisposable {
  const tell = (now: boolean) =>
    refusals
      .tell(now)
      .catch((error: unknown) => log.warn({ err: error }, 'counted refusals of sign-ins cannot be written; they wait'));
  const timer = setInterval(() => void tell(false), lookEvery).unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await tell(true);
    },
  };
}
