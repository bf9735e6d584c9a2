-- Half of what the page Cloud Onboarding sets are service parameters, which another page sets as well: they count as a change of it.
CREATE FUNCTION cloud_settings_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(NEW.name, OLD.name) IN ('Enable MRA Activation', 'MRA Activation Domain') THEN
    UPDATE cloud_connection SET version = version + 1;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER cloud_settings_counted AFTER INSERT OR UPDATE OF value OR DELETE ON service_parameter
  FOR EACH ROW EXECUTE FUNCTION cloud_settings_counted();
