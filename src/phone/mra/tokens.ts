import { createHash, randomBytes } from 'node:crypto';
import { fromBase64url, fromUtf8 } from '../../kernel/bytes.ts';
import { readAccessClaims } from '../../protocol/oauth/access-token.ts';
import type { Tokens } from './model.ts';

export interface TokenReply {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Tokens as the phone keeps them. It asks for new ones when four fifths of their life are over, a little apart from its neighbours. */
export function tokensOf(
  { accessToken, refreshToken, expiresIn }: TokenReply,
  now: number,
  share = Math.random(),
): Tokens {
  const lifeMs = expiresIn * 1000;
  return {
    accessToken,
    refreshToken,
    expiresAt: now + lifeMs,
    requestId: randomBytes(24).toString('base64url'),
    refreshAt: now + Math.round(lifeMs * (0.75 + 0.1 * share)),
  };
}

/**
 * Whether an access token is what a phone can use: for this device, bound to its certificate, good for SIP, and not over. The seal of the handshake
 * says who gave it, so its signature is the servers' business. Undefined: it is.
 */
export function tokenProblem(
  { accessToken }: Tokens,
  phone: { readonly deviceName: string; readonly certificate: Uint8Array; readonly now: number },
): string | undefined {
  const payload = accessToken.split('.')[1];
  const claims = payload === undefined ? undefined : readAccessClaims(jsonOf(payload));
  if (claims === undefined) return 'It cannot be read.';
  if (claims.sub !== phone.deviceName) return `It is for ${claims.sub}.`;
  const own = createHash('sha256').update(phone.certificate).digest('base64url');
  if (claims.cnf['x5t#S256'] !== own) return 'It is bound to another certificate.';
  if (!claims.aud.includes('sip')) return 'It does not open the registrar.';
  return claims.exp * 1000 <= phone.now ? 'It has ended already.' : undefined;
}

function jsonOf(part: string): unknown {
  const bytes = fromBase64url(part);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(fromUtf8(bytes));
  } catch {
    return undefined;
  }
}
