-- What manufacturers revoked (RFC 5280 §5): of each issuer's key and scope the newest list, whose signature was checked when it came.
CREATE TABLE certificate_revocation_list (
  -- SHA-256 over the issuer's name, its key and the list's scope
  id bytea PRIMARY KEY CHECK (length(id) = 32),
  issuer text NOT NULL,
  -- of the certificate in CallManager-trust whose key signed it; that may be gone since
  issuer_sha256 bytea NOT NULL CHECK (length(issuer_sha256) = 32),
  -- the CRL number; null: the list has none
  number numeric(50),
  this_update timestamptz NOT NULL,
  next_update timestamptz,
  -- speaks for a part of the issuer's certificates only
  partial boolean NOT NULL,
  entries integer NOT NULL CHECK (entries >= 0),
  -- per entry the first 16 octets of SHA-256 over serial number and issuer, sorted
  revoked bytea NOT NULL CHECK (length(revoked) = 16 * entries),
  der bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE certificate_revocation_list ALTER COLUMN revoked SET STORAGE EXTERNAL;
CREATE TRIGGER certificate_revocation_list_notice AFTER INSERT OR UPDATE OR DELETE ON certificate_revocation_list
  FOR EACH STATEMENT EXECUTE FUNCTION trust_notice();
