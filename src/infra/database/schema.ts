import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** The tables of migrations/*.sql as kysely sees them. bigint columns arrive as text; instants as Date; bytea as Buffer. */

type Instant = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type Json = ColumnType<unknown, string | undefined, string>;

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

export interface ActivationCodeTable {
  id: Generated<string>;
  device_id: string | null;
  device_name: string;
  model: string;
  bound_mac: string | null;
  via_mra: Generated<boolean>;
  locator: string | null;
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
}

export interface AuditCheckpointTable {
  seq: ColumnType<string, string | number | bigint, string | number | bigint>;
  hash: Buffer;
  at: Instant;
  signature: Buffer;
  key_id: string;
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
  seq: ColumnType<string | null, string | number | bigint | null | undefined, string | number | bigint | null>;
  prev_hash: Buffer | null;
  hash: Buffer | null;
}

export interface CallManagerGroupTable {
  id: Generated<string>;
  name: string;
  tftp_default: Generated<boolean>;
  auto_registration: Generated<boolean>;
  version: Generated<number>;
}

export interface CallManagerGroupMemberTable {
  group_id: string;
  node_id: string;
  priority: number;
}

export interface ClusterTable {
  singleton: Generated<boolean>;
  id: Generated<string>;
  das_id: string;
  created_at: Instant;
}

export interface ClusterSecretTable {
  name: string;
  sealed: Buffer;
  created_at: Instant;
}

export interface CommonPhoneProfileTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  background_image_access: Generated<boolean>;
  call_log_blf_enabled: Generated<boolean>;
  vendor_config: Json;
  version: Generated<number>;
}

export interface DeviceTable {
  id: Generated<string>;
  name: string;
  model: string;
  description: Generated<string>;
  device_pool_id: string;
  phone_button_template_id: string;
  phone_security_profile_id: string;
  sip_profile_id: string;
  common_phone_profile_id: string;
  owner_user_id: string | null;
  requires_activation_code: Generated<boolean>;
  allow_activation_code_via_mra: Generated<boolean>;
  enabled: Generated<boolean>;
  digest_password_sealed: Buffer | null;
  active_load: Generated<string>;
  inactive_load: Generated<string>;
  first_activated_at: NullableInstant;
  auto_registered: Generated<boolean>;
  config_epoch: ColumnType<string, string | number | bigint | undefined, string | number | bigint>;
  config_uuid: Generated<string>;
  version: Generated<number>;
  created_at: Instant;
  updated_at: Instant;
}

export interface DeviceDefaultTable {
  model: string;
  on_premise_onboarding_method: Generated<string>;
  load_information: Generated<string>;
  inactive_load_information: Generated<string>;
  device_pool_id: string;
  phone_button_template_id: string;
  version: Generated<number>;
}

export interface DeviceLineTable {
  device_id: string;
  line_index: number;
  line_id: string;
  contact_uuid: Generated<string>;
  label: Generated<string>;
  display: Generated<string>;
  max_calls: Generated<number>;
  busy_trigger: Generated<number>;
}

export interface DevicePoolTable {
  id: Generated<string>;
  name: string;
  call_manager_group_id: string;
  olson_time_zone: Generated<string>;
  date_template: Generated<string>;
  ntp_servers: Generated<string[]>;
  user_locale: Generated<string>;
  connection_monitor_duration: Generated<number>;
  mra_service_domain: string | null;
  version: Generated<number>;
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
  roles: Generated<string[]>;
  enabled: Generated<boolean>;
  version: Generated<number>;
  created_at: Instant;
}

export interface EnterpriseParameterTable {
  name: string;
  value: string;
}

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

export interface IssuedCodeTable {
  fingerprint: Buffer;
  issued_at: Instant;
}

export interface LineTable {
  id: Generated<string>;
  directory_number: string;
  route_partition_id: string;
  description: Generated<string>;
  alerting_name: Generated<string>;
  version: Generated<number>;
  created_at: Instant;
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

export interface MicDenyTable {
  kind: string;
  value: string;
  reason: Generated<string>;
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

export interface PhoneButtonTemplateTable {
  id: Generated<string>;
  name: string;
  model: string | null;
  buttons: ColumnType<unknown, string, string>;
  version: Generated<number>;
}

export interface PhoneSecurityProfileTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  device_security_mode: string;
  transport: string;
  digest_authentication: Generated<boolean>;
  enable_oauth_authentication: Generated<boolean>;
  version: Generated<number>;
}

export interface RegistrationTable {
  device_id: string;
  contact: string;
  node_id: string;
  device_name: string;
  directory_numbers: Generated<string[]>;
  transport: string;
  source_address: string;
  source_port: number;
  local_port: Generated<number>;
  call_id: string;
  cseq: ColumnType<string, string | number | bigint, string | number | bigint>;
  user_agent: Generated<string>;
  active_load: Generated<string>;
  inactive_load: Generated<string>;
  instance: Generated<string>;
  reachable: Generated<boolean>;
  registered_at: Instant;
  refreshed_at: Instant;
  expires_at: ColumnType<Date, Date | string, Date | string>;
}

export interface RoutePartitionTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  version: Generated<number>;
}

export interface ServiceParameterTable {
  id: Generated<string>;
  service: string;
  name: string;
  node_id: string | null;
  value: string;
}

export interface SessionTable {
  token_hash: Buffer;
  user_id: string;
  csrf_token: string;
  created_at: Instant;
  last_seen_at: Instant;
}

export interface SipProfileTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  timer_register_expires: Generated<number>;
  timer_register_delta: Generated<number>;
  timer_keep_alive_expires: Generated<number>;
  timer_invite_expires: Generated<number>;
  timer_t1: Generated<number>;
  timer_t2: Generated<number>;
  retry_invite: Generated<number>;
  retry_non_invite: Generated<number>;
  start_media_port: Generated<number>;
  stop_media_port: Generated<number>;
  dtmf_payload: Generated<number>;
  version: Generated<number>;
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
  created_at: Instant;
}

export interface TrustListTable {
  id: GeneratedAlways<string>;
  kind: string;
  content_hash: Buffer;
  bytes: Buffer;
  built_at: Instant;
}

export interface UniversalDeviceTemplateTable {
  id: Generated<string>;
  name: string;
  device_description: Generated<string>;
  device_pool_id: string;
  phone_button_template_id: string | null;
  phone_security_profile_id: string;
  sip_profile_id: string;
  common_phone_profile_id: string;
  version: Generated<number>;
}

export interface UniversalLineTemplateTable {
  id: Generated<string>;
  name: string;
  route_partition_id: string;
  line_description: Generated<string>;
  alerting_name: Generated<string>;
  max_calls: Generated<number>;
  busy_trigger: Generated<number>;
  version: Generated<number>;
}

export interface Database {
  activation: ActivationTable;
  activation_code: ActivationCodeTable;
  activation_evaluation: ActivationEvaluationTable;
  audit_checkpoint: AuditCheckpointTable;
  audit_event: AuditEventTable;
  call_manager_group: CallManagerGroupTable;
  call_manager_group_member: CallManagerGroupMemberTable;
  cluster: ClusterTable;
  cluster_secret: ClusterSecretTable;
  common_phone_profile: CommonPhoneProfileTable;
  device: DeviceTable;
  device_default: DeviceDefaultTable;
  device_line: DeviceLineTable;
  device_pool: DevicePoolTable;
  end_user: EndUserTable;
  enterprise_parameter: EnterpriseParameterTable;
  firmware_chunk: FirmwareChunkTable;
  firmware_file: FirmwareFileTable;
  issued_code: IssuedCodeTable;
  line: LineTable;
  mail_message: MailMessageTable;
  mic_deny: MicDenyTable;
  node: NodeTable;
  node_certificate: NodeCertificateTable;
  node_service: NodeServiceTable;
  onboarding_event: OnboardingEventTable;
  phone_button_template: PhoneButtonTemplateTable;
  phone_security_profile: PhoneSecurityProfileTable;
  registration: RegistrationTable;
  route_partition: RoutePartitionTable;
  service_parameter: ServiceParameterTable;
  session: SessionTable;
  sip_profile: SipProfileTable;
  trust_certificate: TrustCertificateTable;
  trust_list: TrustListTable;
  universal_device_template: UniversalDeviceTemplateTable;
  universal_line_template: UniversalLineTemplateTable;
}
