import { equalBytes, fromBase64url, toBase64url } from '../../kernel/bytes.ts';

/**
 * The access token: a compact JWS, ES256, `typ: at+jwt` (RFC 9068), bound to the phone's certificate (RFC 8705 §3.1).
 * Signature and `typ` are checked before these claims are looked at.
 */
export const accessTokenType = 'at+jwt';
export const accessTokenAlgorithm = 'ES256';

/** What a token may open. One token lists those the phone asked for; by default all. */
export const audiences = ['uds', 'tftp', 'sip'] as const;
export type Audience = (typeof audiences)[number];

export interface AccessClaims {
  readonly iss: string;
  /** Device name: `SEP001122334455`. */
  readonly sub: string;
  readonly aud: readonly Audience[];
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** The family its refresh token belongs to. */
  readonly fam: string;
  /** The device's id: stays when the device is renamed. */
  readonly did: string;
  readonly client_id: string;
  readonly cnf: { readonly 'x5t#S256': string };
}

export const phoneClientId = 'firstring-phone';

export function certificateConfirmation(micSha256: Uint8Array): AccessClaims['cnf'] {
  return { 'x5t#S256': toBase64url(micSha256) };
}

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isText = (value: unknown): value is string => typeof value === 'string';
const isInstant = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** Undefined when a claim is missing or has not the required form. */
export function readAccessClaims(payload: unknown): AccessClaims | undefined {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return undefined;
  const { iss, sub, aud, iat, exp, jti, fam, did, client_id, cnf } = payload as Record<string, unknown>;
  if (!isText(iss) || !isText(sub) || !/^[A-Z]{3}[0-9A-F]{12}$/.test(sub)) return undefined;
  const list: unknown = isText(aud) ? [aud] : aud;
  if (
    !Array.isArray(list) ||
    !list.every((each): each is Audience => (audiences as readonly unknown[]).includes(each))
  ) {
    return undefined;
  }
  if (!isInstant(iat) || !isInstant(exp)) return undefined;
  if (!isText(jti) || !isText(fam) || !isText(did) || !isText(client_id)) return undefined;
  if (!uuidForm.test(fam) || !uuidForm.test(did)) return undefined;
  const thumbprint = (cnf as { 'x5t#S256'?: unknown } | null | undefined)?.['x5t#S256'];
  if (!isText(thumbprint)) return undefined;
  return { iss, sub, aud: list, iat, exp, jti, fam, did, client_id, cnf: { 'x5t#S256': thumbprint } };
}

/** Clocks of cluster and edge may differ by this, in seconds. */
export const clockTolerance = 30;

export type AccessProblem = 'token_invalid' | 'token_expired' | 'token_wrong_certificate' | 'token_wrong_audience';

export interface AccessDemand {
  readonly issuer: string;
  readonly audience: Audience;
  /** Seconds since the epoch. */
  readonly now: number;
  /** SHA-256 over the DER of the certificate the caller proved to hold. */
  readonly certificateSha256: Uint8Array;
}

/** The rule every door applies to a token whose signature holds. Undefined: accepted, as far as the token itself goes; see the revocations too. */
export function judgeAccessClaims(claims: AccessClaims, demand: AccessDemand): AccessProblem | undefined {
  if (claims.iss !== demand.issuer || claims.iat > demand.now + clockTolerance) return 'token_invalid';
  if (claims.exp <= demand.now) return 'token_expired';
  const bound = fromBase64url(claims.cnf['x5t#S256']);
  if (bound === undefined || !equalBytes(bound, demand.certificateSha256)) return 'token_wrong_certificate';
  return claims.aud.includes(demand.audience) ? undefined : 'token_wrong_audience';
}

/** `Authorization: Bearer …` of RFC 6750 §2.1 and RFC 8898 §3: the token; undefined for anything else. Also takes `Bearer token="…"`. */
export function bearerToken(authorization: string): string | undefined {
  return /^Bearer +(?:token="([A-Za-z0-9._~+/=-]+)"|([A-Za-z0-9._~+/=-]+))$/i
    .exec(authorization.trim())
    ?.slice(1)
    .find(Boolean);
}
