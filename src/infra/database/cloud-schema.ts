import type { ColumnType, Generated } from 'kysely';
import type { Instant, Json, NullableInstant, RequiredInstant } from './schema-columns.ts';

/** The cloud's database: migrations/cloud. It shares no table with a cluster's. */

export interface CloudSettingTable {
  singleton: Generated<boolean>;
  resolves_per_hour: Generated<number>;
  resolves_per_day: Generated<number>;
  quarantine_days: Generated<number>;
  voucher_hours: Generated<number>;
  default_quota: Generated<number>;
  first_locator: Generated<number>;
  last_locator: Generated<number>;
  version: Generated<number>;
}

export interface CloudSecretTable {
  name: string;
  sealed: Buffer;
  created_at: Instant;
}

export interface CloudKeyTable {
  purpose: string;
  der: Buffer;
  key_sealed: Buffer;
  not_after: NullableInstant;
  created_at: Instant;
}

export interface CloudClusterTable {
  id: Generated<string>;
  name: string;
  state: Generated<string>;
  activation_domain: string | null;
  enabled: Generated<boolean>;
  cluster_hint: Buffer | null;
  trust_version: ColumnType<string, number | undefined, number>;
  trust: Generated<Buffer[]>;
  quota: number;
  allocated: Generated<number>;
  revision: ColumnType<string, never, never>;
  version: Generated<number>;
  enrolled_at: Instant;
  last_seen_at: NullableInstant;
  removed_at: NullableInstant;
}

export interface ClusterCertificateTable {
  sha256: Buffer;
  cluster_id: string;
  der: Buffer;
  not_after: RequiredInstant;
  created_at: Instant;
  first_used_at: NullableInstant;
  replaced_at: NullableInstant;
  revoked_at: NullableInstant;
}

export interface VoucherTable {
  id: Generated<string>;
  hash: Buffer;
  note: Generated<string>;
  for_cluster_id: string | null;
  created_by: string;
  created_at: Instant;
  expires_at: RequiredInstant;
  revoked_at: NullableInstant;
  redeemed_at: NullableInstant;
  redeemed_by: string | null;
  cluster_id: string | null;
  key_sha256: Buffer | null;
  certificate_sha256: Buffer | null;
}

export interface LocatorTable {
  locator: number;
  allocation_id: string;
  cluster_id: string;
  allocated_at: Instant;
  released_at: NullableInstant;
  free_at: NullableInstant;
  resolves: Generated<number>;
  last_resolved_at: NullableInstant;
  last_mac: string | null;
  last_model: string | null;
  last_source: string | null;
}

export interface AllocationRequestTable {
  cluster_id: string;
  idempotency_key: string;
  count: number;
  locators: Generated<number[]>;
  allocation_ids: Generated<string[]>;
  created_at: Instant;
}

export interface MicUseTable {
  mic_sha256: Buffer;
  stamps: Date[];
}

export interface ResolveCountTable {
  hour: RequiredInstant;
  cluster_id: string | null;
  outcome: string;
  count: ColumnType<string, number, number>;
}

export interface ManufacturerRootTable {
  sha256: Buffer;
  der: Buffer;
  subject: string;
  issuer: string;
  serial_number: string;
  not_before: RequiredInstant;
  not_after: RequiredInstant;
  self_signed: boolean;
  description: Generated<string>;
  legacy_sha1: Generated<boolean>;
  expired_mics_until: NullableInstant;
  laboratory: Generated<boolean>;
  created_at: Instant;
}

export interface OperatorTable {
  id: Generated<string>;
  user_id: string;
  password_hash: string;
  created_at: Instant;
}

export interface CloudSessionTable {
  token_hash: Buffer;
  operator_id: string;
  csrf_token: string;
  created_at: Instant;
  last_seen_at: Instant;
}

export interface CloudAuditTable {
  ordinal: ColumnType<string, never, never>;
  at: Instant;
  actor: string;
  source_address: Generated<string>;
  action: string;
  object_kind: string;
  object_id: Generated<string>;
  object_name: Generated<string>;
  detail: Json;
}

export interface CloudDatabase {
  cloud_setting: CloudSettingTable;
  cloud_secret: CloudSecretTable;
  cloud_key: CloudKeyTable;
  cluster: CloudClusterTable;
  cluster_certificate: ClusterCertificateTable;
  voucher: VoucherTable;
  locator: LocatorTable;
  allocation_request: AllocationRequestTable;
  mic_use: MicUseTable;
  resolve_count: ResolveCountTable;
  manufacturer_root: ManufacturerRootTable;
  operator: OperatorTable;
  session: CloudSessionTable;
  audit_event: CloudAuditTable;
}
