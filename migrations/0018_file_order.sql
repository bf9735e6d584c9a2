-- What is signed for a phone carries an order that only grows, so that a phone can refuse an older file of the same signer.
-- Configuration files: the number of their versionStamp. Trust lists: the timestamp in their signed header.

-- Changes that reach the files of many phones. Appended only: whoever changes something waits for nobody.
CREATE TABLE config_change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- seconds; what versionStamp shows at least from now on
  epoch bigint NOT NULL,
  -- the table, or `restored`
  reason text NOT NULL
);
CREATE INDEX config_change_epoch ON config_change (epoch);

-- Which database this is: system identifier, timeline and database. Another one after a restore, a promotion or a move.
CREATE TABLE database_life (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  fingerprint text NOT NULL
);

ALTER TABLE line ADD COLUMN config_epoch bigint NOT NULL DEFAULT 0;
ALTER TABLE end_user ADD COLUMN config_epoch bigint NOT NULL DEFAULT 0;

-- The number of a phone's versionStamp: of the newest change to the phone, its lines, its owner, or what it shares with others.
CREATE FUNCTION phone_config_epoch(of_device uuid, own bigint, owner uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT greatest(
    own,
    (SELECT max(l.config_epoch) FROM device_line dl JOIN line l ON l.id = dl.line_id WHERE dl.device_id = of_device),
    (SELECT u.config_epoch FROM end_user u WHERE u.id = owner),
    (SELECT max(c.epoch) FROM config_change c))
$$;

-- The clock's time, but always later than what was served before: a clock that was set back takes nothing back.
CREATE FUNCTION next_config_epoch(before bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT greatest(extract(epoch FROM clock_timestamp())::bigint, before + 1)
$$;

CREATE OR REPLACE FUNCTION device_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.name, NEW.model, NEW.description, NEW.device_pool_id, NEW.phone_button_template_id, NEW.phone_security_profile_id,
      NEW.sip_profile_id, NEW.common_phone_profile_id, NEW.owner_user_id, NEW.requires_activation_code,
      NEW.allow_activation_code_via_mra, NEW.enabled, NEW.first_activated_at)
     IS DISTINCT FROM
     (OLD.name, OLD.model, OLD.description, OLD.device_pool_id, OLD.phone_button_template_id, OLD.phone_security_profile_id,
      OLD.sip_profile_id, OLD.common_phone_profile_id, OLD.owner_user_id, OLD.requires_activation_code,
      OLD.allow_activation_code_via_mra, OLD.enabled, OLD.first_activated_at)
  THEN
    NEW.config_epoch := next_config_epoch(phone_config_epoch(OLD.id, OLD.config_epoch, OLD.owner_user_id));
    NEW.config_uuid := gen_random_uuid();
    NEW.version := OLD.version + 1;
    NEW.updated_at := now();
    PERFORM pg_notify('config_changed', NEW.name);
    IF NEW.name <> OLD.name THEN
      PERFORM pg_notify('config_changed', OLD.name);
    END IF;
  ELSIF NEW.digest_password_sealed IS DISTINCT FROM OLD.digest_password_sealed THEN
    -- In no file, but the registrar remembers it.
    NEW.version := OLD.version + 1;
    PERFORM pg_notify('config_changed', NEW.name);
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION device_line_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed text;
BEGIN
  UPDATE device SET config_epoch = next_config_epoch(phone_config_epoch(id, config_epoch, owner_user_id)), config_uuid = gen_random_uuid(),
                    version = version + 1, updated_at = now()
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.device_id ELSE NEW.device_id END
    RETURNING name INTO changed;
  IF changed IS NOT NULL THEN
    PERFORM pg_notify('config_changed', changed);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION device_mra_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.config_epoch := next_config_epoch(phone_config_epoch(OLD.id, OLD.config_epoch, OLD.owner_user_id));
  NEW.config_uuid := gen_random_uuid();
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  PERFORM pg_notify('config_changed', NEW.name);
  RETURN NEW;
END $$;

-- In the row itself: stamping the phones of a shared line would lock them behind it.
CREATE FUNCTION own_config_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.config_epoch := next_config_epoch(OLD.config_epoch);
  RETURN NEW;
END $$;
CREATE TRIGGER line_config_epoch BEFORE UPDATE ON line FOR EACH ROW
  WHEN (NEW.directory_number IS DISTINCT FROM OLD.directory_number) EXECUTE FUNCTION own_config_epoch();
CREATE TRIGGER end_user_config_epoch BEFORE UPDATE ON end_user FOR EACH ROW
  WHEN (NEW.user_id IS DISTINCT FROM OLD.user_id) EXECUTE FUNCTION own_config_epoch();

CREATE FUNCTION shared_config_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO config_change (epoch, reason)
    SELECT greatest(extract(epoch FROM clock_timestamp())::bigint, max(epoch)), TG_TABLE_NAME FROM config_change;
  RETURN NULL;
END $$;
DO $$
DECLARE shared text;
BEGIN
  FOREACH shared IN ARRAY ARRAY['call_manager_group', 'call_manager_group_member', 'device_pool', 'phone_button_template',
    'phone_security_profile', 'sip_profile', 'common_phone_profile', 'device_default', 'node_service', 'mra_service_domain']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I FOR EACH ROW WHEN (NEW.* IS DISTINCT FROM OLD.*)
                    EXECUTE FUNCTION shared_config_epoch()', shared || '_epoch', shared);
  END LOOP;
  -- What nobody uses yet, or any more, is in no file; these are there as soon as they exist.
  FOREACH shared IN ARRAY ARRAY['call_manager_group_member', 'node_service', 'mra_service_domain', 'node']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION shared_config_epoch()',
                   shared || '_comes_and_goes', shared);
  END LOOP;
END $$;
CREATE TRIGGER node_epoch AFTER UPDATE ON node FOR EACH ROW
  WHEN ((NEW.name, NEW.address, NEW.ports, NEW.description) IS DISTINCT FROM (OLD.name, OLD.address, OLD.ports, OLD.description))
  EXECUTE FUNCTION shared_config_epoch();

-- Content that comes back is a new list with a later timestamp, so the same content may stand here twice.
ALTER TABLE trust_list DROP CONSTRAINT trust_list_kind_content_hash_key;
CREATE INDEX trust_list_newest ON trust_list (kind, id);
