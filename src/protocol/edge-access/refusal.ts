import { MalformedError } from '../../kernel/errors.ts';
import { parseObject, textField } from '../json/fields.ts';

/** Why a node did not give Expressway-C what it asked for a phone. C passes status and body on to the phone as they are. */
export type EdgeRefusalCode =
  | 'bad_request'
  /** The client certificate is none of the Expressway-Cs of this cluster. */
  | 'expressway_unknown'
  | 'mic_required'
  | 'mic_untrusted'
  | 'mic_expired'
  | 'mic_not_yet_valid'
  | 'mic_revoked'
  | 'mic_subject_invalid'
  | 'mic_purpose'
  | 'mic_weak'
  /** No access token, or one that cannot be read, is not ours, or is too old. */
  | 'token_required'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked'
  /** The token belongs to another certificate, or is not for this service. */
  | 'token_wrong_certificate'
  | 'token_wrong_audience'
  /** Not the caller's own file. */
  | 'not_allowed'
  | 'not_found'
  /** The phone's box "Allow Activation Code via MRA" is not ticked, or MRA is off. */
  | 'mra_not_allowed'
  | 'oauth_off'
  | 'rate_limited'
  | 'busy'
  | 'internal';

/** HTTP status of each. */
export const edgeRefusalStatus: Readonly<Record<EdgeRefusalCode, number>> = {
  bad_request: 400,
  expressway_unknown: 403,
  mic_required: 401,
  mic_untrusted: 403,
  mic_expired: 403,
  mic_not_yet_valid: 403,
  mic_revoked: 403,
  mic_subject_invalid: 403,
  mic_purpose: 403,
  mic_weak: 403,
  token_required: 401,
  token_invalid: 401,
  token_expired: 401,
  token_revoked: 401,
  token_wrong_certificate: 401,
  token_wrong_audience: 401,
  not_allowed: 403,
  not_found: 404,
  mra_not_allowed: 403,
  oauth_off: 403,
  rate_limited: 429,
  busy: 503,
  internal: 500,
};

export interface EdgeRefusalBody {
  readonly error: EdgeRefusalCode;
  readonly message: string;
  /** Finds the matching log lines and timeline; means nothing else. */
  readonly ref: string;
}

export function writeEdgeRefusal({ error, message, ref }: EdgeRefusalBody): string {
  return JSON.stringify({ error, message, ref });
}

/** Undefined when the text is not one of these. */
export function readEdgeRefusal(text: string): EdgeRefusalBody | undefined {
  try {
    const message = parseObject(text);
    const error = textField(message, 'error');
    if (!Object.hasOwn(edgeRefusalStatus, error)) return undefined;
    return {
      error: error as EdgeRefusalCode,
      message: textField(message, 'message'),
      ref: textField(message, 'ref'),
    };
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
