import { type Kysely, type Selectable, sql } from 'kysely';
import type { Grant, GrantStore } from '../../domain/oauth/grants.ts';
import type { Transaction } from '../../kernel/transaction.ts';
import type { RevocationEntry } from '../../protocol/oauth/revocations.ts';
import { inTransaction } from './connect.ts';
import type { Database } from './schema.ts';
import type { OauthFamilyTable } from './schema-edge-access.ts';

/** Payload: {"family", "until" (epoch seconds), "device" (name)}. */
export const oauthRevokedChannel = 'oauth_revoked';
export const oauthKeysChangedChannel = 'oauth_keys_changed';

/** Ended families are kept for the administrator's eyes this long, in days. */
const keptDays = 90;

export function grantStore(db: Kysely<Database>): GrantStore {
  const on = (tx: Transaction | undefined) => (tx === undefined ? db : inTransaction(db, tx));
  return {
    async ofDevice(deviceId, limit) {
      const rows = await db
        .selectFrom('oauth_family')
        .selectAll()
        .where('device_id', '=', deviceId)
        .orderBy('created_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(grantOf);
    },
    async deviceId(deviceName, tx) {
      const row = await on(tx).selectFrom('device').select('id').where('name', '=', deviceName).executeTakeFirst();
      return row?.id;
    },
    async revoke(tx, deviceId, reason, grantId) {
      let update = inTransaction(db, tx)
        .updateTable('oauth_family')
        .set({ revoked_at: sql<Date>`now()` as unknown as Date, revoke_reason: reason })
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null);
      if (grantId !== undefined) update = update.where('id', '=', grantId);
      const row = await update.returningAll().executeTakeFirst();
      return row && grantOf(row);
    },
  };
}

function grantOf(row: Selectable<OauthFamilyTable>): Grant {
  return {
    id: row.id,
    deviceId: row.device_id,
    deviceName: row.device_name,
    activationId: row.activation_id ?? undefined,
    micSha256: row.mic_sha256,
    createdAt: row.created_at,
    refreshedAt: row.refreshed_at ?? undefined,
    expiresAt: row.expires_at,
    accessUntil: row.access_until,
    revokedAt: row.revoked_at ?? undefined,
    revokeReason: row.revoke_reason,
  };
}

/** Families whose access tokens are revoked but not over. */
export async function readRevocations(db: Kysely<Database>): Promise<readonly RevocationEntry[]> {
  const { rows } = await sql<{ family: string; until: string }>`
    SELECT id AS family, ceil(extract(epoch FROM access_until))::bigint AS until FROM oauth_family
    WHERE revoked_at IS NOT NULL AND access_until > now()`.execute(db);
  return rows.map(({ family, until }) => ({ family, until: Number(until) }));
}

/** Ends families whose refresh token ran out, and forgets what ended long ago. */
export async function sweepGrants(db: Kysely<Database>): Promise<void> {
  await sql`UPDATE oauth_family SET revoked_at = now(), revoke_reason = 'refresh_expired'
            WHERE revoked_at IS NULL AND expires_at <= now() AND access_until <= now()`.execute(db);
  await sql`DELETE FROM oauth_family
            WHERE revoked_at < now() - make_interval(days => ${keptDays}) AND access_until <= now()`.execute(db);
  // The chain of used tokens is there to notice a reuse; what is older than any refresh token can be says nothing.
  await sql`DELETE FROM oauth_refresh WHERE used_at < now() - make_interval(days => ${keptDays})`.execute(db);
}
