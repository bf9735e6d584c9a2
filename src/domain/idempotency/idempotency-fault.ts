import { Fault } from '../../kernel/errors.ts';
import { say } from '../../texts/say.ts';

export type IdempotencyFaultCode = 'idempotency_key_reused' | 'request_in_progress' | 'answer_not_kept';

export class IdempotencyFault extends Fault<IdempotencyFaultCode> {}

export const keyReused = () =>
  new IdempotencyFault('caller', say('idempotency_key_reused'), { field: 'Idempotency-Key' });

export const inProgress = () =>
  new IdempotencyFault('policy', say('request_in_progress'), { field: 'Idempotency-Key', detail: { retryAfter: 1 } });

/** `made`: what the request is known to have done, from its audit rows. */
export const answerNotKept = (made: readonly unknown[]) =>
  new IdempotencyFault('policy', say('answer_not_kept'), { field: 'Idempotency-Key', detail: { made } });
