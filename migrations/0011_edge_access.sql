-- Phones from outside: the Expressway-Cs that may speak for them, and the tokens they come in with.

-- A client certificate that is accepted on `edgeAccess` and `sipOauthMra`, by its SHA-256. PhoneEdge-trust means nothing here.
CREATE TABLE expressway (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
  certificate_der bytea NOT NULL,
  certificate_sha256 bytea NOT NULL CHECK (length(certificate_sha256) = 32),
  not_after timestamptz NOT NULL,
  created_by text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT expressway_name_key UNIQUE (name),
  CONSTRAINT expressway_certificate_key UNIQUE (certificate_sha256)
);
CREATE FUNCTION expressway_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('expressway_changed', '');
  RETURN NULL;
END $$;
CREATE TRIGGER expressway_notice AFTER INSERT OR UPDATE OR DELETE ON expressway
  FOR EACH STATEMENT EXECUTE FUNCTION expressway_notice();

-- Keys that sign access tokens. A new key is published before it signs, an old one stays until its last token is over.
CREATE TABLE oauth_key (
  kid text PRIMARY KEY CHECK (kid ~ '^[A-Za-z0-9_-]{1,128}$'),
  -- RFC 7517, EC P-256
  public_jwk jsonb NOT NULL,
  -- PKCS#8 DER, sealed
  private_sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  signs_from timestamptz NOT NULL,
  -- null: no successor yet
  accepted_until timestamptz
);
CREATE FUNCTION oauth_key_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('oauth_keys_changed', '');
  RETURN NULL;
END $$;
CREATE TRIGGER oauth_key_notice AFTER INSERT OR UPDATE OR DELETE ON oauth_key
  FOR EACH STATEMENT EXECUTE FUNCTION oauth_key_notice();

-- What one activation gave a phone: a refresh token, renewed with every use, and the access tokens that came of it.
CREATE TABLE oauth_family (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- no reference: what was revoked with the phone must stay revoked after it is gone
  device_id uuid NOT NULL,
  device_name text NOT NULL,
  activation_id uuid,
  -- the only certificate its tokens are good with (RFC 8705)
  mic_sha256 bytea NOT NULL CHECK (length(mic_sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  refreshed_at timestamptz,
  -- when the newest refresh token ends
  expires_at timestamptz NOT NULL,
  -- no access token of the family is good after this
  access_until timestamptz NOT NULL,
  revoked_at timestamptz,
  revoke_reason text NOT NULL DEFAULT '',
  CHECK ((revoked_at IS NULL) = (revoke_reason = ''))
);
-- Security invariant 10: exactly one live token family.
CREATE UNIQUE INDEX one_live_oauth_family_per_device ON oauth_family (device_id) WHERE revoked_at IS NULL;
CREATE INDEX oauth_family_device ON oauth_family (device_id, created_at DESC);
CREATE INDEX oauth_family_revoked ON oauth_family (access_until) WHERE revoked_at IS NOT NULL;
CREATE INDEX oauth_family_expiry ON oauth_family (expires_at) WHERE revoked_at IS NULL;

CREATE TABLE oauth_refresh (
  -- SHA-256 of the token: 256 random bits need no salt
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  family_id uuid NOT NULL REFERENCES oauth_family ON DELETE CASCADE,
  -- the one it came from; one token has one successor
  parent_hash bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  -- SHA-256 of what the phone called the request that used it
  request_hash bytea
);
CREATE INDEX oauth_refresh_family ON oauth_refresh (family_id);
CREATE UNIQUE INDEX one_successor_per_refresh_token ON oauth_refresh (parent_hash) WHERE parent_hash IS NOT NULL;

-- A family never comes back to life.
CREATE FUNCTION oauth_family_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'token family %: revoked for good', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER oauth_family_transition BEFORE UPDATE ON oauth_family FOR EACH ROW
  WHEN (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
  EXECUTE FUNCTION oauth_family_transition();

-- Every node, and over Expressway-C every edge, hears of a revocation. Payload: {"family", "until" (epoch seconds), "device"}.
CREATE FUNCTION oauth_family_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('oauth_revoked', json_build_object('family', NEW.id, 'until', ceil(extract(epoch FROM NEW.access_until))::bigint,
                                                       'device', NEW.device_name)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER oauth_family_revoked AFTER UPDATE ON oauth_family FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION oauth_family_revoked();

-- Revokes what the device holds and writes it down. Returns how many families there were: 0 or 1.
CREATE FUNCTION oauth_revoke_device(device uuid, reason text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE ended oauth_family;
BEGIN
  UPDATE oauth_family SET revoked_at = now(), revoke_reason = reason
    WHERE device_id = device AND revoked_at IS NULL RETURNING * INTO ended;
  IF ended.id IS NULL THEN
    RETURN 0;
  END IF;
  INSERT INTO audit_event (actor, action, object_kind, object_id, object_name, detail)
    VALUES ('system', 'oauth-grant.revoked', 'oauth-grant', ended.id::text, ended.device_name, jsonb_build_object('reason', reason));
  RETURN 1;
END $$;

-- Whoever locks, disables, re-numbers, forbids or deletes a phone, by whatever door: its tokens end in that same transaction.
CREATE FUNCTION device_tokens_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM oauth_revoke_device(OLD.id, CASE
    WHEN TG_OP = 'DELETE' THEN 'phone_deleted'
    WHEN NEW.requires_activation_code AND NOT OLD.requires_activation_code THEN 'code_issued'
    WHEN OLD.enabled AND NOT NEW.enabled THEN 'phone_disabled'
    WHEN OLD.allow_activation_code_via_mra AND NOT NEW.allow_activation_code_via_mra THEN 'mra_not_allowed'
    ELSE 'phone_replaced' END);
  RETURN NULL;
END $$;
CREATE TRIGGER device_tokens_end AFTER UPDATE ON device FOR EACH ROW
  WHEN ((NEW.requires_activation_code AND NOT OLD.requires_activation_code)
     OR (OLD.enabled AND NOT NEW.enabled)
     OR (OLD.allow_activation_code_via_mra AND NOT NEW.allow_activation_code_via_mra)
     OR (OLD.first_activated_at IS NOT NULL AND NEW.first_activated_at IS NULL))
  EXECUTE FUNCTION device_tokens_end();
CREATE TRIGGER device_tokens_end_with_it AFTER DELETE ON device FOR EACH ROW EXECUTE FUNCTION device_tokens_end();
-- A code for a phone whose box was ticked all along, after the one before was used, locks it again.
CREATE FUNCTION activation_code_tokens_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM oauth_revoke_device(NEW.device_id, 'code_issued');
  RETURN NULL;
END $$;
CREATE TRIGGER activation_code_tokens_end AFTER INSERT ON activation_code FOR EACH ROW
  WHEN (NEW.device_id IS NOT NULL) EXECUTE FUNCTION activation_code_tokens_end();

-- Over which edge a phone is registered; empty: it is inside.
ALTER TABLE registration ADD COLUMN edge text NOT NULL DEFAULT '';
