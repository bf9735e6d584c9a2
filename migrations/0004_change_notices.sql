-- Every node learns of a change that reaches a served file: pg_notify('config_changed', <device name> | '*').

-- A change of the device that reaches its file gets a new version stamp, whoever makes it.
CREATE FUNCTION device_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.name, NEW.model, NEW.description, NEW.device_pool_id, NEW.phone_button_template_id, NEW.phone_security_profile_id,
      NEW.sip_profile_id, NEW.common_phone_profile_id, NEW.owner_user_id, NEW.requires_activation_code,
      NEW.allow_activation_code_via_mra, NEW.enabled, NEW.first_activated_at)
     IS DISTINCT FROM
     (OLD.name, OLD.model, OLD.description, OLD.device_pool_id, OLD.phone_button_template_id, OLD.phone_security_profile_id,
      OLD.sip_profile_id, OLD.common_phone_profile_id, OLD.owner_user_id, OLD.requires_activation_code,
      OLD.allow_activation_code_via_mra, OLD.enabled, OLD.first_activated_at)
  THEN
    NEW.config_epoch := extract(epoch FROM clock_timestamp())::bigint;
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
CREATE TRIGGER device_stamp BEFORE UPDATE ON device FOR EACH ROW EXECUTE FUNCTION device_stamp();

CREATE FUNCTION device_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('config_changed', CASE TG_OP WHEN 'DELETE' THEN OLD.name ELSE NEW.name END);
  RETURN NULL;
END $$;
CREATE TRIGGER device_notice AFTER INSERT OR DELETE ON device FOR EACH ROW EXECUTE FUNCTION device_notice();

-- A phone's lines are part of the phone.
CREATE FUNCTION device_line_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changed text;
BEGIN
  UPDATE device SET config_epoch = extract(epoch FROM clock_timestamp())::bigint, config_uuid = gen_random_uuid(),
                    version = version + 1, updated_at = now()
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.device_id ELSE NEW.device_id END
    RETURNING name INTO changed;
  IF changed IS NOT NULL THEN
    PERFORM pg_notify('config_changed', changed);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER device_line_stamp AFTER INSERT OR UPDATE OR DELETE ON device_line
  FOR EACH ROW EXECUTE FUNCTION device_line_stamp();

-- A live code locks and unlocks its device's file.
CREATE FUNCTION activation_code_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('config_changed', coalesce((SELECT name FROM device WHERE id = NEW.device_id), NEW.device_name));
  RETURN NULL;
END $$;
CREATE TRIGGER activation_code_made AFTER INSERT ON activation_code
  FOR EACH ROW EXECUTE FUNCTION activation_code_notice();
CREATE TRIGGER activation_code_notice AFTER UPDATE ON activation_code
  FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION activation_code_notice();

-- What many phones share: everything may have changed.
CREATE FUNCTION shared_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('config_changed', '*');
  RETURN NULL;
END $$;

DO $$
DECLARE shared text;
BEGIN
  FOREACH shared IN ARRAY ARRAY['call_manager_group', 'call_manager_group_member', 'route_partition', 'device_pool',
    'phone_button_template', 'phone_security_profile', 'sip_profile', 'common_phone_profile', 'device_default', 'node_service',
    'service_parameter', 'enterprise_parameter', 'node_certificate', 'firmware_file']
  LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT EXECUTE FUNCTION shared_notice()',
                   shared || '_notice', shared);
  END LOOP;
END $$;

-- Lines and users are shared by few phones; name them.
CREATE FUNCTION line_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('config_changed', d.name) FROM device d JOIN device_line l ON l.device_id = d.id WHERE l.line_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER line_notice AFTER UPDATE ON line FOR EACH ROW EXECUTE FUNCTION line_notice();

CREATE FUNCTION end_user_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('config_changed', d.name) FROM device d WHERE d.owner_user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER end_user_notice AFTER UPDATE ON end_user FOR EACH ROW EXECUTE FUNCTION end_user_notice();

-- Node changes matter to files only when its name, address or ports change (heartbeats do not).
CREATE FUNCTION node_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR (NEW.name, NEW.address, NEW.ports, NEW.description) IS DISTINCT FROM (OLD.name, OLD.address, OLD.ports, OLD.description) THEN
    PERFORM pg_notify('config_changed', '*');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER node_notice AFTER INSERT OR UPDATE OR DELETE ON node FOR EACH ROW EXECUTE FUNCTION node_notice();

-- Trust stores are read by the handshake and TVS.
CREATE FUNCTION trust_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('trust_changed', '*');
  RETURN NULL;
END $$;
CREATE TRIGGER trust_certificate_notice AFTER INSERT OR UPDATE OR DELETE ON trust_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION trust_notice();
CREATE TRIGGER mic_deny_notice AFTER INSERT OR UPDATE OR DELETE ON mic_deny
  FOR EACH STATEMENT EXECUTE FUNCTION trust_notice();

-- A trust list was built: the activation service tells its hash in the sealed reply.
CREATE FUNCTION trust_list_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('trust_list_built', NEW.kind);
  RETURN NULL;
END $$;
CREATE TRIGGER trust_list_notice AFTER INSERT ON trust_list FOR EACH ROW EXECUTE FUNCTION trust_list_notice();
