-- The audit log against who can write to the database: the application's role inserts and seals, and can do nothing else to it.

-- Which transaction inserted a row, so that a row taken out of the chain afterwards does not pass for a new one. Unknown for older rows.
ALTER TABLE audit_event ADD COLUMN transaction xid8;
ALTER TABLE audit_event ALTER COLUMN transaction SET DEFAULT pg_current_xact_id();

CREATE OR REPLACE FUNCTION audit_event_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR OLD.seq IS NOT NULL
     OR (NEW.id, NEW.at, NEW.actor, NEW.source_address, NEW.action, NEW.object_kind, NEW.object_id, NEW.object_name, NEW.detail, NEW.node, NEW.ordinal, NEW.transaction)
        IS DISTINCT FROM
        (OLD.id, OLD.at, OLD.actor, OLD.source_address, OLD.action, OLD.object_kind, OLD.object_id, OLD.object_name, OLD.detail, OLD.node, OLD.ordinal, OLD.transaction)
  THEN
    RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_event_stays BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT EXECUTE FUNCTION audit_event_immutable();

CREATE FUNCTION audit_checkpoint_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit checkpoints are append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_checkpoint_immutable BEFORE UPDATE OR DELETE ON audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_immutable();
CREATE TRIGGER audit_checkpoint_stays BEFORE TRUNCATE ON audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoint_immutable();

-- The only way rows get their place: after the head that stands there, in order, each once, and never a row that has one already.
CREATE FUNCTION seal_audit_events(after_seq bigint, ids uuid[], prev_hashes bytea[], hashes bytea[], head_signature bytea, signing_key text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  head_seq bigint;
  head_hash bytea;
  many integer := cardinality(ids);
  sealed integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('firstring audit sealer', 0));
  SELECT e.seq, e.hash INTO head_seq, head_hash FROM audit_event e WHERE e.seq IS NOT NULL ORDER BY e.seq DESC LIMIT 1;
  IF coalesce(head_seq, 0) <> after_seq
     OR many IS NULL OR many = 0 OR cardinality(prev_hashes) <> many OR cardinality(hashes) <> many
     OR prev_hashes[1] IS DISTINCT FROM coalesce(head_hash, decode(repeat('00', 32), 'hex'))
     OR EXISTS (SELECT FROM generate_series(1, many) AS i WHERE length(hashes[i]) IS DISTINCT FROM 32 OR (i > 1 AND prev_hashes[i] IS DISTINCT FROM hashes[i - 1]))
  THEN
    RAISE EXCEPTION 'these audit events do not follow event %', coalesce(head_seq, 0) USING ERRCODE = 'check_violation';
  END IF;
  UPDATE audit_event e SET seq = after_seq + n.place, prev_hash = n.prev_hash, hash = n.hash
  FROM unnest(ids, prev_hashes, hashes) WITH ORDINALITY AS n(id, prev_hash, hash, place)
  WHERE e.id = n.id AND e.seq IS NULL;
  GET DIAGNOSTICS sealed = ROW_COUNT;
  IF sealed <> many THEN
    RAISE EXCEPTION 'only % of % audit events wait to be sealed', sealed, many USING ERRCODE = 'check_violation';
  END IF;
  INSERT INTO audit_checkpoint (seq, hash, signature, key_id) VALUES (after_seq + many, hashes[many], head_signature, signing_key);
  PERFORM webhook_enqueue('audit.sealed', now(), jsonb_build_object(
    'seq', after_seq + many, 'hash', encode(hashes[many], 'hex'), 'keyId', signing_key, 'signature', encode(head_signature, 'base64')));
END $$;

-- Statistics of the one table that grows by a whole file at once; only its owner may ask for them.
CREATE FUNCTION analyze_bulk_job_rows() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  ANALYZE bulk_job_row;
END $$;

-- What runs with the owner's rights looks up names nowhere but here.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION seal_audit_events SET search_path = pg_catalog, %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION analyze_bulk_job_rows SET search_path = pg_catalog, %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION seal_audit_events FROM PUBLIC;
REVOKE ALL ON FUNCTION analyze_bulk_job_rows FROM PUBLIC;
