import { randomBytes } from 'node:crypto';
import { micProblemText } from '../../domain/trust/mic-verdict.ts';
import { outageOf } from '../../kernel/outage.ts';
import { type PlainError, plainErrorStatus, writePlainError } from '../../protocol/activation/answers.ts';

/** What goes back to the phone. */
export interface DasAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: number;
  /** Nothing more is expected on this connection. */
  readonly close?: boolean;
}

/** A handshake that ends before proof. Carries what the phone may know; the log and the timeline get the rest. */
export class DasRefusal extends Error {
  readonly error: PlainError;
  readonly retryAfter: number | undefined;
  readonly ref: string;
  /** Instead of the error's own. */
  readonly status: number | undefined;

  constructor(error: PlainError, message?: string, retryAfter?: number, status?: number) {
    super(message ?? plainMessage[error]);
    this.name = 'DasRefusal';
    this.error = error;
    this.retryAfter = retryAfter;
    this.status = status;
    this.ref = randomBytes(6).toString('hex');
  }
}

const plainMessage: Readonly<Record<PlainError, string>> = {
  bad_request: 'The request could not be understood.',
  unsupported_suite: 'This service speaks suite AC-SRP-1 only.',
  ...micProblemText,
  mic_proof_invalid: 'The signature does not belong to the certificate.',
  code_not_accepted: 'The activation code was not accepted.',
  session_expired: 'The handshake has ended. Start again.',
  session_channel_mismatch: 'The handshake belongs to another connection.',
  rate_limited: 'Too many attempts. Try again later.',
  busy: 'The service is busy. Try again later.',
  internal: 'Something went wrong here. Try again later.',
};

/** After these the phone has to connect anew anyway. */
const closing: readonly PlainError[] = [
  'mic_required',
  'mic_untrusted',
  'mic_expired',
  'mic_not_yet_valid',
  'mic_revoked',
  'mic_subject_invalid',
  'mic_purpose',
  'mic_weak',
  'busy',
];

export function answerRefusal({ error, message, ref, retryAfter, status }: DasRefusal): DasAnswer {
  return {
    status: status ?? plainErrorStatus[error],
    body: writePlainError({ error, message, ref }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(closing.includes(error) && { close: true }),
  };
}

/** What to answer when something was thrown. Nothing of the inside shows; it stays with the refusal as its cause. */
export function refusalOf(error: unknown): DasRefusal {
  if (error instanceof DasRefusal) return error;
  const away = outageOf(error) !== undefined;
  return Object.assign(away ? new DasRefusal('busy', undefined, 5) : new DasRefusal('internal'), { cause: error });
}
