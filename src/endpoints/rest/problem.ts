import type { AccessFaultCode } from '../../domain/access/access-fault.ts';
import type { IdempotencyFaultCode } from '../../domain/idempotency/idempotency-fault.ts';
import { Fault } from '../../kernel/errors.ts';
import { type Outage, outageOf } from '../../kernel/outage.ts';
import type { Changes } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import { RequestFault, type RequestFaultCode } from './request-fault.ts';

export interface ProblemKind {
  readonly status: number;
  /** The same for every occurrence of the code. */
  readonly title: string;
}

/** Give it a closed union of fault codes, and the compiler refuses a table that forgets one. */
export type ProblemTable<Code extends string> = Readonly<Record<Code, ProblemKind>>;

export const requestProblems = {
  malformed_request: { status: 400, title: 'The request is not HTTP as it should be' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  missing_body: { status: 400, title: 'The body is missing' },
  missing_field: { status: 400, title: 'A field is missing' },
  unknown_field: { status: 400, title: 'A field is not known' },
  wrong_type: { status: 400, title: 'A field has the wrong type' },
  invalid_value: { status: 400, title: 'A field has a value that is not allowed' },
  invalid_text: { status: 400, title: 'A text holds characters that cannot be stored' },
  invalid_if_match: { status: 400, title: 'If-Match is not a version' },
  invalid_idempotency_key: { status: 400, title: 'Idempotency-Key cannot be taken' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This address does not know that method' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has a media type this address does not take' },
  uri_too_long: { status: 414, title: 'The address is too long' },
  database_unavailable: { status: 503, title: 'The database cannot be reached' },
  outcome_unknown: { status: 503, title: 'It is not known whether the change was made' },
  database_busy: { status: 503, title: 'This node has more to do than its database connections carry' },
  database_read_only: { status: 503, title: 'The database takes no changes' },
  took_too_long: { status: 503, title: 'The database took too long' },
  request_given_up: { status: 503, title: 'The request was given up' },
  storage_full: { status: 507, title: 'The disk is full' },
  try_again: { status: 503, title: 'Somebody else changed the same thing at the same time' },
  internal: { status: 500, title: 'Something broke here' },
  broke_after_change: { status: 500, title: 'Something broke here after something was changed' },
} satisfies ProblemTable<RequestFaultCode>;

export const idempotencyProblems = {
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key belongs to another request' },
  request_in_progress: { status: 409, title: 'The same request is being carried out' },
  answer_not_kept: { status: 409, title: 'The request was carried out before, and its answer is not kept' },
} satisfies ProblemTable<IdempotencyFaultCode>;

export const accessProblems = {
  not_signed_in: { status: 401, title: 'Nobody is signed in' },
  sign_in_refused: { status: 401, title: 'Sign-in was refused' },
  session_expired: { status: 401, title: 'The session has ended' },
  forbidden: { status: 403, title: 'Your roles do not allow this' },
  cross_site_refused: { status: 403, title: 'The request does not come from this site' },
  too_many_guesses: { status: 429, title: 'Too many wrong passwords' },
  busy: { status: 503, title: 'Busy' },
} satisfies ProblemTable<AccessFaultCode>;

export interface ProblemAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Ours: to be logged with its cause. */
  readonly severe: boolean;
}

/**
 * Any failure as RFC 9457. A fault whose code no table holds, and whatever is not a fault, is `internal`: the details stay in the log. `changes`:
 * what the request did before it failed, so that nothing is said of it that may not be true; undefined: nobody watched.
 */
export function presentProblem(error: unknown, table: ProblemTable<string>, changes?: Changes): ProblemAnswer {
  const fault = asFault(error, changes);
  const kind = table[fault.code];
  if (kind === undefined) return presentProblem(internal(error, changes), table, changes);
  const retryAfter = fault.detail?.['retryAfter'];
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (typeof retryAfter === 'number') headers['retry-after'] = String(retryAfter);
  return {
    status: kind.status,
    headers,
    severe: kind.status === 500 || fault.of === 'ours',
    body: {
      type: `/api/v1/problems/${fault.code}`,
      title: kind.title,
      status: kind.status,
      code: fault.code,
      detail: fault.message,
      ...(fault.field === undefined ? {} : { field: fault.field }),
      ...(fault.remedy === undefined ? {} : { remedy: fault.remedy }),
      ...(fault.sentence === undefined ? {} : { text: fault.sentence.text, values: fault.sentence.values }),
      ...fault.detail,
    },
  };
}

/** Whether something was changed, or may have been: then nothing is said that sounds as if sending it again were safe. */
const touched = (changes: Changes | undefined) => changes?.made === true || changes?.inDoubt === true;

function internal(cause: unknown, changes: Changes | undefined): RequestFault {
  if (touched(changes)) return new RequestFault('ours', say('broke_after_change'), { cause });
  return new RequestFault('ours', say(changes === undefined ? 'internal.unwatched' : 'internal'), { cause });
}

function lost(cause: unknown, changes: Changes | undefined): RequestFault {
  if (touched(changes))
    return new RequestFault('ours', say(changes?.inDoubt ? 'outcome_unknown' : 'outcome_unknown.part'), {
      cause,
      detail: { retryAfter: 2 },
    });
  return new RequestFault(
    'ours',
    say(changes === undefined ? 'database_unavailable.unwatched' : 'database_unavailable'),
    { cause, detail: { retryAfter: 2 } },
  );
}

function asFault(error: unknown, changes: Changes | undefined): Fault {
  if (error instanceof Fault) {
    const inDoubt = error.code === 'database_busy' && touched(changes);
    return error.code === 'database_unavailable' || inDoubt ? lost(error, changes) : error;
  }
  return fromHttp(error) ?? fromDatabase(error, changes) ?? internal(error, changes);
}

/** The HTTP server's own refusals. */
function fromHttp(error: unknown): Fault | undefined {
  const code = codeOf(error);
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestFault('caller', say('unsupported_media_type'));
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestFault('caller', say('body_too_large'));
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new RequestFault('caller', say('malformed_request.length'));
    case 'FST_ERR_BAD_URL':
      return new RequestFault('caller', say('malformed_request.address'));
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new RequestFault('caller', say('uri_too_long'));
  }
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new RequestFault('caller', say('malformed_request'));
  return undefined;
}

/** PostgreSQL's and the driver's errors. */
function fromDatabase(error: unknown, changes: Changes | undefined): Fault | undefined {
  const code = codeOf(error);
  const lostRace = code === '40001' || code === '40P01' || code === '55P03';
  const cannotStand = /^22(?:P0|0)/.test(code);
  // It was not the whole request that failed.
  if ((lostRace || cannotStand) && touched(changes)) return internal(error, changes);
  if (lostRace) return new RequestFault('policy', say('try_again'), { detail: { retryAfter: 1 } });
  if (cannotStand) return new RequestFault('caller', say('invalid_value.not_storable'), { cause: error });
  const outage = outageOf(error);
  return outage === undefined ? undefined : outageFault(outage, error, changes);
}

function outageFault(outage: Outage, cause: unknown, changes: Changes | undefined): Fault {
  // What was stored before says more than why the rest was not.
  if (outage === 'unreachable' || outage === 'busy' || touched(changes))
    return outage === 'full' ? internal(cause, changes) : lost(cause, changes);
  switch (outage) {
    // A standby after failover takes no writes until it is promoted.
    case 'read-only':
      return new RequestFault(
        'ours',
        say(changes === undefined ? 'database_read_only.unwatched' : 'database_read_only'),
        { cause, detail: { retryAfter: 5 } },
      );
    case 'too-slow':
      return new RequestFault('ours', say(changes === undefined ? 'took_too_long.unwatched' : 'took_too_long'), {
        cause,
        detail: { retryAfter: 5 },
      });
    case 'full':
      return new RequestFault('ours', say(changes === undefined ? 'storage_full.unwatched' : 'storage_full'), {
        cause,
      });
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
