-- The system itself: cluster, nodes, services, parameters, certificates, people.

CREATE TABLE cluster (
  -- one row only
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- what the handshake calls das_id
  das_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- Secrets of the cluster (CA keys, fake-path key, audit key …), sealed under the key-encryption key.
CREATE TABLE cluster_secret (
  name text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE node (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 253),
  -- where phones reach it: host name or IP address
  address text NOT NULL,
  description text NOT NULL DEFAULT '',
  is_publisher boolean NOT NULL DEFAULT false,
  -- listener ports: {"https":8443,"das":9446,"tftp":6969,"tftpHttp":6970,"tftpHttps":6972,"tvs":2445,"sip":5060,"sipTls":5061}
  ports jsonb NOT NULL DEFAULT '{}',
  version text NOT NULL DEFAULT '',
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX one_publisher ON node (is_publisher) WHERE is_publisher;

-- Certificates with keys of ours: cluster-wide (node_id null) or per node.
CREATE TABLE node_certificate (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  node_id uuid REFERENCES node ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('cluster-ca', 'itl-recovery', 'call-manager-signing', 'call-manager', 'tvs', 'tomcat')),
  der bytea NOT NULL,
  -- issuer chain, leaf's issuer first
  chain bytea[] NOT NULL DEFAULT '{}',
  key_sealed bytea NOT NULL,
  not_after timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE NULLS NOT DISTINCT (node_id, purpose)
);

-- Services an administrator activates per node (Service Activation).
CREATE TABLE node_service (
  node_id uuid NOT NULL REFERENCES node ON DELETE CASCADE,
  service text NOT NULL,
  activated boolean NOT NULL DEFAULT true,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (node_id, service)
);

-- node_id null: clusterwide value.
CREATE TABLE service_parameter (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  service text NOT NULL,
  name text NOT NULL,
  node_id uuid REFERENCES node ON DELETE CASCADE,
  value text NOT NULL,
  UNIQUE NULLS NOT DISTINCT (service, name, node_id)
);

CREATE TABLE enterprise_parameter (
  name text PRIMARY KEY,
  value text NOT NULL
);

-- Trust stores: CallManager-trust, PhoneEdge-trust.
CREATE TABLE trust_certificate (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  purpose text NOT NULL CHECK (purpose IN ('CallManager-trust', 'PhoneEdge-trust')),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  der bytea NOT NULL,
  subject text NOT NULL,
  issuer text NOT NULL,
  serial_number text NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  description text NOT NULL DEFAULT '',
  -- may vouch for manufacturer-installed certificates
  mic_root boolean NOT NULL DEFAULT true,
  -- chains under this root may carry SHA-1 signatures
  legacy_sha1 boolean NOT NULL DEFAULT false,
  -- expired MICs under this root are accepted until then
  expired_mics_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (purpose, sha256)
);

-- MICs never accepted. serial: hex serial number with issuer; key: hex SHA-256 of the SPKI; mac: 12 hex.
CREATE TABLE mic_deny (
  kind text NOT NULL CHECK (kind IN ('serial', 'key', 'mac')),
  value text NOT NULL,
  reason text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, value)
);

CREATE TABLE end_user (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 128),
  first_name text NOT NULL DEFAULT '',
  last_name text NOT NULL DEFAULT '',
  mail text NOT NULL DEFAULT '',
  locale text NOT NULL DEFAULT 'en',
  -- argon2id or scrypt, PHC string form; null: cannot sign in with a password
  password_hash text,
  pin_hash text,
  roles text[] NOT NULL DEFAULT '{end-user}',
  enabled boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (roles <@ ARRAY['super', 'device-admin', 'bulk-admin', 'code-reveal', 'auditor', 'end-user'])
);
CREATE UNIQUE INDEX end_user_user_id ON end_user (lower(user_id));

CREATE TABLE session (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  user_id uuid NOT NULL REFERENCES end_user ON DELETE CASCADE,
  csrf_token text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX session_last_seen ON session (last_seen_at);
