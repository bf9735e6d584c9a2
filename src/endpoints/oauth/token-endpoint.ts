import type { Refreshed, RefreshService } from '../../domain/oauth/refresh-service.ts';
import type { MicVerdict } from '../../domain/trust/mic-verdict.ts';
import { micProblemText } from '../../domain/trust/mic-verdict.ts';
import { toHex } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import {
  readRevokeRequest,
  readTokenRequest,
  type TokenErrorCode,
  tokenErrorStatus,
  UnknownScopeError,
  writeTokenError,
  writeTokenResponse,
} from '../../protocol/oauth/token-messages.ts';
import { type Rate, RateLimiter } from '../listen/rate-limit.ts';

export interface OauthAnswer {
  readonly status: number;
  /** application/json; empty: no content. */
  readonly body: string;
  readonly retryAfter?: number;
}

/** Who asks: the certificate chain whose key the connection proved, and from where. */
export interface OauthCaller {
  readonly peerChain: readonly Uint8Array[];
  readonly source: string;
}

export interface TokenEndpointParts {
  readonly refresh: RefreshService;
  readonly mic: { inspect(chain: readonly Uint8Array[]): MicVerdict };
  readonly log: Log;
  /** Requests by one MIC: a phone needs one an hour. */
  readonly perMic?: Rate;
}

const descriptions: Readonly<Record<Extract<Refreshed, { kind: 'refused' }>['reason'], string>> = {
  unknown: 'The refresh token is not known.',
  refresh_reused: 'The refresh token was used before. All tokens of this phone have been revoked.',
  refresh_expired: 'The refresh token has expired.',
  token_revoked: 'The refresh token has been revoked.',
  token_wrong_certificate: 'The refresh token belongs to another certificate.',
  phone_locked: 'The phone is locked until its activation code is entered.',
  device_disabled: 'The phone is disabled.',
  mra_not_allowed: 'The phone is not allowed to register from outside.',
  oauth_off: 'OAuth with Refresh Login Flow is switched off.',
};

/** RFC 6749 §6 with RFC 8705: one rule inside the network and through the edge. Never rejects. */
export class TokenEndpoint {
  readonly #parts: TokenEndpointParts;
  readonly #perMic: RateLimiter;

  constructor(parts: TokenEndpointParts) {
    this.#parts = parts;
    this.#perMic = new RateLimiter(parts.perMic ?? { burst: 20, perSecond: 0.1 });
  }

  async token(form: string, caller: OauthCaller): Promise<OauthAnswer> {
    return this.#guarded(async () => {
      const mic = this.#parts.mic.inspect(caller.peerChain);
      if (!mic.accepted) return refuse('invalid_client', micProblemText[mic.problem]);
      const wait = this.#perMic.take(toHex(mic.sha256), performance.now());
      if (wait > 0) {
        return {
          status: 429,
          body: writeTokenError('temporarily_unavailable', 'Too many requests. Try again later.'),
          retryAfter: wait,
        };
      }
      const request = readTokenRequest(form);
      if (request.grantType !== 'refresh_token') {
        return refuse(
          'unsupported_grant_type',
          'Only refresh_token is offered here; the first tokens come with an activation.',
        );
      }
      const outcome = await this.#parts.refresh.refresh({
        ...request,
        micSha256: mic.sha256,
        sourceAddress: caller.source,
      });
      if (outcome.kind === 'refused') {
        return outcome.reason === 'oauth_off'
          ? refuse('temporarily_unavailable', descriptions.oauth_off)
          : refuse('invalid_grant', descriptions[outcome.reason]);
      }
      return { status: 200, body: writeTokenResponse({ ...outcome.tokens, audiences: outcome.audiences }) };
    });
  }

  /** RFC 7009: a phone gives its tokens up. A token nobody knows is revoked already. */
  async revoke(form: string, caller: OauthCaller): Promise<OauthAnswer> {
    return this.#guarded(async () => {
      const mic = this.#parts.mic.inspect(caller.peerChain);
      if (!mic.accepted) return refuse('invalid_client', micProblemText[mic.problem]);
      await this.#parts.refresh.giveUp(readRevokeRequest(form).token, mic.sha256, caller.source);
      return { status: 200, body: '' };
    });
  }

  async #guarded(work: () => Promise<OauthAnswer>): Promise<OauthAnswer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof UnknownScopeError) return refuse('invalid_scope', `${error.message}.`);
      if (error instanceof MalformedError) return refuse('invalid_request', `${error.message}.`);
      this.#parts.log.error({ err: error }, 'a token request failed');
      return { ...refuse('temporarily_unavailable', 'Try again later.'), retryAfter: 5 };
    }
  }
}

function refuse(error: TokenErrorCode, description: string): OauthAnswer {
  return { status: tokenErrorStatus[error], body: writeTokenError(error, description) };
}
