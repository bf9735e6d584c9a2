import { randomBytes } from 'node:crypto';
import { CloudFault } from '../../domain/cloud/cloud-fault.ts';
import { micProblemText } from '../../domain/trust/mic-verdict.ts';
import { Fault, MalformedError } from '../../kernel/errors.ts';
import { outageOf } from '../../kernel/outage.ts';
import { type CloudError, cloudErrorStatus, writeCloudProblem } from '../../protocol/cloud/problem.ts';
import { BodyRefused } from '../listen/read-body.ts';

/** What goes back to a phone or a cluster. */
export interface CloudAnswer {
  readonly status: number;
  readonly body: string;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
  /** Nothing more is expected on this connection. */
  readonly close?: boolean;
}

/** A request that ends early. Carries what the caller may know; the log gets the rest. */
export class CloudRefusal extends Error {
  readonly error: CloudError;
  readonly retryAfter: number | undefined;
  readonly ref = randomBytes(6).toString('hex');
  /** Instead of the error's own. */
  readonly status: number | undefined;

  constructor(
    error: CloudError,
    message?: string,
    options: { retryAfter?: number | undefined; cause?: unknown; status?: number | undefined } = {},
  ) {
    super(message ?? plainMessage[error], options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CloudRefusal';
    this.error = error;
    this.retryAfter = options.retryAfter;
    this.status = options.status;
  }
}

const plainMessage: Readonly<Record<CloudError, string>> = {
  bad_request: 'The request could not be understood.',
  not_found: 'There is nothing at this address.',
  ...micProblemText,
  mic_untrusted: 'The certificate does not chain to a manufacturer root that this cloud knows.',
  code_not_accepted: 'The activation code was not accepted.',
  voucher_not_accepted: 'The voucher is not good.',
  self_service_off: "This cloud gives vouchers only through its operator. Ask the cloud's operator for one.",
  csr_not_accepted: 'The certificate request cannot be accepted.',
  client_certificate_required: 'This needs the client certificate that the cluster got when it was enrolled.',
  client_certificate_not_accepted: 'The client certificate is not one of a cluster here, or has ended.',
  cluster_suspended: "The cloud's operator has suspended this cluster.",
  settings_not_accepted: 'The settings cannot be accepted.',
  trust_not_accepted: 'The PhoneEdge-trust set cannot be accepted.',
  trust_version_stale: 'The cloud has a later PhoneEdge-trust set already.',
  idempotency_conflict: 'This idempotency key was used for another count.',
  quota_exceeded: 'The cluster may not have more locators.',
  locators_exhausted: 'The cloud has no free locator now.',
  allocation_unknown: 'The cluster has no such locator, or has released it.',
  rate_limited: 'Too many requests. Try again later.',
  busy: 'The service is busy. Try again later.',
  internal: 'Something went wrong here. Try again later.',
};

/** Whatever was thrown, as a refusal. Anything unforeseen is `internal` and keeps its cause for the log only. */
export function cloudRefusalOf(error: unknown): CloudRefusal {
  if (error instanceof CloudRefusal) return error;
  if (error instanceof BodyRefused)
    return new CloudRefusal('bad_request', error.message, { status: error.reason === 'too-large' ? 413 : undefined });
  if (error instanceof MalformedError)
    return new CloudRefusal('bad_request', `The request could not be understood: ${error.message}.`);
  if (error instanceof CloudFault && Object.hasOwn(cloudErrorStatus, error.code)) {
    const message = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
    const wait = error.detail?.['retryAfter'];
    return new CloudRefusal(error.code as CloudError, message, {
      retryAfter: typeof wait === 'number' ? wait : undefined,
      cause: error.of === 'ours' ? error : undefined,
    });
  }
  // Also where a commit's outcome is not known: everything here may be asked again.
  if (lostDatabase(error)) return new CloudRefusal('busy', undefined, { retryAfter: jitter(), cause: error });
  return new CloudRefusal('internal', undefined, { cause: error });
}

/** 1 to 5 seconds: a crowd that was sent away must not come back as one. */
export const jitter = () => 1 + Math.floor(Math.random() * 5);

function lostDatabase(error: unknown): boolean {
  if (error instanceof Fault && error.code === 'outcome_unknown') return true;
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return outageOf(error) !== undefined || code === '40001' || code === '40P01';
}

export function answerCloudRefusal({ error, message, ref, retryAfter, status }: CloudRefusal): CloudAnswer {
  return {
    status: status ?? cloudErrorStatus[error],
    body: writeCloudProblem({ error, message, ref, ...(retryAfter === undefined ? {} : { retryAfter }) }),
    retryAfter,
    close: error === 'busy',
  };
}
