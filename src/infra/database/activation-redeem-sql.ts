/**
 * The statements that let a phone in (spec §5 step 7). Each stands alone as one transaction. Locks are always taken code first, then device,
 * then the evaluations.
 */

/** How long the phone has to confirm before the timeline complains. */
const confirmWithin = "interval '10 minutes'";

/**
 * The tokens of an activation, in the same statement. `device`: the CTE with the device's row, which is locked. Only for a phone that may be
 * outside; the insert waits for the family before to end, so that there is one live family and never two. A function ends it, because it has to
 * see a family that was committed while this statement waited for the lock. Its MIC is parameter `mic`; its own begin at `first`.
 */
const newFamily = (device: string, mic: string, first: number) => `, ended AS MATERIALIZED (
  SELECT oauth_end_family(${device}.id, 'activated_again') AS families FROM ${device}
), family AS (
  INSERT INTO oauth_family (id, device_id, device_name, activation_id, mic_sha256, expires_at, access_until)
  SELECT $${first}::uuid, ${device}.id, ${device}.name, accepted.id, ${mic}::bytea, now() + make_interval(days => $${first + 2}::integer),
         now() + make_interval(mins => $${first + 3}::integer)
  FROM ${device}, accepted, (SELECT sum(families) FROM ended) AS after
  WHERE ${device}.mra_allowed AND after.sum IS NOT NULL
  RETURNING id, expires_at
), refresh AS (
  INSERT INTO oauth_refresh (token_hash, family_id, expires_at) SELECT $${first + 1}::bytea, id, expires_at FROM family
)`;

/**
 * Gives the charge of this very proof back: it was right. `code`: the CTE whose row has the code's id, under its lock. For the MIC's day it is given
 * back by uncharge_mic where the result is put together: the last lock.
 */
const returned = (code: string, mic: string, charge: string) => `, returned AS (
  UPDATE activation_evaluation e SET evaluations = e.evaluations - 1, charges = array_remove(e.charges, ${charge}::bytea)
  FROM ${code} WHERE e.code_id = ${code}.code_id AND e.mic_sha256 = ${mic}::bytea AND ${charge}::bytea = ANY (e.charges)
  RETURNING e.code_id
)`;
const familyId = (tokens: boolean) => (tokens ? '(SELECT id FROM family) AS family_id,' : '');

/**
 * Spec §5 step 7. No row: the code was not active, or not for this phone (ask explainSql why). Unique violation on device_name_key:
 * another device has that name. Either way nothing was changed. Nothing is left to do after the commit: files are made on demand, every node is
 * told by NOTIFY, and a trigger of migrations/0010_mra.sql marks the cloud's locator for its way back.
 * $1 code, $2 handshake start, $3 MAC, $4 model, $5 mode, $6 MIC SHA-256, $7 MIC, $8 TH, $9 M1, $10 alg, $11 sig, $12 Kf sealed,
 * $13 digest password sealed, $14 attempt, $15 firmware, $16 node, $17 source address, $18 MIC root, $19 the charge; with tokens $20 family, $21
 * hash of its refresh token, $22 days that is good for, $23 minutes an access token is.
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
)${returned('fit', '$6', '$19')}, code AS (
  UPDATE activation_code c SET state = 'consumed', consumed_at = now(), code_sealed = NULL,
                               evaluations = c.evaluations - (SELECT count(*) FROM returned)
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
)${tokens ? newFamily('renamed', '$6', 20) : ''}
SELECT (SELECT uncharge_mic($6::bytea, $19::bytea) FROM returned), accepted.id AS activation_id, ${familyId(tokens)} renamed.id AS device_id, renamed.name AS device_name, renamed.previous_name, renamed.device_pool_id,
       renamed.transport, renamed.digest, renamed.mra_service_domain_id, now() AS server_time, accepted.confirm_by
FROM renamed, accepted`;
/** For phones that stay inside: the statement without a word about tokens. */
export const redeemSql = redeem(false);
export const redeemWithTokensSql = redeem(true);

/**
 * The same MIC with the same code before it confirmed: the same activation, its transcript and keys replaced by the new ones.
 * $1 code, $2 MIC SHA-256, $3 MAC, $4 TH, $5 M1, $6 alg, $7 sig, $8 Kf sealed, $9 digest password sealed, $10 attempt, $11 node, $12 source,
 * $13 the charge; with tokens $14 to $17 as $20 to $23 of redeem: the family before ends, whoever has it.
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
)${returned('fit', '$2', '$13')}, code AS (
  UPDATE activation_code c SET evaluations = c.evaluations - 1 FROM returned WHERE c.id = returned.code_id
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
)${tokens ? newFamily('device', '$2', 14) : ''}
SELECT (SELECT uncharge_mic($2::bytea, $13::bytea) FROM returned), accepted.id AS activation_id, ${familyId(tokens)} device.id AS device_id, device.name AS device_name, accepted.previous_name, device.device_pool_id,
       device.transport, device.digest, device.mra_service_domain_id, now() AS server_time, accepted.confirm_by
FROM device, accepted`;
export const repeatSql = repeat(false);
export const repeatWithTokensSql = repeat(true);
