import type { ColumnType, Generated } from 'kysely';
import type { Instant, NullableInstant } from './schema-columns.ts';

/** Service domains, the connection with the cloud, and its locators: migrations/0010_mra.sql. */

export interface MraServiceDomainTable {
  id: Generated<string>;
  name: string;
  domain: string;
  is_default: Generated<boolean>;
  version: Generated<number>;
}

export interface CloudConnectionTable {
  singleton: Generated<boolean>;
  address: Generated<string>;
  authority_pem: Generated<string>;
  enabled: Generated<boolean>;
  laboratory: Generated<boolean>;
  cluster_id: string | null;
  certificate_chain: Buffer[] | null;
  key_sealed: Buffer | null;
  certificate_not_after: NullableInstant;
  cloud_key: ColumnType<unknown, string | null, string | null>;
  issuer: Generated<string>;
  enrolled_at: NullableInstant;
  settings_sent: ColumnType<unknown, string | null, string | null>;
  trust_version: Generated<string>;
  trust_sent_version: ColumnType<string, string | number | undefined, string | number>;
  trust_sent_sha256: Buffer[] | null;
  last_success_at: NullableInstant;
  failing_since: NullableInstant;
  last_error_at: NullableInstant;
  last_error_code: Generated<string>;
  last_error: Generated<string>;
  cloud_state: Generated<string>;
  locators_allocated: number | null;
  locator_quota: number | null;
  lease_until: Instant;
  lease_holder: Generated<string>;
  version: Generated<number>;
}

export interface MraLocatorOrderTable {
  idempotency_key: Generated<string>;
  cluster_id: string;
  count: number;
  created_at: Instant;
  done_at: NullableInstant;
}

export interface MraLocatorTable {
  allocation_id: string;
  cluster_id: string;
  locator: string;
  state: string;
  allocated_at: Instant;
  due_at: NullableInstant;
  released_at: NullableInstant;
}

export interface MraTables {
  cloud_connection: CloudConnectionTable;
  mra_locator: MraLocatorTable;
  mra_locator_order: MraLocatorOrderTable;
  mra_service_domain: MraServiceDomainTable;
}
