import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts';
import { MalformedError } from '../../kernel/errors.ts';
import type { JsonWebKeyEc } from '../../protocol/edge-access/cluster-view.ts';
import type { EdgeRefusalCode } from '../../protocol/edge-access/refusal.ts';
import { parseObject } from '../../protocol/json/fields.ts';
import {
  type AccessClaims,
  type Audience,
  accessTokenAlgorithm,
  accessTokenType,
  bearerToken,
  judgeAccessClaims,
  readAccessClaims,
} from '../../protocol/oauth/access-token.ts';
import type { KnownCluster } from './tunnel-board.ts';

export interface TokenDemand {
  readonly audience: Audience;
  /** Seconds since the epoch. */
  readonly now: number;
  /** SHA-256 over the DER of the certificate the phone proved to hold. */
  readonly certificateSha256: Uint8Array;
}

export type TokenVerdict =
  | { readonly accepted: true; readonly claims: AccessClaims }
  | { readonly accepted: false; readonly code: EdgeRefusalCode; readonly message: string };

const messages = {
  token_required: 'An access token is required.',
  token_invalid: 'The access token cannot be accepted.',
  token_expired: 'The access token has expired.',
  token_revoked: 'The access token was revoked.',
  token_wrong_certificate: 'The access token belongs to another phone.',
  token_wrong_audience: 'The access token is not for this.',
} as const;

const largestToken = 4096;
const keptKeys = 64;

/** E's own look at an access token, before anything is passed inside; the node looks again. */
export class TokenCheck {
  readonly #clustersOf: (issuer: string) => readonly KnownCluster[];
  readonly #keys = new Map<string, KeyObject>();

  constructor(clustersOf: (issuer: string) => readonly KnownCluster[]) {
    this.#clustersOf = clustersOf;
  }

  /** `authorization`: the header, or undefined. */
  judge(authorization: string | undefined, demand: TokenDemand): TokenVerdict {
    const token = authorization === undefined ? undefined : bearerToken(authorization);
    if (token === undefined) return no('token_required');
    const parts = token.length > largestToken ? [] : token.split('.');
    if (parts.length !== 3) return no('token_invalid');
    const [head, payload, mark] = parts as [string, string, string];
    const header = jsonOf(head);
    const signature = fromBase64url(mark);
    // The algorithm is ours to say, not the token's.
    if (header?.['alg'] !== accessTokenAlgorithm || header['typ'] !== accessTokenType || header['crit'] !== undefined) {
      return no('token_invalid');
    }
    const claims = readAccessClaims(jsonOf(payload));
    if (claims === undefined || signature?.length !== 64) return no('token_invalid');
    const input = utf8(`${head}.${payload}`);
    const clusters = this.#clustersOf(claims.iss);
    const signed = clusters.some(({ cluster }) => {
      const key = cluster.jwks.keys.find(({ kid }) => kid === header['kid']);
      return (
        key !== undefined && verify('sha256', input, { key: this.#key(key), dsaEncoding: 'ieee-p1363' }, signature)
      );
    });
    if (!signed) return no('token_invalid');
    const problem = judgeAccessClaims(claims, { issuer: claims.iss, ...demand });
    if (problem !== undefined) return no(problem);
    // Revoked by any C that knows the cluster: one that hears of it first is enough.
    if (clusters.some(({ revocations }) => revocations.has(claims))) return no('token_revoked');
    return { accepted: true, claims };
  }

  #key({ kty, crv, x, y }: JsonWebKeyEc): KeyObject {
    const name = `${x}.${y}`;
    let key = this.#keys.get(name);
    if (key === undefined) {
      if (this.#keys.size >= keptKeys) this.#keys.clear();
      key = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
      this.#keys.set(name, key);
    }
    return key;
  }
}

const no = (code: keyof typeof messages): TokenVerdict => ({ accepted: false, code, message: messages[code] });

function jsonOf(part: string): ReturnType<typeof parseObject> | undefined {
  const bytes = fromBase64url(part);
  if (bytes === undefined) return undefined;
  try {
    return parseObject(fromUtf8(bytes));
  } catch (error) {
    if (error instanceof MalformedError || error instanceof TypeError) return undefined;
    throw error;
  }
}
