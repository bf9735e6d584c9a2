import type { Transaction, Transactions } from '../../kernel/transaction.ts';
import { say } from '../../texts/say.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Actor, Timeline } from '../ports.ts';
import { OauthFault } from './oauth-fault.ts';

/** One activation's tokens, as an administrator sees them: never a token. */
export interface Grant {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly activationId: string | undefined;
  readonly micSha256: Uint8Array;
  readonly createdAt: Date;
  readonly refreshedAt: Date | undefined;
  /** End of the newest refresh token. */
  readonly expiresAt: Date;
  /** End of the last access token. */
  readonly accessUntil: Date;
  readonly revokedAt: Date | undefined;
  /** A reason of the timeline, or empty. */
  readonly revokeReason: string;
}

export interface GrantStore {
  /** Newest first, at most `limit`. */
  ofDevice(deviceId: string, limit: number): Promise<readonly Grant[]>;
  /** Undefined: no such phone. */
  deviceId(deviceName: string, tx?: Transaction): Promise<string | undefined>;
  /** Ends the phone's live grant, or only if it is `grantId`. Its registration through the edge ends with it. */
  revoke(tx: Transaction, deviceId: string, reason: string, grantId?: string): Promise<Grant | undefined>;
}

export interface GrantParts {
  readonly store: GrantStore;
  readonly transactions: Transactions;
  readonly audit: AuditLog;
  readonly timeline: Timeline;
}

const shown = 50;

/** A phone's grants: list and revoke. What happens to the phone itself revokes them too, in the database (migrations/0011_edge_access.sql). */
export class GrantService {
  readonly #parts: GrantParts;

  constructor(parts: GrantParts) {
    this.#parts = parts;
  }

  /** @throws OauthFault `phone_not_found` */
  async list(deviceName: string): Promise<readonly Grant[]> {
    const { store } = this.#parts;
    return store.ofDevice(await this.#deviceId(deviceName), shown);
  }

  /** @throws OauthFault `phone_not_found`, `grant_not_found` */
  async revoke(deviceName: string, grantId: string | undefined, actor: Actor): Promise<Grant> {
    const { store, transactions, audit, timeline } = this.#parts;
    const revoked = await transactions.run(async (tx) => {
      const deviceId = await this.#deviceId(deviceName, tx);
      const grant = await store.revoke(tx, deviceId, 'revoked_by_administrator', grantId);
      if (grant === undefined) {
        throw new OauthFault('caller', say('grant_not_found', { name: deviceName }));
      }
      await audit.append(tx, {
        actor,
        action: 'oauth-grant.revoked',
        objectKind: 'oauth-grant',
        objectId: grant.id,
        objectName: deviceName,
        detail: { reason: 'revoked_by_administrator' },
      });
      return grant;
    });
    timeline.record({
      deviceId: revoked.deviceId,
      deviceName,
      step: 'tokens-revoked',
      result: 'info',
      detail: { by: actor.name },
    });
    return revoked;
  }

  async #deviceId(deviceName: string, tx?: Transaction): Promise<string> {
    const id = await this.#parts.store.deviceId(deviceName, tx);
    if (id !== undefined) return id;
    throw new OauthFault('caller', say('phone_not_found', { name: deviceName }), { field: 'name' });
  }
}
