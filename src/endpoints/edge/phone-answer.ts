import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { micProblemText } from '../../domain/trust/mic-verdict.ts';
import { writePlainError } from '../../protocol/activation/answers.ts';
import { type EdgeRefusalCode, edgeRefusalStatus, writeEdgeRefusal } from '../../protocol/edge-access/refusal.ts';
import type { TunnelAnswer } from './tunnel-link.ts';

/** E itself does not pass a request on. The phone reads the same form as from the activation service. */
export class EdgeRefusal extends Error {
  readonly error: EdgeRefusalCode;
  readonly retryAfter: number | undefined;
  readonly ref = randomBytes(6).toString('hex');
  /** Instead of the code's own. */
  readonly status: number | undefined;
  readonly allow: string | undefined;

  constructor(
    error: EdgeRefusalCode,
    message?: string,
    more: { retryAfter?: number; status?: number; allow?: string } = {},
  ) {
    super(message ?? texts[error] ?? 'The request cannot be served here.');
    this.name = 'EdgeRefusal';
    this.error = error;
    this.retryAfter = more.retryAfter;
    this.status = more.status;
    this.allow = more.allow;
  }
}

const texts: Partial<Readonly<Record<EdgeRefusalCode, string>>> = {
  bad_request: 'The request could not be understood.',
  ...micProblemText,
  not_found: 'There is nothing at this address.',
  not_allowed: 'A phone may ask for its own file only.',
  rate_limited: 'Too many requests. Try again later.',
  busy: 'The edge is busy. Try again later.',
  internal: 'Something went wrong here. Try again later.',
};

/** After these the phone has to connect anew anyway. */
const closing: readonly EdgeRefusalCode[] = [
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

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: string | Buffer;
  readonly close: boolean;
}

/** `oauth`: the answer is read by an OAuth client (RFC 6749 §5.2). */
export function refusalAnswer(refusal: EdgeRefusal, form: 'plain' | 'oauth'): Sent {
  const { error, message, ref } = refusal;
  const headers: Record<string, string | number> = { 'Content-Type': 'application/json' };
  if (refusal.retryAfter !== undefined) headers['Retry-After'] = refusal.retryAfter;
  if (refusal.allow !== undefined) headers['Allow'] = refusal.allow;
  if (error.startsWith('token_')) {
    headers['WWW-Authenticate'] = error === 'token_required' ? 'Bearer' : 'Bearer error="invalid_token"';
  }
  return {
    status: refusal.status ?? edgeRefusalStatus[error],
    headers,
    body:
      form === 'oauth'
        ? JSON.stringify({ error: oauthError(error), error_description: message })
        : writeEdgeRefusal({ error, message, ref }),
    close: closing.includes(error),
  };
}

function oauthError(error: EdgeRefusalCode): string {
  if (error === 'busy' || error === 'rate_limited') return 'temporarily_unavailable';
  if (error === 'internal') return 'server_error';
  return error.startsWith('mic_') ? 'invalid_client' : 'invalid_request';
}

export function passedAnswer(answer: TunnelAnswer): Sent {
  const headers: Record<string, string | number> = {};
  if (answer.body.length > 0) headers['Content-Type'] = answer.contentType ?? 'application/octet-stream';
  if (answer.retryAfter !== undefined) headers['Retry-After'] = answer.retryAfter;
  if (answer.wwwAuthenticate !== undefined) headers['WWW-Authenticate'] = answer.wwwAuthenticate;
  return { status: answer.status, headers, body: answer.body, close: false };
}

export function send(response: ServerResponse, { status, headers, body, close }: Sent, last: boolean): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
    ...(status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    ...(close || last ? { Connection: 'close' } : {}),
  });
  response.end(status === 204 ? undefined : body);
}

/** For sockets on which HTTP has already failed. */
export function rawBadRequest(status: 400 | 408 | 431): string {
  const text = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }[status];
  const { message, ref } = new EdgeRefusal('bad_request');
  const body = writePlainError({ error: 'bad_request', message, ref });
  return `HTTP/1.1 ${status} ${text}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}
