import type { ColumnType, Generated } from 'kysely';
import type { Instant, Json, NullableInstant } from './schema-columns.ts';

/** The cluster itself: nodes, parameters, people, mail. */

export interface ClusterTable {
  singleton: Generated<boolean>;
  id: Generated<string>;
  das_id: string;
  laboratory_open: Generated<boolean>;
  created_at: Instant;
}

export interface ClusterSecretTable {
  name: string;
  sealed: Buffer;
  created_at: Instant;
}

export interface NodeTable {
  id: Generated<string>;
  name: string;
  address: string;
  description: Generated<string>;
  is_publisher: Generated<boolean>;
  ports: Json;
  version: Generated<string>;
  last_seen_at: NullableInstant;
  created_at: Instant;
  instance: string | null;
}

export interface NodeCertificateTable {
  id: Generated<string>;
  node_id: string | null;
  purpose: string;
  der: Buffer;
  chain: Generated<Buffer[]>;
  key_sealed: Buffer;
  not_after: ColumnType<Date, Date | string, Date | string>;
  created_at: Instant;
}

export interface NodeServiceTable {
  node_id: string;
  service: string;
  activated: Generated<boolean>;
  changed_at: Instant;
}

export interface EnterpriseParameterTable {
  name: string;
  value: string;
}

export interface ServiceParameterTable {
  id: Generated<string>;
  service: string;
  name: string;
  node_id: string | null;
  value: string;
}

export interface EndUserTable {
  id: Generated<string>;
  user_id: string;
  first_name: Generated<string>;
  last_name: Generated<string>;
  mail: Generated<string>;
  locale: Generated<string>;
  password_hash: string | null;
  pin_hash: string | null;
  access_unconfirmed: Generated<boolean>;
  password_for_administrators: Generated<boolean>;
  roles: Generated<string[]>;
  /** Seconds; triggers set it, phones' files take the newest. */
  config_epoch: Generated<string>;
  enabled: Generated<boolean>;
  version: Generated<number>;
  created_at: Instant;
}

export interface SessionTable {
  token_hash: Buffer;
  user_id: string;
  csrf_token: string;
  created_at: Instant;
  last_seen_at: Instant;
}

export interface MailMessageTable {
  id: Generated<string>;
  device_id: string | null;
  device_name: string;
  code_id: string;
  user_id: string | null;
  recipient: Generated<string>;
  contains_code: boolean | null;
  state: Generated<string>;
  attempts: Generated<number>;
  reason: Generated<string>;
  server_said: Generated<string>;
  requested_by: string;
  node: Generated<string>;
  queued_at: Instant;
  due_at: Instant;
  ended_at: NullableInstant;
}

export interface ClusterTables {
  cluster: ClusterTable;
  cluster_secret: ClusterSecretTable;
  end_user: EndUserTable;
  enterprise_parameter: EnterpriseParameterTable;
  mail_message: MailMessageTable;
  node: NodeTable;
  node_certificate: NodeCertificateTable;
  node_service: NodeServiceTable;
  service_parameter: ServiceParameterTable;
  session: SessionTable;
}
