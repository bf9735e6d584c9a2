-- A right proof costs no attempt, however often its answer gets lost: what was charged for it is given back once, and never twice.

-- Which handshakes were charged. One that is given back leaves; a guess stays, whatever becomes of the process that charged it.
ALTER TABLE activation_evaluation ADD COLUMN charges bytea[] NOT NULL DEFAULT '{}';
ALTER TABLE activation_evaluation ADD COLUMN charged_at timestamptz NOT NULL DEFAULT now();
-- So that a decoy's charge writes as much.
ALTER TABLE activation_decoy_evaluation ADD COLUMN charges bytea[] NOT NULL DEFAULT '{}';
ALTER TABLE activation_decoy_evaluation ADD COLUMN charged_at timestamptz NOT NULL DEFAULT now();

-- Ends the tokens of a phone that is activated again. Call it under the lock of the device's row: a function sees what was committed while
-- the statement around it waited for that lock, which the statement's own snapshot does not.
CREATE FUNCTION oauth_end_family(device uuid, reason text) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE ended integer;
BEGIN
  UPDATE oauth_family SET revoked_at = now(), revoke_reason = reason WHERE device_id = device AND revoked_at IS NULL;
  GET DIAGNOSTICS ended = ROW_COUNT;
  RETURN ended;
END $$;
