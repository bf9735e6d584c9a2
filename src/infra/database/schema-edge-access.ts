import type { ColumnType, Generated } from 'kysely';
import type { Instant, NullableInstant } from './schema-columns.ts';

/** Expressway-Cs, signing keys and tokens: migrations/0011_edge_access.sql. */

export interface ExpresswayTable {
  id: Generated<string>;
  name: string;
  certificate_der: Buffer;
  certificate_sha256: Buffer;
  not_after: ColumnType<Date, Date | string, Date | string>;
  created_by: Generated<string>;
  created_at: Instant;
}

export interface OauthKeyTable {
  kid: string;
  public_jwk: ColumnType<unknown, string, string>;
  private_sealed: Buffer;
  created_at: Instant;
  signs_from: ColumnType<Date, Date | string, Date | string>;
  accepted_until: NullableInstant;
}

export interface OauthFamilyTable {
  id: Generated<string>;
  device_id: string;
  device_name: string;
  activation_id: string | null;
  mic_sha256: Buffer;
  created_at: Instant;
  refreshed_at: NullableInstant;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  access_until: ColumnType<Date, Date | string, Date | string>;
  revoked_at: NullableInstant;
  revoke_reason: Generated<string>;
}

export interface OauthRefreshTable {
  token_hash: Buffer;
  family_id: string;
  parent_hash: Buffer | null;
  created_at: Instant;
  expires_at: ColumnType<Date, Date | string, Date | string>;
  used_at: NullableInstant;
  request_hash: Buffer | null;
}

export interface EdgeAccessTables {
  expressway: ExpresswayTable;
  oauth_family: OauthFamilyTable;
  oauth_key: OauthKeyTable;
  oauth_refresh: OauthRefreshTable;
}
