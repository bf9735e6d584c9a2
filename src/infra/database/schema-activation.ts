import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Instant, Json, NullableInstant } from './schema-columns.ts';

/** Codes, activations, the phones’ stories and the audit log: migrations/0003_activation.sql. */

export interface ActivationTable {
  id: Generated<string>;
  code_id: string;
  device_id: string | null;
  device_name: string;
  previous_name: string;
  mac: string;
  model: string;
  mode: string;
  mic_sha256: Buffer;
  mic_der: Buffer;
  mic_root_sha256: Buffer | null;
  transcript_hash: Buffer;
  m1: Buffer;
  mic_alg: string;
  mic_sig: Buffer;
  confirm_key_sealed: Buffer | null;
  node: Generated<string>;
  firmware: Generated<string>;
  created_at: Instant;
  confirm_by: ColumnType<Date, Date | string, Date | string>;
  confirmed_at: NullableInstant;
}

/** What a certificate failed within a day: migrations/0026_failed_proofs.sql. */
export interface MicFailedProofTable {
  mic_sha256: Buffer;
  mac: string;
  charges: Buffer[];
  charged_at: Date[];
  told_at: NullableInstant;
}

export interface ActivationCodeTable {
  id: Generated<string>;
  device_id: string | null;
  device_name: string;
  model: string;
  bound_mac: string | null;
  via_mra: Generated<boolean>;
  locator: string | null;
  allocation_id: ColumnType<string | null, string | null | undefined, string | null>;
  state: Generated<string>;
  code_sealed: Buffer | null;
  salt_sealed: Buffer | null;
  verifier_sealed: Buffer | null;
  evaluations: Generated<number>;
  mismatches: Generated<number>;
  created_by: Generated<string>;
  created_at: Instant;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  consumed_at: NullableInstant;
  ended_at: NullableInstant;
}

export interface ActivationEvaluationTable {
  code_id: string;
  mic_sha256: Buffer;
  evaluations: Generated<number>;
  /** Handshakes that were charged: what a right proof gives back. */
  charges: Generated<Buffer[]>;
  charged_at: Instant;
}

export interface IssuedCodeTable {
  fingerprint: Buffer;
  issued_at: Instant;
}

export interface OnboardingEventTable {
  id: GeneratedAlways<string>;
  at: Instant;
  attempt: Generated<string>;
  device_id: string | null;
  device_name: string | null;
  mac: string | null;
  model: string | null;
  step: string;
  result: string;
  reason: Generated<string>;
  detail: Json;
  node: Generated<string>;
  source_address: Generated<string>;
}

export interface AuditEventTable {
  id: Generated<string>;
  at: Instant;
  actor: string;
  source_address: Generated<string>;
  action: string;
  object_kind: string;
  object_id: Generated<string>;
  object_name: Generated<string>;
  detail: Json;
  node: Generated<string>;
  ordinal: GeneratedAlways<string>;
  /** Which transaction inserted it; null for rows older than the column. */
  transaction: GeneratedAlways<string | null>;
  seq: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
  prev_hash: Buffer | null;
  hash: Buffer | null;
}

export interface AuditCheckpointTable {
  seq: ColumnType<string, string | number | bigint, string | number | bigint>;
  hash: Buffer;
  at: Instant;
  signature: Buffer;
  key_id: string;
}

export interface ActivationTables {
  activation: ActivationTable;
  activation_code: ActivationCodeTable;
  activation_evaluation: ActivationEvaluationTable;
  mic_failed_proof: MicFailedProofTable;
  audit_checkpoint: AuditCheckpointTable;
  audit_event: AuditEventTable;
  issued_code: IssuedCodeTable;
  onboarding_event: OnboardingEventTable;
}
