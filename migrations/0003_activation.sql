-- Activation codes, what was done with them, and what everybody saw.

CREATE TABLE activation_code (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  device_id uuid REFERENCES device ON DELETE SET NULL,
  -- kept after the device is gone, for the administrator's eyes
  device_name text NOT NULL,
  model text NOT NULL,
  -- when the code was made for a real MAC: it fits that MAC only
  bound_mac text CHECK (bound_mac ~ '^[0-9A-F]{12}$'),
  via_mra boolean NOT NULL DEFAULT false,
  -- a draft waits for the cloud's locator
  locator text CHECK (locator ~ '^[0-9]{7}$'),
  state text NOT NULL DEFAULT 'active'
    CHECK (state IN ('draft', 'active', 'consumed', 'confirmed', 'expired', 'locked', 'revoked', 'released', 'free')),
  -- the 16 digits, sealed; wiped when the code is consumed or dead
  code_sealed bytea,
  -- SRP salt and verifier, sealed; kept until the locator is free again, so that an honest phone still gets its sealed reason
  salt_sealed bytea,
  verifier_sealed bytea,
  evaluations smallint NOT NULL DEFAULT 0 CHECK (evaluations BETWEEN 0 AND 20),
  mismatches smallint NOT NULL DEFAULT 0 CHECK (mismatches BETWEEN 0 AND 20),
  created_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  consumed_at timestamptz,
  -- end of life (confirmed, expired, locked, revoked): the quarantine counts from here
  ended_at timestamptz,
  CHECK (locator IS NOT NULL OR state IN ('draft', 'revoked', 'released', 'free')),
  CHECK (mismatches <= evaluations),
  CHECK (code_sealed IS NULL OR state IN ('draft', 'active')),
  CHECK (state <> 'active' OR (code_sealed IS NOT NULL AND salt_sealed IS NOT NULL AND verifier_sealed IS NOT NULL)),
  CHECK (state <> 'free' OR (salt_sealed IS NULL AND verifier_sealed IS NULL)),
  CHECK ((consumed_at IS NOT NULL) OR state NOT IN ('consumed', 'confirmed'))
) WITH (fillfactor = 80);
-- One live code per device; a locator belongs to one code until it is free.
CREATE UNIQUE INDEX one_live_code_per_device ON activation_code (device_id) WHERE state IN ('draft', 'active');
CREATE UNIQUE INDEX one_holder_per_locator ON activation_code (locator) WHERE state <> 'free';
CREATE INDEX activation_code_device ON activation_code (device_id, created_at DESC);
CREATE INDEX activation_code_expiry ON activation_code (expires_at) WHERE state = 'active';
CREATE INDEX activation_code_quarantine ON activation_code (ended_at) WHERE state NOT IN ('draft', 'active', 'free');

CREATE FUNCTION activation_code_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
    ('draft', 'active'), ('draft', 'revoked'),
    ('active', 'consumed'), ('active', 'expired'), ('active', 'locked'), ('active', 'revoked'),
    ('consumed', 'confirmed'), ('consumed', 'revoked'), ('consumed', 'released'),
    ('confirmed', 'released'),
    ('expired', 'released'), ('expired', 'revoked'), ('locked', 'released'), ('locked', 'revoked'),
    ('revoked', 'released'),
    ('released', 'free')
  ) THEN
    RAISE EXCEPTION 'activation code %: illegal transition % -> %', OLD.id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.locator <> OLD.locator OR NEW.evaluations < OLD.evaluations - 1 OR NEW.mismatches < OLD.mismatches THEN
    RAISE EXCEPTION 'activation code %: illegal change', OLD.id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
-- Counting an attempt is not worth a call: only what the function could object to.
CREATE TRIGGER activation_code_transition BEFORE UPDATE ON activation_code
  FOR EACH ROW
  WHEN (NEW.state <> OLD.state OR NEW.locator <> OLD.locator OR NEW.evaluations < OLD.evaluations - 1 OR NEW.mismatches < OLD.mismatches)
  EXECUTE FUNCTION activation_code_transition();

-- Evaluations per (code, MIC).
CREATE TABLE activation_evaluation (
  code_id uuid NOT NULL REFERENCES activation_code ON DELETE CASCADE,
  mic_sha256 bytea NOT NULL CHECK (length(mic_sha256) = 32),
  evaluations smallint NOT NULL DEFAULT 0 CHECK (evaluations BETWEEN 0 AND 5),
  PRIMARY KEY (code_id, mic_sha256)
);

-- Evaluations against locators that no usable code holds: charged here, so that the fake path writes what the real one writes.
-- A bounded number of slots; the padding makes a row as long as a code's.
CREATE TABLE activation_decoy (
  slot integer PRIMARY KEY,
  evaluations bigint NOT NULL DEFAULT 0,
  mismatches bigint NOT NULL DEFAULT 0,
  padding bytea NOT NULL
) WITH (fillfactor = 50);
INSERT INTO activation_decoy (slot, padding) SELECT n, decode(repeat('5a', 700), 'hex') FROM generate_series(0, 1023) AS n;
ALTER TABLE activation_decoy ALTER COLUMN padding SET STORAGE PLAIN;
CREATE TABLE activation_decoy_evaluation (
  slot integer NOT NULL REFERENCES activation_decoy,
  mic_slot integer NOT NULL,
  evaluations bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (slot, mic_slot)
) WITH (fillfactor = 50);

-- Never the same 16 digits twice within audit retention: HMAC of the code, not the code.
CREATE TABLE issued_code (
  fingerprint bytea PRIMARY KEY,
  issued_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE activation (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  code_id uuid NOT NULL REFERENCES activation_code ON DELETE RESTRICT,
  device_id uuid REFERENCES device ON DELETE SET NULL,
  device_name text NOT NULL,
  previous_name text NOT NULL,
  mac text NOT NULL,
  model text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('onprem', 'mra')),
  mic_sha256 bytea NOT NULL,
  mic_der bytea NOT NULL,
  -- SHA-256 of the root in CallManager-trust it was accepted under: how many phones hang on that root
  mic_root_sha256 bytea,
  -- what the MIC signed: SHA-256(TH | M1), with TH and M1, so that the proof verifies offline
  transcript_hash bytea NOT NULL,
  m1 bytea NOT NULL,
  mic_alg text NOT NULL,
  mic_sig bytea NOT NULL,
  -- key of the final confirmation, sealed; wiped once confirmed
  confirm_key_sealed bytea,
  node text NOT NULL DEFAULT '',
  firmware text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  confirm_by timestamptz NOT NULL,
  confirmed_at timestamptz
);
-- A code is consumed by at most one MIC, ever.
CREATE UNIQUE INDEX one_activation_per_code ON activation (code_id);
CREATE INDEX activation_device ON activation (device_id, created_at DESC);
CREATE INDEX activation_mic_root ON activation (mic_root_sha256) WHERE device_id IS NOT NULL;
CREATE INDEX activation_unconfirmed ON activation (mic_sha256) WHERE confirmed_at IS NULL;

-- One line of a phone's story. Batched; kept per retention.
CREATE TABLE onboarding_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- events of one attempt share it (the handshake's sid, a boot …)
  attempt text NOT NULL DEFAULT '',
  device_id uuid,
  device_name text,
  mac text,
  model text,
  -- discover, start, prove, confirm, config, register, code-made, code-released …
  step text NOT NULL,
  result text NOT NULL CHECK (result IN ('ok', 'failed', 'info')),
  -- stable reason code, e.g. model_mismatch
  reason text NOT NULL DEFAULT '',
  detail jsonb NOT NULL DEFAULT '{}',
  node text NOT NULL DEFAULT '',
  source_address text NOT NULL DEFAULT ''
);
CREATE INDEX onboarding_event_device ON onboarding_event (device_id, id);
CREATE INDEX onboarding_event_mac ON onboarding_event (mac, id);
CREATE INDEX onboarding_event_name ON onboarding_event (device_name, id);
CREATE INDEX onboarding_event_at ON onboarding_event (at);

-- Inserted in the business transaction; chained in order by the audit sealer within a second (seq, prev_hash, hash).
CREATE TABLE audit_event (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- user id, 'phone:<MAC>', 'system'
  actor text NOT NULL,
  source_address text NOT NULL DEFAULT '',
  -- e.g. phone.created, activation-code.issued, activation-code.revealed, activation.accepted
  action text NOT NULL,
  -- e.g. phone, activation-code, user, device-pool
  object_kind text NOT NULL,
  object_id text NOT NULL DEFAULT '',
  object_name text NOT NULL DEFAULT '',
  -- what changed, never a secret
  detail jsonb NOT NULL DEFAULT '{}',
  node text NOT NULL DEFAULT '',
  -- insertion order for the sealer
  ordinal bigint GENERATED ALWAYS AS IDENTITY,
  seq bigint UNIQUE,
  prev_hash bytea,
  hash bytea,
  CHECK ((seq IS NULL) = (hash IS NULL) AND (hash IS NULL) = (prev_hash IS NULL))
);
CREATE INDEX audit_event_unsealed ON audit_event (ordinal) WHERE seq IS NULL;
CREATE INDEX audit_event_at ON audit_event (at);
CREATE INDEX audit_event_object ON audit_event (object_kind, object_id);

CREATE TABLE audit_checkpoint (
  seq bigint PRIMARY KEY,
  hash bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  -- Ed25519 over "firstring-audit-checkpoint-1\0" | seq as 8 octets | hash
  signature bytea NOT NULL,
  key_id text NOT NULL
);

-- A sealed row never changes, and no row is ever deleted while it is part of the chain.
CREATE FUNCTION audit_event_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.seq IS NOT NULL
     OR (NEW.id, NEW.at, NEW.actor, NEW.source_address, NEW.action, NEW.object_kind, NEW.object_id, NEW.object_name, NEW.detail, NEW.node, NEW.ordinal)
        IS DISTINCT FROM
        (OLD.id, OLD.at, OLD.actor, OLD.source_address, OLD.action, OLD.object_kind, OLD.object_id, OLD.object_name, OLD.detail, OLD.node, OLD.ordinal)
  THEN
    RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_immutable BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_immutable();
