import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { Instant, NullableInstant } from './schema-columns.ts';

/** What phones fetch, and whom the cluster trusts. */

export interface FirmwareChunkTable {
  file_id: string;
  index: number;
  data: Buffer;
}

export interface FirmwareFileTable {
  id: Generated<string>;
  name: string;
  size: ColumnType<string, string | number | bigint, string | number | bigint>;
  sha256: Buffer;
  created_at: Instant;
}

export interface TrustCertificateTable {
  id: Generated<string>;
  purpose: string;
  sha256: Buffer;
  der: Buffer;
  subject: string;
  issuer: string;
  serial_number: string;
  not_before: ColumnType<Date, Date | string, Date | string>;
  not_after: ColumnType<Date, Date | string, Date | string>;
  description: Generated<string>;
  mic_root: Generated<boolean>;
  legacy_sha1: Generated<boolean>;
  expired_mics_until: NullableInstant;
  /** Put there by a start with --lab. */
  laboratory: Generated<boolean>;
  created_at: Instant;
}

export interface TrustListTable {
  id: GeneratedAlways<string>;
  kind: string;
  content_hash: Buffer;
  bytes: Buffer;
  built_at: Instant;
}

export interface MicDenyTable {
  kind: string;
  value: string;
  reason: Generated<string>;
  created_at: Instant;
}

export interface CertificateRevocationListTable {
  /** SHA-256 over the issuer's name, its key and the list's scope. */
  id: Buffer;
  issuer: string;
  issuer_sha256: Buffer;
  number: string | null;
  this_update: ColumnType<Date, Date | string, Date | string>;
  next_update: NullableInstant;
  partial: boolean;
  entries: number;
  /** 16 octets each, sorted. */
  revoked: Buffer;
  der: Buffer;
  sha256: Buffer;
  created_at: Instant;
}

export interface FilesTables {
  certificate_revocation_list: CertificateRevocationListTable;
  firmware_chunk: FirmwareChunkTable;
  firmware_file: FirmwareFileTable;
  mic_deny: MicDenyTable;
  trust_certificate: TrustCertificateTable;
  trust_list: TrustListTable;
}
