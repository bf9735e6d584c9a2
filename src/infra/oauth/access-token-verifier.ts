import { compactVerify, createLocalJWKSet, errors } from 'jose';
import type { Clock } from '../../kernel/clock.ts';
import type { JsonWebKeys } from '../../protocol/edge-access/cluster-view.ts';
import {
  type AccessClaims,
  type AccessProblem,
  type Audience,
  accessTokenAlgorithm,
  accessTokenType,
  judgeAccessClaims,
  readAccessClaims,
} from '../../protocol/oauth/access-token.ts';

export type AccessVerdict =
  | { readonly ok: true; readonly claims: AccessClaims }
  | { readonly ok: false; readonly problem: AccessProblem | 'token_revoked'; readonly claims?: AccessClaims };

export interface AccessTokenVerifier {
  /** `certificateSha256`: of the certificate whose key the caller proved to hold. */
  verify(token: string, audience: Audience, certificateSha256: Uint8Array): Promise<AccessVerdict>;
}

export interface VerifierParts {
  /** Current keys and issuer. `jwks` is a new object when they changed. */
  readonly trust: () => { readonly issuer: string; readonly jwks: JsonWebKeys };
  readonly revoked: (claims: AccessClaims) => boolean;
  readonly clock: Clock;
}

/** RFC 9068 §4 and RFC 8705 §3: signature by a known key, algorithm and type as they must be, then the claims, then the revocations. */
export function accessTokenVerifier({ trust, revoked, clock }: VerifierParts): AccessTokenVerifier {
  let known: JsonWebKeys | undefined;
  let keyOf: ReturnType<typeof createLocalJWKSet> | undefined;
  const keys = (jwks: JsonWebKeys) => {
    if (jwks !== known || keyOf === undefined) {
      known = jwks;
      keyOf = createLocalJWKSet({ keys: jwks.keys.map((key) => ({ ...key })) });
    }
    return keyOf;
  };
  return {
    async verify(token, audience, certificateSha256) {
      const { issuer, jwks } = trust();
      let claims: AccessClaims | undefined;
      try {
        const { payload, protectedHeader } = await compactVerify(token, keys(jwks), {
          algorithms: [accessTokenAlgorithm],
        });
        if (protectedHeader.typ !== accessTokenType) return { ok: false, problem: 'token_invalid' };
        claims = readAccessClaims(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
      } catch (error) {
        // A key that is gone, another algorithm, broken base64, bad JSON: all the same to the caller.
        if (error instanceof errors.JOSEError || error instanceof SyntaxError || error instanceof TypeError) {
          return { ok: false, problem: 'token_invalid' };
        }
        throw error;
      }
      if (claims === undefined) return { ok: false, problem: 'token_invalid' };
      const now = Math.floor(clock.now() / 1000);
      const problem = judgeAccessClaims(claims, { issuer, audience, now, certificateSha256 });
      if (problem !== undefined) return { ok: false, problem, claims };
      return revoked(claims) ? { ok: false, problem: 'token_revoked', claims } : { ok: true, claims };
    },
  };
}
