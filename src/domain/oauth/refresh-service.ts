import { utf8 } from '../../kernel/bytes.ts';
import type { Timeline } from '../ports.ts';
import { allAudiences, type IssuedTokens, type PhoneTokens, type TokenAudience } from './phone-tokens.ts';

/** What became of a refresh token that was shown. */
export type RefreshOutcome =
  | { readonly kind: 'refreshed'; readonly familyId: string; readonly deviceId: string; readonly deviceName: string }
  /** Nobody's, or forgotten long ago. */
  | { readonly kind: 'unknown' }
  | {
      readonly kind: RefreshRefusal;
      readonly deviceId: string;
      readonly deviceName: string;
    };

/** Also reasons of the timeline. */
export type RefreshRefusal =
  | 'refresh_reused'
  | 'refresh_expired'
  | 'token_revoked'
  | 'token_wrong_certificate'
  | 'phone_locked'
  | 'device_disabled'
  | 'mra_not_allowed';

export interface RefreshInput {
  readonly tokenHash: Uint8Array;
  /** The certificate whose key the caller proved to hold. */
  readonly micSha256: Uint8Array;
  readonly newHash: Uint8Array;
  /** What the phone calls this request: shown again with the same token, it is the same request whose answer got lost. */
  readonly requestHash: Uint8Array | undefined;
  readonly refreshDays: number;
  readonly accessMinutes: number;
  readonly node: string;
  readonly sourceAddress: string;
}

/** Each call is one statement, hence one transaction. */
export interface RefreshStore {
  /** Uses the token up and stores its successor; a token that was used before revokes its family. */
  refresh(input: RefreshInput): Promise<RefreshOutcome>;
  /** Ends the family of the token, if the certificate is its own. */
  giveUp(input: Pick<RefreshInput, 'tokenHash' | 'micSha256' | 'node' | 'sourceAddress'>): Promise<void>;
}

export interface RefreshRequest {
  readonly refreshToken: string;
  readonly requestId: string | undefined;
  /** Empty: all. */
  readonly audiences: readonly TokenAudience[];
  readonly micSha256: Uint8Array;
  readonly sourceAddress: string;
}

export type Refreshed =
  | { readonly kind: 'tokens'; readonly tokens: IssuedTokens; readonly audiences: readonly TokenAudience[] }
  | { readonly kind: 'refused'; readonly reason: RefreshRefusal | 'unknown' | 'oauth_off' };

export interface RefreshParts {
  readonly store: RefreshStore;
  readonly tokens: PhoneTokens;
  readonly timeline: Timeline;
  readonly sha256: (bytes: Uint8Array) => Uint8Array;
  readonly node: string;
}

/** One rule for every door: a refresh token is good once, with one certificate, for a phone that may be outside. */
export class RefreshService {
  readonly #parts: RefreshParts;

  constructor(parts: RefreshParts) {
    this.#parts = parts;
  }

  async refresh(request: RefreshRequest): Promise<Refreshed> {
    const { store, tokens, sha256, node } = this.#parts;
    const { micSha256, sourceAddress } = request;
    const { refreshLoginFlow, refreshDays, accessMinutes } = tokens.settings();
    if (!refreshLoginFlow) return { kind: 'refused', reason: 'oauth_off' };
    const tokenHash = tokens.hashOf(request.refreshToken);
    if (tokenHash === undefined) return { kind: 'refused', reason: 'unknown' };
    const successor = tokens.newRefreshToken();
    const outcome = await store.refresh({
      tokenHash,
      micSha256,
      newHash: successor.hash,
      requestHash: request.requestId === undefined ? undefined : sha256(utf8(request.requestId)),
      refreshDays,
      accessMinutes,
      node,
      sourceAddress,
    });
    if (outcome.kind === 'unknown') return { kind: 'refused', reason: 'unknown' };
    if (outcome.kind !== 'refreshed') {
      this.#tell(outcome, sourceAddress, outcome.kind);
      return { kind: 'refused', reason: outcome.kind };
    }
    const audiences = request.audiences.length === 0 ? allAudiences : request.audiences;
    const { familyId, deviceId, deviceName } = outcome;
    const access = await tokens.access({ familyId, deviceId, deviceName, micSha256, audiences });
    // An hourly good news would bury the phone's story.
    return {
      kind: 'tokens',
      audiences,
      tokens: { ...access, refreshToken: successor.token, tokenType: 'Bearer' },
    };
  }

  /** The phone needs its tokens no more. */
  async giveUp(refreshToken: string, micSha256: Uint8Array, sourceAddress: string): Promise<void> {
    const { store, tokens, node } = this.#parts;
    const tokenHash = tokens.hashOf(refreshToken);
    if (tokenHash !== undefined) await store.giveUp({ tokenHash, micSha256, node, sourceAddress });
  }

  #tell(
    { deviceId, deviceName }: { readonly deviceId: string; readonly deviceName: string },
    sourceAddress: string,
    reason: RefreshRefusal,
  ): void {
    this.#parts.timeline.record({
      deviceId,
      deviceName,
      ...(/^SEP[0-9A-F]{12}$/.test(deviceName) && { mac: deviceName.slice(3) }),
      step: 'token',
      result: 'failed',
      reason,
      sourceAddress,
    });
  }
}
