import { randomBytes } from 'node:crypto';
import { micProblemText } from '../../domain/trust/mic-verdict.ts';
import { type EdgeRefusalCode, edgeRefusalStatus, writeEdgeRefusal } from '../../protocol/edge-access/refusal.ts';

/** An answer to Expressway-C. */
export interface EdgeAnswer {
  readonly status: number;
  readonly body: string | Uint8Array;
  /** application/json when left out. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A phone, or an Expressway-C, does not get what it asked for. */
export class EdgeRefusal extends Error {
  readonly code: EdgeRefusalCode;
  readonly retryAfter: number | undefined;
  readonly ref: string;

  constructor(code: EdgeRefusalCode, message?: string, retryAfter?: number) {
    super(message ?? texts[code]);
    this.name = 'EdgeRefusal';
    this.code = code;
    this.retryAfter = retryAfter;
    this.ref = randomBytes(6).toString('hex');
  }
}

const texts: Readonly<Record<EdgeRefusalCode, string>> = {
  bad_request: 'The request could not be understood.',
  expressway_unknown: 'This Expressway-C is not known to the cluster. Add the cluster again on its console.',
  ...micProblemText,
  token_required: 'An access token is required.',
  token_invalid: 'The access token is not one of this cluster.',
  token_expired: 'The access token has expired. Refresh it.',
  token_revoked: 'The access token has been revoked.',
  token_wrong_certificate: 'The access token belongs to another certificate.',
  token_wrong_audience: 'The access token is not for this service.',
  not_allowed: 'A phone may ask for its own files only.',
  not_found: 'There is no such thing.',
  mra_not_allowed: 'The phone is not allowed to be used from outside.',
  oauth_off: 'OAuth with Refresh Login Flow is switched off.',
  rate_limited: 'Too many requests. Try again later.',
  busy: 'The node is busy. Try again later.',
  internal: 'Something went wrong here. Try again later.',
};

export function answerEdgeRefusal({ code, message, ref, retryAfter }: EdgeRefusal): EdgeAnswer {
  const headers: Record<string, string> = {};
  if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
  // RFC 6750 §3.
  if (edgeRefusalStatus[code] === 401 && code.startsWith('token_')) {
    headers['www-authenticate'] = code === 'token_required' ? 'Bearer' : 'Bearer error="invalid_token"';
  }
  return { status: edgeRefusalStatus[code], body: writeEdgeRefusal({ error: code, message, ref }), headers };
}
