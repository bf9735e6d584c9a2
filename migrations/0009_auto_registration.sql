-- Auto-registration and TAPS.

-- Per node: the directory numbers it gives to phones that have no record. Equal numbers, or the box, switch it off.
CREATE TABLE auto_registration (
  node_id uuid PRIMARY KEY REFERENCES node ON DELETE CASCADE,
  starting_directory_number text NOT NULL DEFAULT '1000' CHECK (starting_directory_number ~ '^[0-9]{1,15}$'),
  ending_directory_number text NOT NULL DEFAULT '1000' CHECK (ending_directory_number ~ '^[0-9]{1,15}$'),
  -- "Auto-registration Disabled on this Cisco Unified Communications Manager"
  disabled boolean NOT NULL DEFAULT true,
  -- null: the default templates
  universal_device_template_id uuid REFERENCES universal_device_template ON DELETE RESTRICT,
  universal_line_template_id uuid REFERENCES universal_line_template ON DELETE RESTRICT,
  -- the next number is looked for after it
  last_directory_number text,
  version integer NOT NULL DEFAULT 1,
  CHECK (length(starting_directory_number) = length(ending_directory_number)
         AND starting_directory_number::bigint <= ending_directory_number::bigint)
);
-- XMLDefault says whether auto-registration is on. Handing out a number changes no file but the phone's own.
CREATE TRIGGER auto_registration_notice
  AFTER INSERT OR DELETE OR UPDATE OF starting_directory_number, ending_directory_number, disabled ON auto_registration
  FOR EACH STATEMENT EXECUTE FUNCTION shared_notice();

-- One group at most takes in phones that have no record: of several that were ticked, the first by name stays.
UPDATE call_manager_group SET auto_registration = false
  WHERE auto_registration AND name <> (SELECT min(name) FROM call_manager_group WHERE auto_registration);
CREATE UNIQUE INDEX one_auto_registration ON call_manager_group (auto_registration) WHERE auto_registration;

-- One call to TAPS each: what "View TAPS Log File" shows.
CREATE TABLE taps_session (
  id uuid PRIMARY KEY,
  node text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  device_name text NOT NULL,
  mac text NOT NULL DEFAULT '',
  model text NOT NULL DEFAULT '',
  auto_directory_number text NOT NULL DEFAULT '',
  source_address text NOT NULL DEFAULT '',
  -- `en`, `zh`; empty: the caller had not chosen yet
  language text NOT NULL DEFAULT '',
  -- what was entered last
  directory_number text NOT NULL DEFAULT '',
  prepared_name text NOT NULL DEFAULT '',
  outcome text NOT NULL DEFAULT 'open' CHECK (outcome IN ('open', 'mapped', 'refused', 'abandoned')),
  reason text NOT NULL DEFAULT '',
  CHECK ((ended_at IS NULL) = (outcome = 'open'))
);
CREATE INDEX taps_session_started ON taps_session (started_at, id);
CREATE INDEX taps_session_open ON taps_session (node) WHERE outcome = 'open';

-- Wrong entries of the running window, per phone and per directory number.
CREATE TABLE taps_guess (
  kind text NOT NULL CHECK (kind IN ('phone', 'number')),
  subject text NOT NULL,
  window_started_at timestamptz NOT NULL DEFAULT now(),
  guesses integer NOT NULL DEFAULT 1,
  PRIMARY KEY (kind, subject)
);
