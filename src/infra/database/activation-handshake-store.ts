import type pg from 'pg';
import type { CodeRecord, HandshakeStore } from '../../domain/activation/ports.ts';
import {
  type ConfirmableRow,
  type ConfirmedRow,
  confirmedOf,
  type DeviceRow,
  deviceOf,
  type ExplainRow,
  familyValues,
  type LookupRow,
  redeemValues,
  repeatValues,
} from './activation-handshake-rows.ts';
import {
  confirmableSql,
  confirmByMicSql,
  confirmSql,
  dayUsedSql,
  debitCodeSql,
  debitDecoySql,
  explainSql,
  lookupSql,
  refundSql,
  settleCodeSql,
  settleDecoySql,
} from './activation-handshake-sql.ts';
import { redeemSql, redeemWithTokensSql, repeatSql, repeatWithTokensSql } from './activation-redeem-sql.ts';
import { databasePatience } from './connect.ts';
import { insistently } from './outage.ts';
import { PatientPool } from './patient-pool.ts';
import type { Silence } from './silence.ts';

const checkViolation = '23514';
const uniqueViolation = '23505';
/** Raised by charge_mic of migrations/0026_failed_proofs.sql. */
const dayLimit = 'mic_proofs_per_day';

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
}

/**
 * Connections for nothing but the handshake. Every statement finds its rows by key, whatever the tables' statistics say at the moment, so one
 * plan per connection serves for good: planning the redeem statement costs as much as running it.
 */
export function handshakePool(url: string, max: number, silence?: Silence): pg.Pool {
  return new PatientPool({
    url,
    max,
    name: 'firstring activation',
    patience: databasePatience.handshake,
    settings: '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off',
    silence,
  });
}

/**
 * The handshake's side of the activation tables: every call is one prepared statement, so one transaction and one round trip.
 * Plain pg rather than the query builder: these run for every phone.
 */
export function handshakeStore(pool: pg.Pool): HandshakeStore {
  const query = <Row extends pg.QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> =>
    // Two administrators and a phone can lock each other.
    insistently(async () => (await pool.query<Row>({ name, text, values: values as unknown[] })).rows);

  return {
    async lookup(locator, micSha256, perMicAndDay) {
      const [row] = await query<LookupRow>('das_lookup', lookupSql, [locator, micSha256, perMicAndDay]);
      const { started_at: startedAt, id, state, salt_sealed, verifier_sealed } = row!;
      const record: CodeRecord | undefined =
        id === null || salt_sealed === null || verifier_sealed === null
          ? undefined
          : {
              id,
              state: state as CodeRecord['state'],
              saltSealed: salt_sealed,
              verifierSealed: verifier_sealed,
              evaluations: row!.evaluations,
              evaluationsOfMic: row!.mic_evaluations,
              deviceId: row!.device_id ?? undefined,
              deviceName: row!.device_name,
              mraAllowed: row!.mra_allowed,
            };
      return { record, startedAt, dayUsed: row!.day_used };
    },

    async debit(target, { sha256, mac }, charge, perMicAndDay) {
      try {
        if (target.kind === 'code') {
          const [row] = await query('das_debit', debitCodeSql, [target.codeId, sha256, charge, mac, perMicAndDay]);
          return row === undefined ? 'closed' : 'charged';
        }
        const place = [target.slot, sha256[0]! & 15];
        await query('das_debit_decoy', debitDecoySql, [...place, charge, mac, perMicAndDay, sha256]);
        return 'closed';
      } catch (error) {
        const { code, constraint } = error as DatabaseError;
        if (code !== checkViolation) throw error;
        // Else the limits are the tables' own checks: the sixth evaluation of a MIC, the twenty-first of a code.
        return constraint === dayLimit ? 'day_used' : 'closed';
      }
    },

    async dayUsed(micSha256, perMicAndDay, node) {
      const [row] = await query<{ seconds: number }>('das_day_used', dayUsedSql, [micSha256, perMicAndDay, node]);
      return row?.seconds ?? 1;
    },

    async settleMismatch(target, node) {
      if (target.kind === 'decoy') {
        await query('das_settle_decoy', settleDecoySql, [target.slot]);
        return false;
      }
      const [row] = await query<{ locked: boolean }>('das_settle', settleCodeSql, [target.codeId, node]);
      return row?.locked === true;
    },

    async refund(codeId, micSha256, charge) {
      await query('das_refund', refundSql, [codeId, micSha256, charge]);
    },

    async redeem(input) {
      try {
        const { family } = input;
        const [row] = family
          ? await query<DeviceRow>('das_redeem_tokens', redeemWithTokensSql, [
              ...redeemValues(input),
              ...familyValues(family),
            ])
          : await query<DeviceRow>('das_redeem', redeemSql, redeemValues(input));
        return row ? { kind: 'redeemed', device: deviceOf(row) } : { kind: 'not-active' };
      } catch (error) {
        const { code, constraint } = error as DatabaseError;
        if (code === uniqueViolation && constraint === 'device_name_key') return { kind: 'name-conflict' };
        if (code === uniqueViolation && constraint === 'one_activation_per_code') return { kind: 'not-active' };
        throw error;
      }
    },

    async repeat(input) {
      const { family } = input;
      const values = repeatValues(input);
      const [row] = family
        ? await query<DeviceRow>('das_repeat_tokens', repeatWithTokensSql, [...values, ...familyValues(family)])
        : await query<DeviceRow>('das_repeat', repeatSql, values);
      return row && deviceOf(row);
    },

    async explain(codeId, startedAt) {
      const [row] = await query<ExplainRow>('das_explain', explainSql, [codeId, startedAt]);
      return (
        row && {
          state: row.state,
          consumed: row.consumed,
          expiredAtStart: row.expired_at_start,
          viaMra: row.via_mra,
          model: row.model,
          boundMac: row.bound_mac ?? undefined,
          deviceExists: row.device_model !== null,
          deviceEnabled: row.device_enabled === true,
          deviceModel: row.device_model ?? undefined,
        }
      );
    },

    async confirmable(activationId, micSha256) {
      const [row] = await query<ConfirmableRow>('das_confirmable', confirmableSql, [activationId, micSha256]);
      return (
        row && {
          transcriptHash: row.transcript_hash,
          confirmKeySealed: row.confirm_key_sealed ?? undefined,
          confirmed: row.confirmed,
        }
      );
    },

    async confirm(activationId, micSha256, by, node) {
      const [row] = await query<ConfirmedRow>('das_confirm', confirmSql, [activationId, micSha256, by, node]);
      return row && confirmedOf(row);
    },

    async confirmByMic(micSha256, by, node) {
      const [row] = await query<ConfirmedRow>('das_confirm_mic', confirmByMicSql, [micSha256, by, node]);
      return row && confirmedOf(row);
    },
  };
}
