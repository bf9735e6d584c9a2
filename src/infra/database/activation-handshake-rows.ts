import type pg from 'pg';
import type { CodeFacts, ConfirmedDevice, RedeemedDevice, RedeemInput } from '../../domain/activation/ports.ts';
import type { DeviceName } from '../../identifiers/device-name.ts';

/** Rows of the handshake's statements, and what they are on the domain's side. */

export interface LookupRow extends pg.QueryResultRow {
  readonly started_at: string;
  readonly id: string | null;
  readonly state: string;
  readonly salt_sealed: Buffer | null;
  readonly verifier_sealed: Buffer | null;
  readonly evaluations: number;
  readonly mic_evaluations: number;
  readonly device_id: string | null;
  readonly device_name: string;
  readonly mra_allowed: boolean;
  readonly day_used: boolean;
}

export interface DeviceRow extends pg.QueryResultRow {
  readonly activation_id: string;
  readonly family_id?: string | null;
  readonly device_id: string;
  readonly device_name: string;
  readonly previous_name: string;
  readonly device_pool_id: string;
  readonly transport: RedeemedDevice['transport'];
  readonly digest: boolean;
  readonly mra_service_domain_id: string | null;
  readonly server_time: Date;
  readonly confirm_by: Date;
}

export interface ExplainRow extends pg.QueryResultRow {
  readonly state: CodeFacts['state'];
  readonly consumed: boolean;
  readonly expired_at_start: boolean;
  readonly via_mra: boolean;
  readonly model: string;
  readonly bound_mac: string | null;
  readonly device_enabled: boolean | null;
  readonly device_model: string | null;
}

export interface ConfirmableRow extends pg.QueryResultRow {
  readonly transcript_hash: Buffer;
  readonly confirm_key_sealed: Buffer | null;
  readonly confirmed: boolean;
}

export interface ConfirmedRow extends pg.QueryResultRow {
  readonly device_id: string | null;
  readonly device_name: string;
  readonly mac: string;
  readonly model: string;
}

export function redeemValues(input: RedeemInput): readonly unknown[] {
  return [
    input.codeId,
    input.startedAt,
    input.mac,
    input.model,
    input.mode,
    input.micSha256,
    input.micDer,
    input.transcriptHash,
    input.m1,
    input.micAlg,
    input.micSig,
    input.confirmKeySealed,
    input.digestPasswordSealed,
    input.attempt,
    input.firmware,
    input.node,
    input.sourceAddress,
    input.micRootSha256,
    input.charge,
  ];
}

export function repeatValues(input: RedeemInput): readonly unknown[] {
  return [
    input.codeId,
    input.micSha256,
    input.mac,
    input.transcriptHash,
    input.m1,
    input.micAlg,
    input.micSig,
    input.confirmKeySealed,
    input.digestPasswordSealed,
    input.attempt,
    input.node,
    input.sourceAddress,
    input.charge,
  ];
}

export function familyValues({ id, refreshHash, refreshDays, accessMinutes }: NonNullable<RedeemInput['family']>) {
  return [id, refreshHash, refreshDays, accessMinutes] as const;
}

export function deviceOf(row: DeviceRow): RedeemedDevice {
  return {
    activationId: row.activation_id,
    deviceId: row.device_id,
    deviceName: row.device_name as DeviceName,
    previousName: row.previous_name,
    devicePoolId: row.device_pool_id,
    transport: row.transport,
    digest: row.digest,
    mraServiceDomainId: row.mra_service_domain_id ?? undefined,
    serverTime: row.server_time,
    confirmBy: row.confirm_by,
    hasTokens: row.family_id !== undefined && row.family_id !== null,
  };
}

export function confirmedOf(row: ConfirmedRow): ConfirmedDevice {
  return { deviceId: row.device_id ?? undefined, deviceName: row.device_name, mac: row.mac, model: row.model };
}
