-- Proofs of one certificate that count against what it may fail in a day, whatever codes they were for and on whatever node. A proof is charged
-- before it is looked at; a right one takes its own charge back (0016).
CREATE TABLE mic_failed_proof (
  mic_sha256 bytea PRIMARY KEY CHECK (length(mic_sha256) = 32),
  -- for people
  mac text NOT NULL CHECK (mac ~ '^[0-9A-F]{12}$'),
  -- names of the charges and when they were made, oldest first; those of more than a day ago count no more and leave with the next
  charges bytea[] NOT NULL,
  charged_at timestamptz[] NOT NULL,
  -- when the audit log was told that there are no more for now
  told_at timestamptz,
  CHECK (cardinality(charges) = cardinality(charged_at))
) WITH (fillfactor = 60);

-- Charges one more proof. Raises check_violation mic_proofs_per_day when these would be more than `most` within 24 hours: then the statement
-- around it has charged nothing either. Call it last in a statement: this row is locked after code and evaluation. The clock is the database's.
CREATE FUNCTION charge_mic(mic bytea, its_mac text, charge bytea, most integer) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE counted integer;
BEGIN
  INSERT INTO mic_failed_proof AS m (mic_sha256, mac, charges, charged_at)
  VALUES (mic, its_mac, ARRAY[charge], ARRAY[clock_timestamp()])
  ON CONFLICT (mic_sha256) DO UPDATE SET (mac, charges, charged_at) = (
    SELECT excluded.mac, m.charges[old.n + 1:] || excluded.charges, m.charged_at[old.n + 1:] || clock_timestamp()
    FROM (SELECT count(*)::integer AS n FROM unnest(m.charged_at) AS at WHERE at <= clock_timestamp() - interval '24 hours') AS old
  )
  RETURNING cardinality(charges) INTO counted;
  IF counted > most THEN
    RAISE EXCEPTION 'this certificate has failed % proofs within a day', most
      USING ERRCODE = 'check_violation', CONSTRAINT = 'mic_proofs_per_day';
  END IF;
  RETURN counted;
END $$;

-- Takes a charge back, once.
CREATE FUNCTION uncharge_mic(mic bytea, charge bytea) RETURNS void LANGUAGE sql VOLATILE AS $$
  UPDATE mic_failed_proof m SET (charges, charged_at) = (
    SELECT m.charges[:place.i - 1] || m.charges[place.i + 1:], m.charged_at[:place.i - 1] || m.charged_at[place.i + 1:]
    FROM (SELECT array_position(m.charges, charge) AS i) AS place
  )
  WHERE m.mic_sha256 = mic AND charge = ANY (m.charges)
$$;
