-- Webhooks and what integrations need.

-- XML that a tool stored with a phone and that means nothing here: given back as it was.
CREATE TABLE device_extra (
  device_id uuid PRIMARY KEY REFERENCES device ON DELETE CASCADE,
  vendor_config text NOT NULL CHECK (length(vendor_config) <= 65536)
);

-- Who is told of what happens. Deliveries are made by triggers in the transaction of what happened, so none is lost and none is invented.
CREATE TABLE webhook (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  url text NOT NULL CHECK (url ~ '^https?://'),
  events text[] NOT NULL CHECK (cardinality(events) > 0),
  -- PEM of authorities to trust besides public ones; empty: public ones only
  certificate_authority text NOT NULL DEFAULT '',
  -- key of the signature, sealed
  secret_sealed bytea NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE webhook_delivery (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE,
  event text NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given-up')),
  attempts integer NOT NULL DEFAULT 0,
  -- HTTP status of the last answer; null: there was none
  last_status integer,
  last_error text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_attempt_at timestamptz,
  next_attempt_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_of ON webhook_delivery (webhook_id, created_at DESC);

CREATE FUNCTION webhook_enqueue(happened text, at timestamptz, about jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_delivery (webhook_id, event, payload)
  SELECT id, happened, jsonb_build_object('event', happened, 'at', at) || about FROM webhook WHERE enabled AND happened = ANY (events);
  -- One sender empties the queue; a wake-up that waits already is enough.
  IF FOUND THEN
    PERFORM graphile_worker.add_job('send-webhooks', '{}'::json, job_key => 'send-webhooks', max_attempts => 1);
  END IF;
END $$;

CREATE FUNCTION webhook_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM webhook_enqueue(
    CASE NEW.action
      WHEN 'activation-code.issued' THEN 'code.made'
      WHEN 'activation-code.expired' THEN 'code.expired'
      WHEN 'activation.accepted' THEN 'code.used'
      ELSE 'code.revealed'
    END,
    NEW.at,
    jsonb_strip_nulls(jsonb_build_object(
      'deviceName', nullif(NEW.object_name, ''), 'actor', NEW.actor, 'model', NEW.detail->'model',
      'previousName', NEW.detail->'previousName', 'expiresAt', NEW.detail->'expiresAt', 'count', NEW.detail->'count')));
  RETURN NULL;
END $$;
CREATE TRIGGER webhook_of_audit AFTER INSERT ON audit_event FOR EACH ROW
  WHEN (NEW.action IN ('activation-code.issued', 'activation-code.revealed', 'activation-code.exported', 'activation-code.expired', 'activation.accepted'))
  EXECUTE FUNCTION webhook_of_audit();

CREATE FUNCTION webhook_of_onboarding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM webhook_enqueue(
    CASE NEW.step WHEN 'register' THEN 'phone.registered' WHEN 'unregister' THEN 'phone.lost' WHEN 'connection-lost' THEN 'phone.lost' ELSE 'code.refused' END,
    NEW.at,
    jsonb_strip_nulls(jsonb_build_object(
      'deviceName', NEW.device_name, 'mac', NEW.mac, 'model', NEW.model, 'reason', nullif(NEW.reason, ''), 'node', nullif(NEW.node, ''))));
  RETURN NULL;
END $$;
CREATE TRIGGER webhook_of_onboarding AFTER INSERT ON onboarding_event FOR EACH ROW
  WHEN ((NEW.step = 'register' AND NEW.result = 'ok') OR NEW.step = 'connection-lost'
    OR (NEW.step = 'unregister' AND NEW.reason = 'expired')
    OR (NEW.step IN ('start', 'prove') AND NEW.result = 'failed'))
  EXECUTE FUNCTION webhook_of_onboarding();
