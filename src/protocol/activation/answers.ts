import { MalformedError } from '../../kernel/errors.ts';
import { onlyMembers, parseObject, textField } from '../json/fields.ts';

/** The answers of spec §6. */

/** Before proof, in the clear. */
export type PlainError =
  | 'bad_request'
  | 'unsupported_suite'
  | 'mic_required'
  | 'mic_untrusted'
  | 'mic_expired'
  | 'mic_not_yet_valid'
  | 'mic_revoked'
  | 'mic_subject_invalid'
  | 'mic_purpose'
  | 'mic_weak'
  | 'mic_proof_invalid'
  | 'code_not_accepted'
  | 'session_expired'
  | 'session_channel_mismatch'
  | 'rate_limited'
  | 'busy'
  | 'internal';

/** HTTP status of each. */
export const plainErrorStatus: Readonly<Record<PlainError, number>> = {
  bad_request: 400,
  unsupported_suite: 400,
  mic_required: 401,
  mic_untrusted: 403,
  mic_expired: 403,
  mic_not_yet_valid: 403,
  mic_revoked: 403,
  mic_subject_invalid: 403,
  mic_purpose: 403,
  mic_weak: 403,
  mic_proof_invalid: 403,
  code_not_accepted: 403,
  session_expired: 410,
  session_channel_mismatch: 403,
  rate_limited: 429,
  busy: 503,
  internal: 500,
};

/** After proof, inside the sealed reply. */
export const refusalReasons = [
  'code_expired',
  'code_already_used',
  'code_released',
  'model_mismatch',
  'mac_mismatch',
  'mode_not_allowed',
  'device_name_conflict',
  'device_disabled',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface PlainErrorBody {
  readonly error: PlainError;
  readonly message: string;
  /** Finds the matching log lines and timeline; means nothing else. */
  readonly ref: string;
}

export function writePlainError(body: PlainErrorBody): string {
  return JSON.stringify({ error: body.error, message: body.message, ref: body.ref });
}

/** Undefined when the text is not one of ours (a proxy's page, for instance). */
export function readPlainError(text: string): PlainErrorBody | undefined {
  try {
    const message = parseObject(text);
    onlyMembers(message, ['error', 'message', 'ref']);
    const error = textField(message, 'error');
    if (!Object.hasOwn(plainErrorStatus, error)) return undefined;
    return { error: error as PlainError, message: textField(message, 'message'), ref: textField(message, 'ref') };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
