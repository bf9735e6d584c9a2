import { MalformedError } from '../../kernel/errors.ts';
import { integerField, onlyMembers, parseObject, textField } from '../json/fields.ts';
import { optional } from './fields.ts';

/** The cloud's refusals to phones and clusters, all as `{error, message, ref}` and some with `retry_after` (seconds). HTTP status of each. */
export const cloudErrorStatus = {
  bad_request: 400,
  not_found: 404,
  // Phones. The certificate's own problems are those of spec/activation.md §6.
  mic_required: 401,
  mic_untrusted: 403,
  mic_expired: 403,
  mic_not_yet_valid: 403,
  mic_revoked: 403,
  mic_subject_invalid: 403,
  mic_purpose: 403,
  mic_weak: 403,
  code_not_accepted: 404,
  // Clusters.
  voucher_not_accepted: 403,
  self_service_off: 403,
  csr_not_accepted: 400,
  client_certificate_required: 401,
  client_certificate_not_accepted: 403,
  cluster_suspended: 403,
  settings_not_accepted: 422,
  trust_not_accepted: 422,
  trust_version_stale: 409,
  idempotency_conflict: 409,
  quota_exceeded: 409,
  locators_exhausted: 503,
  allocation_unknown: 404,
  // Both.
  rate_limited: 429,
  busy: 503,
  internal: 500,
} as const;
export type CloudError = keyof typeof cloudErrorStatus;

export interface CloudProblem {
  readonly error: CloudError;
  /** A plain sentence: what is wrong and what to do. */
  readonly message: string;
  /** Finds the matching log line; means nothing else. */
  readonly ref: string;
  /** Seconds to wait before the next try. */
  readonly retryAfter?: number;
}

export function writeCloudProblem({ error, message, ref, retryAfter }: CloudProblem): string {
  return JSON.stringify({ error, message, ref, ...(retryAfter === undefined ? {} : { retry_after: retryAfter }) });
}

/** Undefined when the text is not one of ours (a proxy's page, for instance). */
export function readCloudProblem(text: string): CloudProblem | undefined {
  try {
    const body = parseObject(text);
    onlyMembers(body, ['error', 'message', 'ref', 'retry_after']);
    const error = textField(body, 'error');
    if (!Object.hasOwn(cloudErrorStatus, error)) return undefined;
    const retryAfter = optional(body, 'retry_after', (object, name) => integerField(object, name, 0, 7 * 24 * 3600));
    return {
      error: error as CloudError,
      message: textField(body, 'message', /^[^\p{Cc}]{0,1000}$/u),
      ref: textField(body, 'ref', /^[\x21-\x7e]{0,64}$/),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
