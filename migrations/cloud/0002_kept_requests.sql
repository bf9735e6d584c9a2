-- Requests with an Idempotency-Key: carried out once, answered as often as they are sent, for a day.
CREATE TABLE kept_request (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- operator
  caller text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  -- POST /api/v1/vouchers
  route text NOT NULL,
  -- SHA-256 over method, address and body; null while the body of an upload is being read
  fingerprint bytea CHECK (length(fingerprint) = 32),
  -- the process that carries it out, and until when it is taken to live
  holder uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  -- number of the newest change, written in the transaction of that change; 0: nothing was changed
  last_change integer NOT NULL DEFAULT 0,
  -- what was done, from the audit rows of those transactions: for who asks after the answer was lost for good
  made jsonb NOT NULL DEFAULT '[]',
  -- status, headers and body, sealed
  answer_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (caller, key),
  CHECK (answer_sealed IS NULL OR fingerprint IS NOT NULL)
);
CREATE INDEX kept_request_age ON kept_request (created_at);
