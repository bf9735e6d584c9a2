-- The cloud activation service. Its own database: nothing of a cluster's stands here but what spec/mra.md lets the cloud know.

CREATE TABLE cloud_setting (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  -- resolves per MIC, hits and misses alike
  resolves_per_hour integer NOT NULL DEFAULT 20 CHECK (resolves_per_hour BETWEEN 1 AND 1000),
  resolves_per_day integer NOT NULL DEFAULT 60 CHECK (resolves_per_day BETWEEN 1 AND 1000),
  quarantine_days integer NOT NULL DEFAULT 30 CHECK (quarantine_days BETWEEN 0 AND 3650),
  voucher_hours integer NOT NULL DEFAULT 24 CHECK (voucher_hours BETWEEN 1 AND 168),
  default_quota integer NOT NULL DEFAULT 100000 CHECK (default_quota BETWEEN 0 AND 10000000),
  -- the part of the locator space this cloud gives out
  first_locator integer NOT NULL DEFAULT 0 CHECK (first_locator BETWEEN 0 AND 9999999),
  last_locator integer NOT NULL DEFAULT 9999999 CHECK (last_locator BETWEEN 0 AND 9999999),
  version integer NOT NULL DEFAULT 1,
  CHECK (first_locator <= last_locator),
  CHECK (resolves_per_hour <= resolves_per_day)
);
INSERT INTO cloud_setting DEFAULT VALUES;

-- Sealed under the key-encryption key: kek-check.
CREATE TABLE cloud_secret (
  name text PRIMARY KEY,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- authority: signs the server's and the clusters' certificates. answer-key: signs answers to phones (no certificate, der is its SPKI).
CREATE TABLE cloud_key (
  purpose text PRIMARY KEY CHECK (purpose IN ('authority', 'answer-key')),
  der bytea NOT NULL,
  key_sealed bytea NOT NULL,
  not_after timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- A tenant.
CREATE TABLE cluster (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 128),
  state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'removed')),
  activation_domain text CHECK (length(activation_domain) BETWEEN 3 AND 253),
  enabled boolean NOT NULL DEFAULT false,
  -- SHA-256 of the cluster's das_id
  cluster_hint bytea CHECK (length(cluster_hint) = 32),
  trust_version bigint NOT NULL DEFAULT 0 CHECK (trust_version >= 0),
  trust bytea[] NOT NULL DEFAULT '{}' CHECK (cardinality(trust) <= 20),
  quota integer NOT NULL CHECK (quota BETWEEN 0 AND 10000000),
  -- live locators, kept by the statements that allocate and release
  allocated integer NOT NULL DEFAULT 0 CHECK (allocated >= 0),
  -- counts what a phone's answer depends on
  revision bigint NOT NULL DEFAULT 1,
  version integer NOT NULL DEFAULT 1,
  enrolled_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz,
  removed_at timestamptz,
  CHECK ((state = 'removed') = (removed_at IS NOT NULL))
);
CREATE INDEX cluster_by_name ON cluster (lower(name), id);

CREATE FUNCTION cluster_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'removed' THEN
    RAISE EXCEPTION 'a removed cluster does not come back' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.state, NEW.activation_domain, NEW.enabled, NEW.cluster_hint, NEW.trust_version, NEW.trust)
     IS DISTINCT FROM (OLD.state, OLD.activation_domain, OLD.enabled, OLD.cluster_hint, OLD.trust_version, OLD.trust) THEN
    NEW.revision := OLD.revision + 1;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER cluster_stamp BEFORE UPDATE ON cluster FOR EACH ROW EXECUTE FUNCTION cluster_stamp();

-- Client certificates of clusters, by what mutual TLS shows.
CREATE TABLE cluster_certificate (
  sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
  cluster_id uuid NOT NULL REFERENCES cluster,
  der bytea NOT NULL,
  not_after timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  first_used_at timestamptz,
  -- a younger one of this cluster was used: this one ends a little later
  replaced_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX cluster_certificate_of ON cluster_certificate (cluster_id);

CREATE TABLE voucher (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- SHA-256 over the 32 octets
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  note text NOT NULL DEFAULT '' CHECK (length(note) <= 256),
  -- null: makes a new cluster; else gives that one a new certificate
  for_cluster_id uuid REFERENCES cluster,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  redeemed_at timestamptz,
  redeemed_by inet,
  cluster_id uuid REFERENCES cluster,
  -- SHA-256 over the key of the request that used it: the same key may ask again for a lost answer
  key_sha256 bytea,
  certificate_sha256 bytea REFERENCES cluster_certificate,
  CHECK ((redeemed_at IS NULL) = (key_sha256 IS NULL)),
  CHECK (redeemed_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX voucher_by_age ON voucher (created_at DESC, id);

-- One row for each locator that is live or in quarantine; a row whose free_at is over counts as no row.
CREATE TABLE locator (
  locator integer PRIMARY KEY CHECK (locator BETWEEN 0 AND 9999999),
  allocation_id uuid NOT NULL,
  cluster_id uuid NOT NULL,
  allocated_at timestamptz NOT NULL DEFAULT now(),
  released_at timestamptz,
  free_at timestamptz,
  resolves integer NOT NULL DEFAULT 0,
  last_resolved_at timestamptz,
  last_mac text,
  last_model text,
  last_source inet,
  CHECK ((released_at IS NULL) = (free_at IS NULL))
);
CREATE INDEX locator_of_cluster ON locator (cluster_id, locator) WHERE released_at IS NULL;
CREATE INDEX locator_in_quarantine ON locator (free_at) WHERE free_at IS NOT NULL;

-- What was answered to one wish for locators, so that a repeat gets the same.
CREATE TABLE allocation_request (
  cluster_id uuid NOT NULL,
  idempotency_key text NOT NULL,
  count integer NOT NULL,
  locators integer[] NOT NULL DEFAULT '{}',
  allocation_ids uuid[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (cluster_id, idempotency_key)
);
CREATE INDEX allocation_request_by_age ON allocation_request (created_at);

-- When a MIC last asked, youngest first, no more than its day's worth.
CREATE TABLE mic_use (
  mic_sha256 bytea PRIMARY KEY CHECK (length(mic_sha256) = 32),
  stamps timestamptz[] NOT NULL
) WITH (fillfactor = 60);

-- Answers to phones, by hour; cluster_id null: no cluster is concerned.
CREATE TABLE resolve_count (
  hour timestamptz NOT NULL,
  cluster_id uuid,
  outcome text NOT NULL,
  count bigint NOT NULL,
  UNIQUE NULLS NOT DISTINCT (hour, cluster_id, outcome)
);

CREATE TABLE manufacturer_root (
  sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
  der bytea NOT NULL,
  subject text NOT NULL,
  issuer text NOT NULL,
  serial_number text NOT NULL,
  not_before timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  -- self-signed: MICs may end there; otherwise it only completes chains
  self_signed boolean NOT NULL,
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 128),
  legacy_sha1 boolean NOT NULL DEFAULT false,
  -- expired MICs under this root are accepted until then
  expired_mics_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE operator (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id text NOT NULL CHECK (length(user_id) BETWEEN 1 AND 64),
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX operator_by_user_id ON operator (lower(user_id));

CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  operator_id uuid NOT NULL REFERENCES operator ON DELETE CASCADE,
  csrf_token text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now()
);

-- Who did what: operators, clusters, the service itself. Rows never change.
CREATE TABLE audit_event (
  ordinal bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  source_address text NOT NULL DEFAULT '',
  action text NOT NULL,
  object_kind text NOT NULL,
  object_id text NOT NULL DEFAULT '',
  object_name text NOT NULL DEFAULT '',
  detail jsonb NOT NULL DEFAULT '{}'
);
CREATE FUNCTION audit_event_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are final' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER audit_event_is_final BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_event_is_final();
CREATE TRIGGER audit_event_stays BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_final();

-- Nodes keep roots and settings in memory.
CREATE FUNCTION cloud_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cloud_changed', TG_TABLE_NAME);
  RETURN NULL;
END $$;
CREATE TRIGGER cloud_changed AFTER INSERT OR UPDATE OR DELETE ON manufacturer_root FOR EACH STATEMENT EXECUTE FUNCTION cloud_changed();
CREATE TRIGGER cloud_changed AFTER UPDATE ON cloud_setting FOR EACH STATEMENT EXECUTE FUNCTION cloud_changed();
