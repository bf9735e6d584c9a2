-- What a phone is made of.

CREATE TABLE call_manager_group (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  tftp_default boolean NOT NULL DEFAULT false,
  auto_registration boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX one_tftp_default ON call_manager_group (tftp_default) WHERE tftp_default;

CREATE TABLE call_manager_group_member (
  group_id uuid NOT NULL REFERENCES call_manager_group ON DELETE CASCADE,
  node_id uuid NOT NULL REFERENCES node ON DELETE RESTRICT,
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 4),
  PRIMARY KEY (group_id, node_id),
  UNIQUE (group_id, priority)
);

CREATE TABLE route_partition (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- the empty name is <None>
  name text NOT NULL UNIQUE CHECK (length(name) <= 50),
  description text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE device_pool (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  call_manager_group_id uuid NOT NULL REFERENCES call_manager_group ON DELETE RESTRICT,
  olson_time_zone text NOT NULL DEFAULT 'Etc/UTC',
  date_template text NOT NULL DEFAULT 'D/M/Y',
  ntp_servers text[] NOT NULL DEFAULT '{}',
  user_locale text NOT NULL DEFAULT 'English_United_States',
  connection_monitor_duration integer NOT NULL DEFAULT 120,
  -- null = <None>: the cluster's default MRA service domain
  mra_service_domain text,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE phone_button_template (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  -- `Cisco 8845`; null: any model
  model text,
  -- what each button is, in order: ["line","line","speed-dial",…]
  buttons jsonb NOT NULL,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE phone_security_profile (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  description text NOT NULL DEFAULT '',
  device_security_mode text NOT NULL CHECK (device_security_mode IN ('non-secure', 'authenticated', 'encrypted')),
  transport text NOT NULL CHECK (transport IN ('udp', 'tcp', 'tcp+udp', 'tls')),
  digest_authentication boolean NOT NULL DEFAULT false,
  enable_oauth_authentication boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  -- secure profiles identify the phone by its certificate, over TLS
  CHECK ((device_security_mode = 'non-secure') = (transport <> 'tls')),
  CHECK (NOT (digest_authentication AND device_security_mode <> 'non-secure'))
);

CREATE TABLE sip_profile (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  description text NOT NULL DEFAULT '',
  timer_register_expires integer NOT NULL DEFAULT 3600 CHECK (timer_register_expires BETWEEN 60 AND 7200),
  timer_register_delta integer NOT NULL DEFAULT 5 CHECK (timer_register_delta BETWEEN 1 AND 60),
  timer_keep_alive_expires integer NOT NULL DEFAULT 120 CHECK (timer_keep_alive_expires BETWEEN 30 AND 3600),
  timer_invite_expires integer NOT NULL DEFAULT 180 CHECK (timer_invite_expires BETWEEN 30 AND 600),
  timer_t1 integer NOT NULL DEFAULT 500 CHECK (timer_t1 BETWEEN 100 AND 2000),
  timer_t2 integer NOT NULL DEFAULT 4000 CHECK (timer_t2 BETWEEN 1000 AND 16000),
  retry_invite integer NOT NULL DEFAULT 6 CHECK (retry_invite BETWEEN 1 AND 10),
  retry_non_invite integer NOT NULL DEFAULT 10 CHECK (retry_non_invite BETWEEN 1 AND 10),
  start_media_port integer NOT NULL DEFAULT 16384,
  stop_media_port integer NOT NULL DEFAULT 32766,
  dtmf_payload integer NOT NULL DEFAULT 101 CHECK (dtmf_payload BETWEEN 96 AND 127),
  version integer NOT NULL DEFAULT 1,
  CHECK (2048 <= start_media_port AND start_media_port < stop_media_port AND stop_media_port <= 65535)
);

CREATE TABLE common_phone_profile (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  description text NOT NULL DEFAULT '',
  background_image_access boolean NOT NULL DEFAULT true,
  call_log_blf_enabled boolean NOT NULL DEFAULT true,
  -- product specific settings: {"webAccess":"disabled","sshAccess":"disabled","pcPort":"enabled","garp":"disabled"}
  vendor_config jsonb NOT NULL DEFAULT '{}',
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE universal_device_template (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  device_description text NOT NULL DEFAULT '#FirstName# #LastName# (#Product#)',
  device_pool_id uuid NOT NULL REFERENCES device_pool ON DELETE RESTRICT,
  -- null: the model's default template
  phone_button_template_id uuid REFERENCES phone_button_template ON DELETE RESTRICT,
  phone_security_profile_id uuid NOT NULL REFERENCES phone_security_profile ON DELETE RESTRICT,
  sip_profile_id uuid NOT NULL REFERENCES sip_profile ON DELETE RESTRICT,
  common_phone_profile_id uuid NOT NULL REFERENCES common_phone_profile ON DELETE RESTRICT,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE universal_line_template (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  route_partition_id uuid NOT NULL REFERENCES route_partition ON DELETE RESTRICT,
  line_description text NOT NULL DEFAULT '#FirstName# #LastName#',
  alerting_name text NOT NULL DEFAULT '#FirstName# #LastName#',
  max_calls integer NOT NULL DEFAULT 4 CHECK (max_calls BETWEEN 1 AND 200),
  busy_trigger integer NOT NULL DEFAULT 2 CHECK (busy_trigger BETWEEN 1 AND 200),
  version integer NOT NULL DEFAULT 1
);

-- One row per supported model.
CREATE TABLE device_default (
  model text PRIMARY KEY,
  on_premise_onboarding_method text NOT NULL DEFAULT 'ActivationCode'
    CHECK (on_premise_onboarding_method IN ('ActivationCode', 'AutoRegistration')),
  -- dual bank: load names without .loads; empty: keep what the phone runs
  load_information text NOT NULL DEFAULT '',
  inactive_load_information text NOT NULL DEFAULT '',
  device_pool_id uuid NOT NULL REFERENCES device_pool ON DELETE RESTRICT,
  phone_button_template_id uuid NOT NULL REFERENCES phone_button_template ON DELETE RESTRICT,
  version integer NOT NULL DEFAULT 1
);

CREATE TABLE line (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  directory_number text NOT NULL CHECK (directory_number ~ '^\+?[0-9*#]{1,23}$'),
  route_partition_id uuid NOT NULL REFERENCES route_partition ON DELETE RESTRICT,
  description text NOT NULL DEFAULT '',
  alerting_name text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (directory_number, route_partition_id)
);

CREATE TABLE device (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (name ~ '^(SEP|BAT)[0-9A-F]{12}$'),
  model text NOT NULL REFERENCES device_default (model) ON DELETE RESTRICT,
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 128),
  device_pool_id uuid NOT NULL REFERENCES device_pool ON DELETE RESTRICT,
  phone_button_template_id uuid NOT NULL REFERENCES phone_button_template ON DELETE RESTRICT,
  phone_security_profile_id uuid NOT NULL REFERENCES phone_security_profile ON DELETE RESTRICT,
  sip_profile_id uuid NOT NULL REFERENCES sip_profile ON DELETE RESTRICT,
  common_phone_profile_id uuid NOT NULL REFERENCES common_phone_profile ON DELETE RESTRICT,
  owner_user_id uuid REFERENCES end_user ON DELETE RESTRICT,
  requires_activation_code boolean NOT NULL DEFAULT false,
  allow_activation_code_via_mra boolean NOT NULL DEFAULT false,
  enabled boolean NOT NULL DEFAULT true,
  -- digest credentials of non-secure profiles: user name = device name, password sealed
  digest_password_sealed bytea,
  -- loads the phone reported when it last registered
  active_load text NOT NULL DEFAULT '',
  inactive_load text NOT NULL DEFAULT '',
  -- set at the first activation or registration: tells a stub from an absent file
  first_activated_at timestamptz,
  auto_registered boolean NOT NULL DEFAULT false,
  -- versionStamp of its files: <config_epoch>-<config_uuid>, new on every change that reaches the file
  config_epoch bigint NOT NULL DEFAULT extract(epoch FROM now())::bigint,
  config_uuid uuid NOT NULL DEFAULT gen_random_uuid(),
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX device_owner ON device (owner_user_id);
CREATE INDEX device_pool_ref ON device (device_pool_id);
CREATE INDEX device_button_template_ref ON device (phone_button_template_id);
CREATE INDEX device_security_profile_ref ON device (phone_security_profile_id);
CREATE INDEX device_sip_profile_ref ON device (sip_profile_id);
CREATE INDEX device_common_profile_ref ON device (common_phone_profile_id);
CREATE INDEX device_model ON device (model);

CREATE TABLE device_line (
  device_id uuid NOT NULL REFERENCES device ON DELETE CASCADE,
  -- 1-based lineIndex
  line_index smallint NOT NULL CHECK (line_index BETWEEN 1 AND 100),
  line_id uuid NOT NULL REFERENCES line ON DELETE RESTRICT,
  -- user part of the Contact the phone uses for this line
  contact_uuid uuid NOT NULL DEFAULT gen_random_uuid(),
  label text NOT NULL DEFAULT '',
  display text NOT NULL DEFAULT '',
  max_calls integer NOT NULL DEFAULT 4,
  busy_trigger integer NOT NULL DEFAULT 2,
  PRIMARY KEY (device_id, line_index),
  UNIQUE (device_id, line_id)
);
CREATE INDEX device_line_line ON device_line (line_id);

-- Current registrations, written behind by the registrar and read back at its start.
CREATE TABLE registration (
  device_id uuid NOT NULL REFERENCES device ON DELETE CASCADE,
  contact text NOT NULL,
  node_id uuid NOT NULL REFERENCES node ON DELETE CASCADE,
  device_name text NOT NULL,
  -- directory numbers bound by this contact, in lineIndex order
  directory_numbers text[] NOT NULL DEFAULT '{}',
  transport text NOT NULL CHECK (transport IN ('udp', 'tcp', 'tls')),
  source_address text NOT NULL,
  source_port integer NOT NULL,
  local_port integer NOT NULL DEFAULT 0,
  call_id text NOT NULL,
  cseq bigint NOT NULL,
  user_agent text NOT NULL DEFAULT '',
  active_load text NOT NULL DEFAULT '',
  inactive_load text NOT NULL DEFAULT '',
  instance text NOT NULL DEFAULT '',
  -- false: registered still, but its connection is gone until it comes back
  reachable boolean NOT NULL DEFAULT true,
  registered_at timestamptz NOT NULL DEFAULT now(),
  refreshed_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, contact)
  -- a refresh changes no indexed column and stays on its page
) WITH (fillfactor = 60);
CREATE INDEX registration_name ON registration (device_name);
CREATE INDEX registration_numbers ON registration USING gin (directory_numbers);
CREATE INDEX registration_node ON registration (node_id);

CREATE TABLE firmware_file (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
  size bigint NOT NULL CHECK (size BETWEEN 0 AND 209715200),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE firmware_chunk (
  file_id uuid NOT NULL REFERENCES firmware_file ON DELETE CASCADE,
  index integer NOT NULL,
  data bytea NOT NULL,
  PRIMARY KEY (file_id, index)
);

-- ITL bytes once built; the newest row is served. Rebuilt only when content_hash changes: same content, same bytes, on every node.
CREATE TABLE trust_list (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('ITL', 'CTL')),
  content_hash bytea NOT NULL,
  bytes bytea NOT NULL,
  built_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (kind, content_hash)
);
