import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Instant, Json, NullableInstant } from './schema-columns.ts';

/** Bulk administration. */

export interface PhoneTemplateTable {
  id: Generated<string>;
  name: string;
  model: string;
  description: Generated<string>;
  requires_activation_code: Generated<boolean>;
  allow_activation_code_via_mra: Generated<boolean>;
  device_pool_id: string;
  phone_button_template_id: string | null;
  owner_user_id: string | null;
  phone_security_profile_id: string;
  sip_profile_id: string;
  common_phone_profile_id: string;
  mra_service_domain_id: string | null;
  enabled: Generated<boolean>;
  lines: Json;
  version: Generated<number>;
}

export interface BulkFileTable {
  id: Generated<string>;
  name: string;
  target: Generated<string>;
  transaction: string;
  format: string;
  content: Buffer;
  size: number;
  sha256: Buffer;
  columns: ColumnType<unknown, string, string>;
  rows: Generated<number>;
  ignored_rows: Generated<number>;
  notes: ColumnType<unknown, string | undefined, string>;
  rows_sha256: Buffer | null;
  uploaded_by: string;
  uploaded_at: Instant;
}

export interface BulkFileRowTable {
  file_id: string;
  line: number;
  fields: string[];
}

export interface BulkJobTable {
  id: GeneratedAlways<number>;
  kind: string;
  description: Generated<string>;
  state: string;
  result: string | null;
  phase: Generated<string>;
  dry_run: Generated<boolean>;
  options: ColumnType<unknown, string, string>;
  template: ColumnType<unknown, string | null, string | null>;
  file_id: string | null;
  file_name: string | null;
  columns: Json;
  submitted_by: string;
  submitter_sees_codes: boolean;
  source_address: Generated<string>;
  submitted_at: Instant;
  run_at: NullableInstant;
  started_at: NullableInstant;
  ended_at: NullableInstant;
  node: string | null;
  stop_requested: Generated<boolean>;
  epoch: Generated<number>;
  total: Generated<number>;
  checked: Generated<number>;
  succeeded: Generated<number>;
  failed: Generated<number>;
  kept: Generated<number>;
  rate: number | null;
  refusal: ColumnType<unknown, string | null, string | null>;
  undo_of: number | null;
  notes: ColumnType<unknown, string | undefined, string>;
  noted: Generated<number>;
  rows_sha256: Buffer | null;
}

export interface BulkJobRowTable {
  job_id: number;
  line: number;
  state: Generated<string>;
  input: string[] | null;
  key: string | null;
  needs_code: Generated<boolean>;
  action: string | null;
  device_id: string | null;
  device_name: string | null;
  errors: ColumnType<unknown, string | null, string | null>;
  changes: ColumnType<unknown, string | null, string | null>;
  before: ColumnType<unknown, string | null, string | null>;
  version_after: number | null;
  code_id: string | null;
  made_lines: string[] | null;
  notes: ColumnType<unknown, string | null, string | null>;
}

export interface BulkTables {
  phone_template: PhoneTemplateTable;
  bulk_file: BulkFileTable;
  bulk_file_row: BulkFileRowTable;
  bulk_job: BulkJobTable;
  bulk_job_row: BulkJobRowTable;
}
