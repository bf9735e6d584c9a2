import { Fault } from '../../kernel/errors.ts';

export type IdempotencyFaultCode = 'idempotency_key_reused' | 'request_in_progress' | 'answer_not_kept';

export class IdempotencyFault extends Fault<IdempotencyFaultCode> {}

export const keyReused = () =>
  new IdempotencyFault('caller', 'idempotency_key_reused', 'This Idempotency-Key was sent with another request.', {
    field: 'Idempotency-Key',
    remedy: 'Make a new key for each request; send the same one only with the very same request.',
  });

export const inProgress = () =>
  new IdempotencyFault('policy', 'request_in_progress', 'The request with this Idempotency-Key is being carried out.', {
    field: 'Idempotency-Key',
    remedy: 'Send it again in a moment, with the same key: the answer of the first one comes back.',
    detail: { retryAfter: 1 },
  });

/** `made`: what the request is known to have done, from its audit rows. */
export const answerNotKept = (made: readonly unknown[]) =>
  new IdempotencyFault(
    'policy',
    'answer_not_kept',
    'The request with this Idempotency-Key was carried out, wholly or in part, but its answer is not kept here.',
    {
      field: 'Idempotency-Key',
      remedy: 'Read what it made, which "made" names. It is not carried out again under this key.',
      detail: { made },
    },
  );
