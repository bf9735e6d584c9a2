import type { ColumnType, Generated } from 'kysely';
import type { Instant, Json, NullableInstant } from './schema-columns.ts';

/** Phones and what they are made of: migrations/0002_devices.sql. */

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
  owner_unconfirmed: Generated<boolean>;
  requires_activation_code: Generated<boolean>;
  allow_activation_code_via_mra: Generated<boolean>;
  mra_service_domain_id: string | null;
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
  mra_service_domain_id: string | null;
  version: Generated<number>;
}

export interface LineTable {
  id: Generated<string>;
  directory_number: string;
  route_partition_id: string;
  description: Generated<string>;
  alerting_name: Generated<string>;
  /** Seconds; triggers set it, phones' files take the newest. */
  config_epoch: Generated<string>;
  version: Generated<number>;
  created_at: Instant;
}

export interface RoutePartitionTable {
  id: Generated<string>;
  name: string;
  description: Generated<string>;
  version: Generated<number>;
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
  intercom_allowed: Generated<boolean>;
  version: Generated<number>;
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

export interface RegistrationTable {
  device_id: string;
  contact: string;
  node_id: string;
  device_name: string;
  directory_numbers: Generated<string[]>;
  transport: string;
  source_address: string;
  source_port: number;
  /** The Expressway-E in between; empty inside the network. */
  edge: Generated<string>;
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

export interface DevicesTables {
  call_manager_group: CallManagerGroupTable;
  call_manager_group_member: CallManagerGroupMemberTable;
  common_phone_profile: CommonPhoneProfileTable;
  device: DeviceTable;
  device_default: DeviceDefaultTable;
  device_line: DeviceLineTable;
  device_pool: DevicePoolTable;
  line: LineTable;
  phone_button_template: PhoneButtonTemplateTable;
  phone_security_profile: PhoneSecurityProfileTable;
  registration: RegistrationTable;
  route_partition: RoutePartitionTable;
  sip_profile: SipProfileTable;
  universal_device_template: UniversalDeviceTemplateTable;
  universal_line_template: UniversalLineTemplateTable;
}
