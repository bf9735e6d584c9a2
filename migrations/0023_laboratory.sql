-- What a start with --lab put into the trust stores counts only while the laboratory is open.

ALTER TABLE trust_certificate ADD COLUMN laboratory boolean NOT NULL DEFAULT false;
UPDATE trust_certificate t SET laboratory = true
WHERE description IN ('Laboratory manufacturer: not for real phones', 'Expressway-E of the laboratory')
  AND EXISTS (
    SELECT FROM audit_event e WHERE e.object_kind = 'trust-certificate' AND e.detail->>'reason' = 'laboratory'
      AND e.object_id IN (t.id::text, encode(t.sha256, 'hex')));

-- As the last start had it: PhoneEdge-trust and the cloud are the cluster's as a whole.
ALTER TABLE cluster ADD COLUMN laboratory_open boolean NOT NULL DEFAULT false;

CREATE FUNCTION laboratory_opened_or_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE cloud_connection SET trust_version = trust_version + 1 WHERE EXISTS (SELECT FROM trust_certificate WHERE laboratory AND purpose = 'PhoneEdge-trust');
  PERFORM pg_notify('trust_changed', '*');
  PERFORM pg_notify('config_changed', '*');
  RETURN NULL;
END $$;
CREATE TRIGGER laboratory_opened_or_closed AFTER UPDATE OF laboratory_open ON cluster
  FOR EACH ROW WHEN (NEW.laboratory_open <> OLD.laboratory_open) EXECUTE FUNCTION laboratory_opened_or_closed();

-- The connection to the cloud of a laboratory. Of older ones only the address tells.
ALTER TABLE cloud_connection ADD COLUMN laboratory boolean NOT NULL DEFAULT false;
UPDATE cloud_connection SET laboratory = true
WHERE address ~ '^https://(127\.|localhost|\[::1\])' AND EXISTS (SELECT FROM trust_certificate WHERE laboratory);
