import { limits } from '../../domain/activation/handshake.ts';
/**
 * The statements of the handshake (spec §5). Each stands alone as one transaction. Locks are always taken code first, then device.
 */

/** $1 locator, $2 MIC, $3 proofs it may fail in a day. One row always: the database's time, and the code where there is one. */
export const lookupSql = `
SELECT now()::text AS started_at, c.id, c.state, c.salt_sealed, c.verifier_sealed, c.evaluations, c.device_id, c.device_name,
       coalesce(e.evaluations, 0) AS mic_evaluations, coalesce(d.allow_activation_code_via_mra, false) AS mra_allowed,
       (SELECT count(*) FROM unnest(m.charged_at) AS at WHERE at > clock_timestamp() - interval '24 hours') >= $3::integer AS day_used
FROM (SELECT 1) AS one
LEFT JOIN activation_code c ON c.locator = $1::text AND c.state <> 'free'
LEFT JOIN device d ON d.id = c.device_id
LEFT JOIN activation_evaluation e ON e.code_id = c.id AND e.mic_sha256 = $2::bytea
LEFT JOIN mic_failed_proof m ON m.mic_sha256 = $2::bytea`;

/**
 * Not flushed to disk by itself. Whatever an evaluation reveals leaves this node only after a later commit (the mismatch's or the redeem's)
 * whose flush takes this one along, so no crash can give back an attempt whose result somebody saw.
 */
const unflushed = "set_config('synchronous_commit', 'off', true)";

/** Counts it against the MIC's day too: the last lock that is taken, after the code's and the evaluation's. */
const ofTheDay = (mic: string, charge: string, first: number) =>
  `charge_mic(${mic}::bytea, $${first}::text, ${charge}::bytea, $${first + 1}::integer)`;

/**
 * $1 code, $2 MIC, $3 the charge, $4 MAC, $5 proofs a MIC may fail in a day. No row: locked or all evaluations used. Check violation: this MIC's
 * are, for this code or (`mic_proofs_per_day`) for today. Either way nothing was charged.
 * The charge is named, so that it can be given back once and never twice, also by who does not know whether it was given back.
 */
export const debitCodeSql = `
WITH charged AS (
  UPDATE activation_code SET evaluations = evaluations + 1
  WHERE id = $1::uuid AND state <> 'locked' AND evaluations < ${limits.perCode}
  RETURNING id
), evaluation AS (
  INSERT INTO activation_evaluation AS e (code_id, mic_sha256, evaluations, charges, charged_at)
  SELECT id, $2::bytea, 1, ARRAY[$3::bytea], clock_timestamp() FROM charged
  ON CONFLICT (code_id, mic_sha256) DO UPDATE
    SET evaluations = e.evaluations + 1, charges = e.charges || excluded.charges, charged_at = excluded.charged_at
  RETURNING e.evaluations
)
SELECT evaluations, ${ofTheDay('$2', '$3', 4)}, ${unflushed} FROM evaluation`;

/**
 * $1 slot, $2 which of the slot's sixteen MICs, $3 the charge, $4 MAC, $5 proofs a MIC may fail in a day, $6 MIC. The same work as debitCodeSql;
 * of the result only the day counts.
 */
export const debitDecoySql = `
WITH charged AS (
  UPDATE activation_decoy SET evaluations = evaluations + 1 WHERE slot = $1::integer RETURNING slot
), evaluation AS (
  INSERT INTO activation_decoy_evaluation AS e (slot, mic_slot, evaluations, charges, charged_at)
  SELECT slot, $2::integer, 1, ARRAY[$3::bytea], clock_timestamp() FROM charged
  ON CONFLICT (slot, mic_slot) DO UPDATE
    SET evaluations = e.evaluations + 1, charges = excluded.charges, charged_at = excluded.charged_at
  RETURNING e.evaluations
)
SELECT evaluations, ${ofTheDay('$6', '$3', 4)}, ${unflushed} FROM evaluation`;

/**
 * $1 MIC, $2 proofs it may fail in a day, $3 node. In how many seconds it may try again; the audit log is told once a day. No row: it may again.
 */
export const dayUsedSql = `
WITH day AS MATERIALIZED (
  SELECT mic_sha256, mac, charged_at[cardinality(charged_at) - $2::integer + 1] AS counts_from
  FROM mic_failed_proof WHERE mic_sha256 = $1::bytea AND cardinality(charged_at) >= $2::integer
), told AS (
  UPDATE mic_failed_proof m SET told_at = clock_timestamp() FROM day
  WHERE m.mic_sha256 = day.mic_sha256 AND (m.told_at IS NULL OR m.told_at <= clock_timestamp() - interval '24 hours')
  RETURNING m.mic_sha256, m.mac
), audited AS (
  INSERT INTO audit_event (actor, action, object_kind, object_id, object_name, detail, node)
  SELECT 'system', 'mic.proofs-used-up', 'mic', encode(mic_sha256, 'hex'), mac,
         jsonb_build_object('failedProofs', $2::integer, 'withinHours', 24), $3::text
  FROM told
)
SELECT greatest(1, ceil(extract(epoch FROM counts_from + interval '24 hours' - clock_timestamp())))::integer AS seconds FROM day`;

/** $1 code, $2 node. An active code locks on its twentieth settled mismatch. */
export const settleCodeSql = `
WITH settled AS (
  UPDATE activation_code SET
    mismatches = mismatches + 1,
    state = CASE WHEN state = 'active' AND mismatches + 1 >= ${limits.perCode} THEN 'locked' ELSE state END,
    code_sealed = CASE WHEN mismatches + 1 >= ${limits.perCode} THEN NULL ELSE code_sealed END,
    ended_at = CASE WHEN state = 'active' AND mismatches + 1 >= ${limits.perCode} THEN now() ELSE ended_at END
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

/** $1 code, $2 MIC, $3 the charge. Nothing happens when it was given back before, or never made. */
export const refundSql = `
WITH code AS MATERIALIZED (
  SELECT id FROM activation_code WHERE id = $1::uuid FOR UPDATE
), returned AS (
  UPDATE activation_evaluation e SET evaluations = e.evaluations - 1, charges = array_remove(e.charges, $3::bytea)
  FROM code WHERE e.code_id = code.id AND e.mic_sha256 = $2::bytea AND $3::bytea = ANY (e.charges)
  RETURNING e.code_id
), code_returned AS (
  UPDATE activation_code c SET evaluations = c.evaluations - 1 FROM returned WHERE c.id = returned.code_id
)
SELECT uncharge_mic($2::bytea, $3::bytea) FROM returned`;

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
