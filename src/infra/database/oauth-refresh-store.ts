import type pg from 'pg';
import type { RefreshOutcome, RefreshStore } from '../../domain/oauth/refresh-service.ts';
import { databaseUnavailable, insistently } from './outage.ts';

/**
 * One statement, hence one transaction. Locks: family, then token. The verdict is taken under them, so of two requests with one token exactly one
 * is the first; the other is a reuse and ends the family (security invariant 11) — unless it names the very same request and the answer's
 * token was never used: then that answer got lost, and the phone gets another in its place.
 * $1 token hash, $2 MIC, $3 successor's hash, $4 request hash or null, $5 refresh days, $6 access minutes, $7 node, $8 source address.
 */
const refreshSql = `
WITH family AS MATERIALIZED (
  SELECT f.* FROM oauth_family f WHERE f.id = (SELECT r.family_id FROM oauth_refresh r WHERE r.token_hash = $1::bytea)
  FOR UPDATE
), token AS MATERIALIZED (
  SELECT r.token_hash, r.used_at, r.expires_at, r.request_hash, f.id AS family_id, f.device_id, f.mic_sha256, f.revoked_at,
         coalesce(d.name, f.device_name) AS device_name, d.id IS NOT NULL AS exists, d.enabled, d.requires_activation_code,
         d.allow_activation_code_via_mra
  FROM oauth_refresh r JOIN family f ON f.id = r.family_id LEFT JOIN device d ON d.id = f.device_id
  WHERE r.token_hash = $1::bytea
  FOR UPDATE OF r
), judged AS MATERIALIZED (
  SELECT token.*, CASE
    WHEN mic_sha256 <> $2::bytea THEN 'token_wrong_certificate'
    WHEN revoked_at IS NOT NULL OR NOT exists THEN 'token_revoked'
    WHEN used_at IS NOT NULL AND NOT (request_hash IS NOT NULL AND request_hash IS NOT DISTINCT FROM $4::bytea
         AND NOT EXISTS (SELECT FROM oauth_refresh s WHERE s.parent_hash = token.token_hash AND s.used_at IS NOT NULL)) THEN 'refresh_reused'
    WHEN expires_at <= now() THEN 'refresh_expired'
    WHEN requires_activation_code THEN 'phone_locked'
    WHEN NOT enabled THEN 'device_disabled'
    WHEN NOT allow_activation_code_via_mra THEN 'mra_not_allowed'
    ELSE 'refreshed' END AS verdict
  FROM token
), again AS (
  UPDATE oauth_refresh s SET token_hash = $3::bytea, created_at = now(), expires_at = now() + make_interval(days => $5::integer)
  FROM judged WHERE judged.verdict = 'refreshed' AND judged.used_at IS NOT NULL AND s.parent_hash = judged.token_hash
  RETURNING s.family_id
), used AS (
  UPDATE oauth_refresh r SET used_at = now(), request_hash = $4::bytea
  FROM judged WHERE judged.verdict = 'refreshed' AND judged.used_at IS NULL AND r.token_hash = judged.token_hash
  RETURNING r.token_hash, r.family_id
), successor AS (
  INSERT INTO oauth_refresh (token_hash, family_id, parent_hash, expires_at)
  SELECT $3::bytea, family_id, token_hash, now() + make_interval(days => $5::integer) FROM used
), living AS (
  UPDATE oauth_family f SET refreshed_at = now(), expires_at = now() + make_interval(days => $5::integer),
                            access_until = greatest(f.access_until, now() + make_interval(mins => $6::integer)),
                            device_name = judged.device_name
  FROM judged WHERE judged.verdict = 'refreshed' AND f.id = judged.family_id
), ended AS (
  UPDATE oauth_family f SET revoked_at = now(), revoke_reason = 'refresh_reused'
  FROM judged WHERE judged.verdict = 'refresh_reused' AND f.id = judged.family_id
  RETURNING f.id, f.device_name
), audited AS (
  INSERT INTO audit_event (actor, source_address, action, object_kind, object_id, object_name, detail, node)
  SELECT 'system', $8::text, 'oauth-grant.revoked', 'oauth-grant', id::text, device_name, '{"reason":"refresh_reused"}', $7::text FROM ended
)
SELECT verdict, family_id, device_id, device_name, EXISTS (SELECT FROM used) OR EXISTS (SELECT FROM again) AS stored FROM judged`;

/** $1 token hash, $2 MIC, $3 node, $4 source address. */
const giveUpSql = `
WITH ended AS (
  UPDATE oauth_family f SET revoked_at = now(), revoke_reason = 'given_up'
  WHERE f.id = (SELECT family_id FROM oauth_refresh WHERE token_hash = $1::bytea) AND f.mic_sha256 = $2::bytea AND f.revoked_at IS NULL
  RETURNING f.id, f.device_name
)
INSERT INTO audit_event (actor, source_address, action, object_kind, object_id, object_name, detail, node)
SELECT 'phone:' || right(device_name, 12), $4::text, 'oauth-grant.revoked', 'oauth-grant', id::text, device_name, '{"reason":"given_up"}', $3::text
FROM ended`;

interface RefreshRow extends pg.QueryResultRow {
  readonly verdict: Exclude<RefreshOutcome['kind'], 'unknown'>;
  readonly family_id: string;
  readonly device_id: string;
  readonly device_name: string;
  readonly stored: boolean;
}

/** A request that waited for its own twin does not see the twin's successor yet: it looks again. */
const tries = 8;

export function refreshStore(pool: pg.Pool): RefreshStore {
  const query = (values: unknown[]): Promise<RefreshRow | undefined> =>
    insistently(
      async () => (await pool.query<RefreshRow>({ name: 'oauth_refresh', text: refreshSql, values })).rows[0],
    );
  return {
    async refresh(input) {
      const values = [
        input.tokenHash,
        input.micSha256,
        input.newHash,
        input.requestHash ?? null,
        input.refreshDays,
        input.accessMinutes,
        input.node,
        input.sourceAddress,
      ];
      for (let attempt = 1; attempt <= tries; attempt++) {
        const row = await query(values);
        if (row === undefined) return { kind: 'unknown' };
        const { verdict, family_id: familyId, device_id: deviceId, device_name: deviceName } = row;
        if (verdict !== 'refreshed') return { kind: verdict, deviceId, deviceName };
        if (row.stored) return { kind: verdict, familyId, deviceId, deviceName };
      }
      throw databaseUnavailable(new Error('the refresh token keeps changing'));
    },

    async giveUp({ tokenHash, micSha256, node, sourceAddress }) {
      await insistently(() =>
        pool.query({ name: 'oauth_give_up', text: giveUpSql, values: [tokenHash, micSha256, node, sourceAddress] }),
      );
    },
  };
}
