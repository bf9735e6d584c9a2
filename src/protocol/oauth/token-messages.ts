import { MalformedError } from '../../kernel/errors.ts';
import { type Audience, audiences } from './access-token.ts';

/** RFC 6749 §6: what a phone asks at the token endpoint, as application/x-www-form-urlencoded. */
export interface TokenRequest {
  readonly grantType: string;
  readonly refreshToken: string;
  /** Our own parameter `request_id`: the same value with the same token is the same request, asked again because its answer got lost. */
  readonly requestId: string | undefined;
  /** `scope`: the services the access token shall open. Empty: all. */
  readonly audiences: readonly Audience[];
}

const largestForm = 4096;

function readForm(text: string): ReadonlyMap<string, string> {
  if (text.length > largestForm) throw new MalformedError('the form is too long');
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const decode = (part: string) => {
      try {
        return decodeURIComponent(part.replaceAll('+', ' '));
      } catch {
        throw new MalformedError('the form is not percent-encoded UTF-8');
      }
    };
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    // RFC 6749 §3.2: parameters must not be included more than once.
    if (fields.has(name)) throw new MalformedError(`${JSON.stringify(name.slice(0, 40))} is given twice`);
    fields.set(name, at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return fields;
}

/** Throws MalformedError. Unknown parameters are ignored (RFC 6749 §3.2). */
export function readTokenRequest(text: string): TokenRequest {
  const form = readForm(text);
  const grantType = form.get('grant_type');
  if (!grantType) throw new MalformedError('grant_type is missing');
  const refreshToken = form.get('refresh_token') ?? '';
  if (grantType === 'refresh_token' && refreshToken === '') throw new MalformedError('refresh_token is missing');
  const requestId = form.get('request_id');
  if (requestId !== undefined && !/^[A-Za-z0-9_-]{16,64}$/.test(requestId)) {
    throw new MalformedError('request_id has not the required form');
  }
  const scope = (form.get('scope') ?? '').split(' ').filter((each) => each !== '');
  return {
    grantType,
    refreshToken,
    requestId,
    audiences: [...new Set(scope)].map((each) => {
      if (!(audiences as readonly string[]).includes(each)) throw new UnknownScopeError(each);
      return each as Audience;
    }),
  };
}

export class UnknownScopeError extends MalformedError {
  constructor(scope: string) {
    super(`there is no scope ${JSON.stringify(scope.slice(0, 40))}`);
  }
}

export function writeTokenRequest({
  refreshToken,
  requestId,
  audiences: wanted,
}: Omit<TokenRequest, 'grantType'>): string {
  const parts = ['grant_type=refresh_token', `refresh_token=${encodeURIComponent(refreshToken)}`];
  if (requestId !== undefined) parts.push(`request_id=${encodeURIComponent(requestId)}`);
  if (wanted.length > 0) parts.push(`scope=${wanted.join('+')}`);
  return parts.join('&');
}

/** RFC 7009 §2.1. Throws MalformedError. */
export function readRevokeRequest(text: string): { readonly token: string } {
  const token = readForm(text).get('token');
  if (!token) throw new MalformedError('token is missing');
  return { token };
}

/** RFC 6749 §5.1. */
export interface TokenResponse {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export function writeTokenResponse(tokens: TokenResponse & { readonly audiences: readonly Audience[] }): string {
  return JSON.stringify({
    access_token: tokens.accessToken,
    token_type: tokens.tokenType,
    expires_in: tokens.expiresIn,
    refresh_token: tokens.refreshToken,
    scope: tokens.audiences.join(' '),
  });
}

/** RFC 6749 §5.2, and `temporarily_unavailable` for a service that is switched off or overrun. */
export type TokenErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable';

export const tokenErrorStatus: Readonly<Record<TokenErrorCode, number>> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
  temporarily_unavailable: 503,
};

export function writeTokenError(error: TokenErrorCode, description: string): string {
  return JSON.stringify({ error, error_description: description });
}

/** The answer of the token endpoint. Throws MalformedError when it is neither tokens nor an error of ours. */
export function readTokenAnswer(
  text: string,
):
  | ({ readonly kind: 'tokens' } & TokenResponse)
  | { readonly kind: 'error'; readonly error: string; readonly description: string } {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new MalformedError('the answer is not JSON');
  }
  if (typeof message !== 'object' || message === null) throw new MalformedError('the answer is not an object');
  const { error, error_description, access_token, refresh_token, token_type, expires_in } = message as Record<
    string,
    unknown
  >;
  if (typeof error === 'string') {
    return { kind: 'error', error, description: typeof error_description === 'string' ? error_description : '' };
  }
  if (
    typeof access_token !== 'string' ||
    typeof refresh_token !== 'string' ||
    typeof token_type !== 'string' ||
    !Number.isInteger(expires_in)
  ) {
    throw new MalformedError('the answer lacks a token');
  }
  return {
    kind: 'tokens',
    accessToken: access_token,
    refreshToken: refresh_token,
    tokenType: token_type,
    expiresIn: expires_in as number,
  };
}
