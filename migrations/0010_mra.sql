-- Mobile & Remote Access as the cluster sees it: service domains, the connection with the cloud, and the locators the cloud gave.

CREATE TABLE mra_service_domain (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 253),
  -- whose `_collab-edge._tls` SRV record leads to the edge; lower case
  domain text NOT NULL CHECK (domain ~ '^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'),
  is_default boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT one_entry_per_domain UNIQUE (domain)
);
CREATE UNIQUE INDEX one_default_mra_service_domain ON mra_service_domain (is_default) WHERE is_default;

-- Where there are service domains, one of them is the default: looked at when the transaction ends.
CREATE FUNCTION mra_default_exists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM mra_service_domain) AND NOT EXISTS (SELECT FROM mra_service_domain WHERE is_default) THEN
    RAISE EXCEPTION 'one MRA service domain must be the default' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER mra_default_exists AFTER INSERT OR UPDATE OR DELETE ON mra_service_domain
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION mra_default_exists();
CREATE TRIGGER mra_service_domain_notice AFTER INSERT OR UPDATE OR DELETE ON mra_service_domain
  FOR EACH STATEMENT EXECUTE FUNCTION shared_notice();

-- A pool's service domain was a text that nothing looked at; names that are domains become entries of the list.
ALTER TABLE device_pool ADD COLUMN mra_service_domain_id uuid REFERENCES mra_service_domain ON DELETE RESTRICT;
INSERT INTO mra_service_domain (name, domain, is_default)
  SELECT domain, domain, row_number() OVER (ORDER BY domain) = 1
  FROM (SELECT DISTINCT lower(trim(mra_service_domain)) AS domain FROM device_pool WHERE mra_service_domain IS NOT NULL) AS used
  WHERE domain ~ '^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$';
UPDATE device_pool p SET mra_service_domain_id = d.id FROM mra_service_domain d WHERE d.domain = lower(trim(p.mra_service_domain));
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE device_pool DROP COLUMN mra_service_domain;
CREATE INDEX device_pool_mra_service_domain ON device_pool (mra_service_domain_id) WHERE mra_service_domain_id IS NOT NULL;

-- The phone's own; null: that of its pool.
ALTER TABLE device ADD COLUMN mra_service_domain_id uuid REFERENCES mra_service_domain ON DELETE RESTRICT;
CREATE INDEX device_mra_service_domain ON device (mra_service_domain_id) WHERE mra_service_domain_id IS NOT NULL;
CREATE FUNCTION device_mra_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.config_epoch := extract(epoch FROM clock_timestamp())::bigint;
  NEW.config_uuid := gen_random_uuid();
  NEW.version := OLD.version + 1;
  NEW.updated_at := now();
  PERFORM pg_notify('config_changed', NEW.name);
  RETURN NEW;
END $$;
CREATE TRIGGER device_mra_stamp BEFORE UPDATE ON device FOR EACH ROW
  WHEN (NEW.mra_service_domain_id IS DISTINCT FROM OLD.mra_service_domain_id) EXECUTE FUNCTION device_mra_stamp();

-- One row: how this cluster and the cloud know each other.
CREATE TABLE cloud_connection (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  -- https://host:port; empty: not set up
  address text NOT NULL DEFAULT '',
  -- PEM of what the cloud's server certificate must chain to; empty: the voucher's pin, or public authorities
  authority_pem text NOT NULL DEFAULT '',
  -- "Enable Activation Code Onboarding with Cloud"
  enabled boolean NOT NULL DEFAULT false,
  -- who we are there; null: not enrolled
  cluster_id uuid,
  certificate_chain bytea[],
  key_sealed bytea,
  certificate_not_after timestamptz,
  -- public JWK that phones pin
  cloud_key jsonb,
  issuer text NOT NULL DEFAULT '',
  enrolled_at timestamptz,
  -- what the cloud has of our settings; null: nothing yet
  settings_sent jsonb,
  trust_version bigint NOT NULL DEFAULT 0,
  trust_sent_version bigint NOT NULL DEFAULT 0,
  -- SHA-256 of each certificate that the cloud has; null: nothing was sent yet. Phones compare it with what the cloud told them.
  trust_sent_sha256 bytea[],
  -- how it goes
  last_success_at timestamptz,
  -- since when nothing works; null: it does
  failing_since timestamptz,
  last_error_at timestamptz,
  last_error_code text NOT NULL DEFAULT '',
  last_error text NOT NULL DEFAULT '',
  cloud_state text NOT NULL DEFAULT '',
  locators_allocated integer,
  locator_quota integer,
  -- one node at a time talks; a lost one is given up after this
  lease_until timestamptz NOT NULL DEFAULT now(),
  lease_holder text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  CHECK ((cluster_id IS NULL) = (key_sealed IS NULL) AND (cluster_id IS NULL) = (certificate_chain IS NULL)),
  CHECK (cluster_id IS NULL OR address <> '')
);
INSERT INTO cloud_connection DEFAULT VALUES;

-- A wish for locators: written before it is uttered, so that an answer that was lost can be asked for again.
CREATE TABLE mra_locator_order (
  idempotency_key uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  cluster_id uuid NOT NULL,
  count integer NOT NULL CHECK (count BETWEEN 1 AND 1000),
  created_at timestamptz NOT NULL DEFAULT now(),
  -- null: open
  done_at timestamptz
);
CREATE INDEX mra_locator_order_open ON mra_locator_order (created_at) WHERE done_at IS NULL;

-- Every locator the cloud gave, until it has taken it back.
CREATE TABLE mra_locator (
  allocation_id uuid PRIMARY KEY,
  cluster_id uuid NOT NULL,
  locator text NOT NULL CHECK (locator ~ '^[0-9]{7}$'),
  -- stock: waits for a code; reserved: a code is being made; code: a code has it; releasing: to be given back; released: the cloud has it
  state text NOT NULL CHECK (state IN ('stock', 'reserved', 'code', 'releasing', 'released')),
  allocated_at timestamptz NOT NULL DEFAULT now(),
  -- reserved: when it counts as stock again; releasing: not before
  due_at timestamptz,
  released_at timestamptz,
  CHECK ((released_at IS NOT NULL) = (state = 'released'))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX one_use_per_locator ON mra_locator (locator) WHERE state IN ('stock', 'reserved', 'code');
-- What is looked up when either side takes a number, and counted on the page: however many have been given back.
CREATE INDEX mra_locator_live ON mra_locator (locator, state) WHERE state <> 'released';
CREATE INDEX mra_locator_stock ON mra_locator (allocated_at) WHERE state IN ('stock', 'reserved');
CREATE INDEX mra_locator_releasing ON mra_locator (due_at) WHERE state = 'releasing';

CREATE FUNCTION mra_locator_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.locator <> OLD.locator OR NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
    ('stock', 'reserved'), ('reserved', 'stock'), ('reserved', 'code'), ('stock', 'releasing'), ('reserved', 'releasing'),
    ('code', 'releasing'), ('releasing', 'released')
  ) THEN
    RAISE EXCEPTION 'locator allocation %: illegal change % -> %', OLD.allocation_id, OLD.state, NEW.state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mra_locator_transition BEFORE UPDATE ON mra_locator FOR EACH ROW EXECUTE FUNCTION mra_locator_transition();

ALTER TABLE activation_code ADD COLUMN allocation_id uuid REFERENCES mra_locator ON DELETE RESTRICT;
CREATE UNIQUE INDEX one_code_per_allocation ON activation_code (allocation_id) WHERE allocation_id IS NOT NULL;
CREATE INDEX activation_code_draft ON activation_code (created_at) WHERE state = 'draft';
ALTER TABLE activation_code ADD CHECK (allocation_id IS NULL OR (via_mra AND locator IS NOT NULL));

-- The cluster's own locators and those of the cloud share seven digits. Whoever takes one holds its lock until the end of the transaction,
-- then looks at the other table: of two at once the second sees the first.
CREATE FUNCTION lock_locator(locator text) RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(1836212584, locator::integer)
$$;

-- No row is written when the locator is somebody else's: the caller takes another.
CREATE FUNCTION activation_code_takes_locator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_locator(NEW.locator);
  IF NEW.allocation_id IS NULL THEN
    IF EXISTS (SELECT FROM mra_locator m WHERE m.locator = NEW.locator AND m.state <> 'released') THEN
      RETURN NULL;
    END IF;
  ELSE
    UPDATE mra_locator SET state = 'code', due_at = NULL
      WHERE allocation_id = NEW.allocation_id AND locator = NEW.locator AND state = 'reserved';
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER activation_code_takes_locator BEFORE INSERT ON activation_code
  FOR EACH ROW WHEN (NEW.locator IS NOT NULL) EXECUTE FUNCTION activation_code_takes_locator();
CREATE TRIGGER activation_draft_takes_locator BEFORE UPDATE ON activation_code
  FOR EACH ROW WHEN (OLD.locator IS NULL AND NEW.locator IS NOT NULL) EXECUTE FUNCTION activation_code_takes_locator();

-- A locator that a code of ours already has (live, or not forgotten yet) goes back at once, as does one that was given twice.
CREATE FUNCTION mra_locator_arrives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM lock_locator(NEW.locator);
  IF EXISTS (SELECT FROM activation_code c WHERE c.locator = NEW.locator AND c.state <> 'free')
     OR EXISTS (SELECT FROM mra_locator m WHERE m.locator = NEW.locator AND m.state IN ('stock', 'reserved', 'code'))
  THEN
    NEW.state := 'releasing';
    NEW.due_at := now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER mra_locator_arrives BEFORE INSERT ON mra_locator FOR EACH ROW EXECUTE FUNCTION mra_locator_arrives();

-- A code that ended gives its locator back, whatever ended it. One that was used waits for the confirmation, or ten minutes: a phone that
-- lost the answer asks the cloud again.
CREATE FUNCTION activation_code_gives_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE mra_locator SET state = 'releasing',
      due_at = CASE WHEN NEW.state = 'consumed' THEN now() + interval '10 minutes' ELSE now() END
    WHERE allocation_id = NEW.allocation_id AND (state = 'code' OR state = 'releasing' AND due_at > now() AND NEW.state <> 'consumed');
  IF FOUND AND NEW.state <> 'consumed' THEN
    PERFORM pg_notify('cloud_work', 'release');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER activation_code_gives_back AFTER UPDATE ON activation_code
  FOR EACH ROW WHEN (NEW.allocation_id IS NOT NULL AND NEW.state <> OLD.state AND NEW.state <> 'active')
  EXECUTE FUNCTION activation_code_gives_back();

-- What the cloud must hear of: whichever node listens sees to it.
CREATE FUNCTION cloud_work() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('cloud_work', TG_ARGV[0]);
  RETURN NULL;
END $$;
CREATE TRIGGER activation_draft_made AFTER INSERT ON activation_code
  FOR EACH ROW WHEN (NEW.state = 'draft') EXECUTE FUNCTION cloud_work('draft');
CREATE TRIGGER service_parameter_cloud AFTER INSERT OR UPDATE OR DELETE ON service_parameter
  FOR EACH STATEMENT EXECUTE FUNCTION cloud_work('settings');
CREATE TRIGGER device_default_cloud AFTER UPDATE ON device_default FOR EACH STATEMENT EXECUTE FUNCTION cloud_work('settings');
CREATE TRIGGER cloud_connection_settings AFTER UPDATE ON cloud_connection
  FOR EACH ROW WHEN ((NEW.address, NEW.authority_pem, NEW.enabled, NEW.cluster_id, NEW.trust_version)
                     IS DISTINCT FROM (OLD.address, OLD.authority_pem, OLD.enabled, OLD.cluster_id, OLD.trust_version))
  EXECUTE FUNCTION cloud_work('settings');
-- Phones' files, and what the activation service says of MRA.
CREATE TRIGGER cloud_connection_notice AFTER UPDATE ON cloud_connection
  FOR EACH ROW WHEN ((NEW.enabled, NEW.cluster_id, NEW.trust_sent_sha256) IS DISTINCT FROM (OLD.enabled, OLD.cluster_id, OLD.trust_sent_sha256))
  EXECUTE FUNCTION shared_notice();

-- PhoneEdge-trust goes to the cloud as a whole, under a number that counts up.
CREATE FUNCTION phone_edge_trust_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.purpose = 'PhoneEdge-trust' OR TG_OP <> 'DELETE' AND NEW.purpose = 'PhoneEdge-trust' THEN
    UPDATE cloud_connection SET trust_version = trust_version + 1;
    PERFORM pg_notify('config_changed', '*');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER phone_edge_trust_changed AFTER INSERT OR UPDATE OF purpose, sha256 OR DELETE ON trust_certificate
  FOR EACH ROW EXECUTE FUNCTION phone_edge_trust_changed();
UPDATE cloud_connection SET trust_version = 1 WHERE EXISTS (SELECT FROM trust_certificate WHERE purpose = 'PhoneEdge-trust');

-- The MRA activation domain stays in the list of service domains.
CREATE FUNCTION mra_activation_domain_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM service_parameter WHERE service = 'Device Activation Service' AND name = 'MRA Activation Domain'
               AND node_id IS NULL AND lower(value) = OLD.domain) THEN
    RAISE EXCEPTION '% is the MRA activation domain', OLD.domain USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER mra_activation_domain_stays BEFORE DELETE ON mra_service_domain
  FOR EACH ROW EXECUTE FUNCTION mra_activation_domain_stays();
