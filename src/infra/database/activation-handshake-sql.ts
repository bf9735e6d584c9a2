/**
 * The statements of the handshake (spec §5). Each stands alone as one transaction. Locks are always taken code first, then device.
 */

/** $1 locator, $2 MIC. One row always: the database's time, and the code where there is one. */
export const lookupSql = `
SELECT now()::text AS started_at, c.id, c.state, c.salt_sealed, c.verifier_sealed, c.evaluations, c.device_id, c.device_name,
       coalesce(e.evaluations, 0) AS mic_evaluations, coalesce(d.allow_activation_code_via_mra, false) AS mra_allowed
FROM (SELECT 1) AS one
LEFT JOIN activation_code c ON c.locator = $1::text AND c.state <> 'free'
LEFT JOIN device d ON d.id = c.device_id
LEFT JOIN activation_evaluation e ON e.code_id = c.id AND e.mic_sha256 = $2::bytea`;

/**
 * Not flushed to disk by itself. Whatever an evaluation reveals leaves this node only after a later commit (the mismatch's or the redeem's)
 * whose flush takes this one along, so no crash can give back an attempt whose result somebody saw.
 */
const unflushed = "set_config('synchronous_commit', 'off', true)";

/** $1 code, $2 MIC. No row: locked or all evaluations used. Check violation: this MIC's are. Either way nothing was charged. */
export const debitCodeSql = `
WITH charged AS (
  UPDATE activation_code SET evaluations = evaluations + 1
  WHERE id = $1::uuid AND state <> 'locked' AND evaluations < 20
  RETURNING id
)
INSERT INTO activation_evaluation AS e (code_id, mic_sha256, evaluations)
SELECT id, $2::bytea, 1 FROM charged
ON CONFLICT (code_id, mic_sha256) DO UPDATE SET evaluations = e.evaluations + 1
RETURNING e.evaluations, ${unflushed}`;

/** $1 slot, $2 which of the slot's sixteen MICs. The same work as debitCodeSql, nobody looks at the result. */
export const debitDecoySql = `
WITH charged AS (
  UPDATE activation_decoy SET evaluations = evaluations + 1 WHERE slot = $1::integer RETURNING slot
)
INSERT INTO activation_decoy_evaluation AS e (slot, mic_slot, evaluations)
SELECT slot, $2::integer, 1 FROM charged
ON CONFLICT (slot, mic_slot) DO UPDATE SET evaluations = e.evaluations + 1
RETURNING e.evaluations, ${unflushed}`;

/** $1 code, $2 node. An active code locks on its twentieth settled mismatch. */
export const settleCodeSql = `
WITH settled AS (
  UPDATE activation_code SET
    mismatches = mismatches + 1,
    state = CASE WHEN state = 'active' AND mismatches + 1 >= 20 THEN 'locked' ELSE state END,
    code_sealed = CASE WHEN mismatches + 1 >= 20 THEN NULL ELSE code_sealed END,
    ended_at = CASE WHEN state = 'active' AND mismatches + 1 >= 20 THEN now() ELSE ended_at END
  WHERE id = $1::uuid AND state <> 'locked' AND mismatches < evaluations
  RETURNING id, device_name, state, mismatches
), audited AS (
  INSERT INTO audit_event (actor, action, object_kind, object_id, object_name, detail, node)
  SELECT 'system', 'activation-code.locked', 'activation-code', id::text, device_name, jsonb_build_object('mismatches', mismatches), $2::text
  FROM settled WHERE state = 'locked'
)
SELECT state = 'locked' AS locked FROM settled`;

/** $1 slot. */
export const settleDecoySql = `
WITH settled AS (
  UPDATE activation_decoy SET mismatches = mismatches + 1 WHERE slot = $1::integer RETURNING slot
)
SELECT false AS locked FROM settled`;

/** $1 code, $2 MIC. */
export const refundSql = `
WITH code AS (
  UPDATE activation_code SET evaluations = evaluations - 1
  WHERE id = $1::uuid AND evaluations > mismatches RETURNING id
)
UPDATE activation_evaluation e SET evaluations = e.evaluations - 1
FROM code WHERE e.code_id = code.id AND e.mic_sha256 = $2::bytea AND e.evaluations > 0`;

/** How long the phone has to confirm before the timeline complains. */
const confirmWithin = "interval '10 minutes'";

/**
 * The tokens of an activation, in the same statement. `device`: the CTE with the device's row. Only for a phone that may be outside; the insert
 * waits for the family before to end, so that there is one live family and never two. Its MIC is parameter `mic`; its own begin at `first`.
 */
const newFamily = (device: string, mic: string, first: number) => `, ended AS (
  UPDATE oauth_family f SET revoked_at = now(), revoke_reason = 'activated_again'
  FROM ${device} WHERE f.device_id = ${device}.id AND f.revoked_at IS NULL
  RETURNING f.id
), family AS (
  INSERT INTO oauth_family (id, device_id, device_name, activation_id, mic_sha256, expires_at, access_until)
  SELECT $${first}::uuid, ${device}.id, ${device}.name, accepted.id, ${mic}::bytea, now() + make_interval(days => $${first + 2}::integer),
         now() + make_interval(mins => $${first + 3}::integer)
  FROM ${device}, accepted, (SELECT count(*) FROM ended) AS after
  WHERE ${device}.mra_allowed
  RETURNING id, expires_at
), refresh AS (
  INSERT INTO oauth_refresh (token_hash, family_id, expires_at) SELECT $${first + 1}::bytea, id, expires_at FROM family
)`;
const familyId = (tokens: boolean) => (tokens ? '(SELECT id FROM family) AS family_id,' : '');

/**
 * Spec §5 step 7. No row: the code was not active, or not for this phone (ask explainSql why). Unique violation on device_name_key:
 * another device has that name. Either way nothing was changed. Nothing is left to do after the commit: files are made on demand, every node is
 * told by NOTIFY, and a trigger of migrations/0010_mra.sql marks the cloud's locator for its way back.
 * $1 code, $2 handshake start, $3 MAC, $4 model, $5 mode, $6 MIC SHA-256, $7 MIC, $8 TH, $9 M1, $10 alg, $11 sig, $12 Kf sealed,
 * $13 digest password sealed, $14 attempt, $15 firmware, $16 node, $17 source address, $18 MIC root; with tokens $19 family, $20 hash of its
 * refresh token, $21 days that is good for, $22 minutes an access token is.
 */
const redeem = (tokens: boolean) => `
WITH target AS MATERIALIZED (
  SELECT c.id AS code_id, c.state, c.expires_at, c.model, c.bound_mac, c.via_mra,
         d.id AS device_id, d.name AS previous_name, d.enabled, d.model AS device_model,
         d.allow_activation_code_via_mra AS mra_allowed
  FROM activation_code c JOIN device d ON d.id = c.device_id
  WHERE c.id = $1::uuid
  FOR UPDATE OF c, d
), fit AS MATERIALIZED (
  SELECT * FROM target
  WHERE state = 'active' AND expires_at > $2::timestamptz AND enabled
    AND model = $4::text AND device_model = $4::text
    AND (bound_mac IS NULL OR bound_mac = $3::text)
    AND ($5::text = 'onprem' OR (via_mra AND mra_allowed))
), code AS (
  UPDATE activation_code c SET state = 'consumed', consumed_at = now(), code_sealed = NULL
  FROM fit WHERE c.id = fit.code_id
  RETURNING c.id
), renamed AS (
  UPDATE device d SET
    name = 'SEP' || $3::text,
    requires_activation_code = false,
    auto_registered = false,
    first_activated_at = coalesce(d.first_activated_at, now()),
    digest_password_sealed = CASE WHEN p.digest_authentication THEN $13::bytea ELSE d.digest_password_sealed END
  FROM fit, phone_security_profile p, code
  WHERE d.id = fit.device_id AND p.id = d.phone_security_profile_id AND code.id = fit.code_id
  RETURNING d.id, d.name, d.device_pool_id, p.transport, p.digest_authentication AS digest, fit.previous_name, fit.code_id,
            d.allow_activation_code_via_mra AS mra_allowed, d.mra_service_domain_id
), accepted AS (
  INSERT INTO activation (code_id, device_id, device_name, previous_name, mac, model, mode, mic_sha256, mic_der, transcript_hash, m1,
                          mic_alg, mic_sig, confirm_key_sealed, node, firmware, mic_root_sha256, confirm_by)
  SELECT code_id, id, name, previous_name, $3, $4, $5, $6::bytea, $7::bytea, $8::bytea, $9::bytea, $10::text, $11::bytea, $12::bytea,
         $16::text, $15::text, $18::bytea, now() + ${confirmWithin}
  FROM renamed
  RETURNING id, confirm_by
), audited AS (
  INSERT INTO audit_event (actor, source_address, action, object_kind, object_id, object_name, detail, node)
  SELECT 'phone:' || $3, $17::text, 'activation.accepted', 'phone', renamed.id::text, renamed.name,
         jsonb_build_object('activation', accepted.id, 'code', renamed.code_id, 'previousName', renamed.previous_name, 'model', $4,
                            'mode', $5, 'micSha256', encode($6, 'hex')), $16
  FROM renamed, accepted
), told AS (
  INSERT INTO onboarding_event (attempt, device_id, device_name, mac, model, step, result, detail, node, source_address)
  SELECT $14::text, renamed.id, renamed.name, $3, $4, 'activated', 'ok', jsonb_build_object('previousName', renamed.previous_name), $16, $17
  FROM renamed
)${tokens ? newFamily('renamed', '$6', 19) : ''}
SELECT accepted.id AS activation_id, ${familyId(tokens)} renamed.id AS device_id, renamed.name AS device_name, renamed.previous_name, renamed.device_pool_id,
       renamed.transport, renamed.digest, renamed.mra_service_domain_id, now() AS server_time, accepted.confirm_by
FROM renamed, accepted`;
/** For phones that stay inside: the statement without a word about tokens. */
export const redeemSql = redeem(false);
export const redeemWithTokensSql = redeem(true);

/**
 * The same MIC with the same code before it confirmed: the same activation, its transcript and keys replaced by the new ones.
 * $1 code, $2 MIC SHA-256, $3 MAC, $4 TH, $5 M1, $6 alg, $7 sig, $8 Kf sealed, $9 digest password sealed, $10 attempt, $11 node, $12 source;
 * with tokens $13 to $16 as $19 to $22 of redeem: the family before ends, whoever has it.
 */
const repeat = (tokens: boolean) => `
WITH target AS MATERIALIZED (
  SELECT c.id AS code_id, c.state, d.id AS device_id, d.name, d.enabled, d.requires_activation_code,
         a.id AS activation_id, a.mic_sha256, a.confirmed_at
  FROM activation_code c JOIN device d ON d.id = c.device_id JOIN activation a ON a.code_id = c.id
  WHERE c.id = $1::uuid
  FOR UPDATE OF c, d, a
), fit AS MATERIALIZED (
  SELECT * FROM target
  WHERE state = 'consumed' AND mic_sha256 = $2::bytea AND confirmed_at IS NULL
    AND name = 'SEP' || $3::text AND enabled AND NOT requires_activation_code
), device AS (
  UPDATE device d SET digest_password_sealed = CASE WHEN p.digest_authentication THEN $9::bytea ELSE d.digest_password_sealed END
  FROM fit, phone_security_profile p
  WHERE d.id = fit.device_id AND p.id = d.phone_security_profile_id
  RETURNING d.id, d.name, d.device_pool_id, p.transport, p.digest_authentication AS digest, fit.activation_id, fit.code_id,
            d.allow_activation_code_via_mra AS mra_allowed, d.mra_service_domain_id
), accepted AS (
  UPDATE activation a SET transcript_hash = $4::bytea, m1 = $5::bytea, mic_alg = $6::text, mic_sig = $7::bytea,
                          confirm_key_sealed = $8::bytea, confirm_by = now() + ${confirmWithin}
  FROM device WHERE a.id = device.activation_id
  RETURNING a.id, a.previous_name, a.confirm_by
), audited AS (
  INSERT INTO audit_event (actor, source_address, action, object_kind, object_id, object_name, detail, node)
  SELECT 'phone:' || $3, $12::text, 'activation.repeated', 'phone', device.id::text, device.name,
         jsonb_build_object('activation', accepted.id, 'code', device.code_id), $11::text
  FROM device, accepted
), told AS (
  INSERT INTO onboarding_event (attempt, device_id, device_name, mac, step, result, detail, node, source_address)
  SELECT $10::text, device.id, device.name, $3, 'activated', 'ok', '{"already":true}', $11, $12
  FROM device
)${tokens ? newFamily('device', '$2', 13) : ''}
SELECT accepted.id AS activation_id, ${familyId(tokens)} device.id AS device_id, device.name AS device_name, accepted.previous_name, device.device_pool_id,
       device.transport, device.digest, device.mra_service_domain_id, now() AS server_time, accepted.confirm_by
FROM device, accepted`;
export const repeatSql = repeat(false);
export const repeatWithTokensSql = repeat(true);

/** $1 code, $2 handshake start. */
export const explainSql = `
SELECT c.state, c.consumed_at IS NOT NULL AS consumed, c.expires_at <= $2::timestamptz AS expired_at_start,
       c.via_mra AND coalesce(d.allow_activation_code_via_mra, true) AS via_mra, c.model, c.bound_mac,
       d.enabled AS device_enabled, d.model AS device_model
FROM activation_code c LEFT JOIN device d ON d.id = c.device_id
WHERE c.id = $1::uuid`;

/** $1 activation, $2 MIC. */
export const confirmableSql = `
SELECT transcript_hash, confirm_key_sealed, confirmed_at IS NOT NULL AS confirmed
FROM activation WHERE id = $1::uuid AND mic_sha256 = $2::bytea`;

const confirmTail = (node: string, by: string) => `
, done AS (
  UPDATE activation a SET confirmed_at = now(), confirm_key_sealed = NULL
  FROM target WHERE a.id = target.id AND target.confirmed_at IS NULL
  RETURNING a.id, a.code_id, a.device_id, a.device_name, a.mac, a.model
), code AS (
  UPDATE activation_code c SET state = 'confirmed', ended_at = now()
  FROM target WHERE c.id = target.code_id AND target.state = 'consumed'
  RETURNING c.id
), audited AS (
  INSERT INTO audit_event (actor, action, object_kind, object_id, object_name, detail, node)
  SELECT 'phone:' || done.mac, 'activation.confirmed', 'phone', coalesce(done.device_id::text, ''), done.device_name,
         jsonb_build_object('activation', done.id, 'code', done.code_id, 'by', ${by}::text), ${node}::text
  FROM done JOIN code ON code.id = done.code_id
)
SELECT device_id, device_name, mac, model FROM done`;

/** $1 activation, $2 MIC, $3 by, $4 node. No row: confirmed before, or not this MIC's. */
export const confirmSql = `
WITH target AS MATERIALIZED (
  SELECT a.id, a.code_id, a.confirmed_at, c.state
  FROM activation a JOIN activation_code c ON c.id = a.code_id
  WHERE a.id = $1::uuid AND a.mic_sha256 = $2::bytea
  FOR UPDATE OF c, a
)${confirmTail('$4', '$3')}`;

/** $1 MIC, $2 by, $3 node. */
export const confirmByMicSql = `
WITH target AS MATERIALIZED (
  SELECT a.id, a.code_id, a.confirmed_at, c.state
  FROM activation a JOIN activation_code c ON c.id = a.code_id
  WHERE a.mic_sha256 = $1::bytea AND a.confirmed_at IS NULL AND c.consumed_at IS NOT NULL
    AND c.state NOT IN ('revoked', 'released', 'free')
  FOR UPDATE OF c, a
)${confirmTail('$3', '$2')}`;
