import { toBase64url, utf8 } from '../../kernel/bytes.ts';
import type { Random } from '../../kernel/random.ts';
import { type MraOff, mraOff, type OauthSettings } from './oauth-settings.ts';

/** What an access token opens. */
export type TokenAudience = 'uds' | 'tftp' | 'sip';
export const allAudiences: readonly TokenAudience[] = ['uds', 'tftp', 'sip'];

export interface AccessGrant {
  readonly familyId: string;
  readonly deviceId: string;
  readonly deviceName: string;
  /** The only certificate it is good with. */
  readonly micSha256: Uint8Array;
  readonly audiences: readonly TokenAudience[];
  readonly lifeSeconds: number;
}

export interface AccessTokenSigner {
  sign(grant: AccessGrant): Promise<string>;
}

/** A family that is about to be stored, with the refresh token only the phone will have. */
export interface NewFamily {
  readonly id: string;
  readonly refreshToken: string;
  /** SHA-256 of the token. */
  readonly refreshHash: Uint8Array;
  readonly refreshDays: number;
  readonly accessMinutes: number;
}

/** What the phone gets. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly tokenType: 'Bearer';
  /** Seconds. */
  readonly expiresIn: number;
}

export interface PhoneTokens {
  /** Why no phone may activate over MRA now. */
  mraOff(): MraOff | undefined;
  /** Undefined: phones get no tokens now. */
  newFamily(): NewFamily | undefined;
  newRefreshToken(): { readonly token: string; readonly hash: Uint8Array };
  hashOf(refreshToken: string): Uint8Array | undefined;
  settings(): OauthSettings;
  access(grant: Omit<AccessGrant, 'lifeSeconds'>): Promise<Pick<IssuedTokens, 'accessToken' | 'expiresIn'>>;
}

export interface PhoneTokenParts {
  readonly settings: () => OauthSettings;
  readonly signer: AccessTokenSigner;
  readonly random: Random;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly uuid: () => string;
}

/** 256 random bits; the prefix lets a scanner of logs and repositories find one. */
const refreshForm = /^frt1\.[A-Za-z0-9_-]{43}$/;

/** Tokens for phones: refresh tokens are opaque and stored as hashes, access tokens are signed and not stored. */
export function phoneTokens({ settings, signer, random, sha256, uuid }: PhoneTokenParts): PhoneTokens {
  const hashed = (token: string) => sha256(utf8(token));
  const newRefreshToken = () => {
    const token = `frt1.${toBase64url(random.bytes(32))}`;
    return { token, hash: hashed(token) };
  };
  return {
    settings,
    mraOff: () => mraOff(settings()),
    newFamily() {
      const now = settings();
      if (mraOff(now) !== undefined) return undefined;
      const { token, hash } = newRefreshToken();
      return {
        id: uuid(),
        refreshToken: token,
        refreshHash: hash,
        refreshDays: now.refreshDays,
        accessMinutes: now.accessMinutes,
      };
    },
    newRefreshToken,
    hashOf: (token) => (refreshForm.test(token) ? hashed(token) : undefined),
    async access(grant) {
      const lifeSeconds = settings().accessMinutes * 60;
      return { accessToken: await signer.sign({ ...grant, lifeSeconds }), expiresIn: lifeSeconds };
    },
  };
}
