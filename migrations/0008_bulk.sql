-- Bulk administration: phone templates, uploaded files, jobs and their rows.

CREATE TABLE phone_template (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 50),
  model text NOT NULL REFERENCES device_default (model) ON DELETE RESTRICT,
  description text NOT NULL DEFAULT '' CHECK (length(description) <= 128),
  requires_activation_code boolean NOT NULL DEFAULT false,
  allow_activation_code_via_mra boolean NOT NULL DEFAULT false,
  device_pool_id uuid NOT NULL REFERENCES device_pool ON DELETE RESTRICT,
  -- null: the model's default template
  phone_button_template_id uuid REFERENCES phone_button_template ON DELETE RESTRICT,
  owner_user_id uuid REFERENCES end_user ON DELETE SET NULL,
  phone_security_profile_id uuid NOT NULL REFERENCES phone_security_profile ON DELETE RESTRICT,
  sip_profile_id uuid NOT NULL REFERENCES sip_profile ON DELETE RESTRICT,
  common_phone_profile_id uuid NOT NULL REFERENCES common_phone_profile ON DELETE RESTRICT,
  enabled boolean NOT NULL DEFAULT true,
  -- [{"partition":"","label":"","display":"","maxCalls":4,"busyTrigger":2}]
  lines jsonb NOT NULL DEFAULT '[]',
  version integer NOT NULL DEFAULT 1,
  CHECK (requires_activation_code OR NOT allow_activation_code_via_mra)
);

CREATE TABLE bulk_file (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100 AND position(',' IN name) = 0),
  target text NOT NULL DEFAULT 'phones' CHECK (target IN ('phones')),
  transaction text NOT NULL
    CHECK (transaction IN ('insert-phones-specific-details', 'insert-phones-all-details', 'update-phones', 'phones')),
  format text NOT NULL CHECK (format IN ('csv', 'xlsx')),
  -- as it was uploaded
  content bytea NOT NULL,
  size integer NOT NULL CHECK (size BETWEEN 0 AND 10485760),
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  -- [{"heading":"MAC ADDRESS","field":"mac","filled":0}], in the order of the file
  columns jsonb NOT NULL,
  rows integer NOT NULL DEFAULT 0 CHECK (rows BETWEEN 0 AND 50000),
  ignored_rows integer NOT NULL DEFAULT 0,
  uploaded_by text NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE bulk_file ALTER COLUMN content SET STORAGE EXTERNAL;

-- The file's rows as they were read; a job copies them when it begins, so the file may go.
CREATE TABLE bulk_file_row (
  file_id uuid NOT NULL REFERENCES bulk_file ON DELETE CASCADE,
  line integer NOT NULL CHECK (line >= 1),
  fields text[] NOT NULL,
  PRIMARY KEY (file_id, line)
);

CREATE TABLE bulk_job (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL
    CHECK (kind IN ('insert-phones', 'update-phones', 'delete-phones', 'generate-codes', 'release-codes', 'e-mail-codes', 'undo')),
  description text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('pending', 'hold', 'processing', 'completed')),
  result text CHECK (result IN ('success', 'with-errors', 'refused', 'failed')),
  phase text NOT NULL DEFAULT 'waiting' CHECK (phase IN ('waiting', 'reading', 'checking', 'working', 'ended')),
  dry_run boolean NOT NULL DEFAULT false,
  -- what was asked for: {"createDummyMacAddress":false,"override":false,"refuseOnErrors":false,"selection":…,"change":…}
  options jsonb NOT NULL,
  -- the phone template as it was at the submission
  template jsonb,
  file_id uuid REFERENCES bulk_file ON DELETE SET NULL,
  file_name text,
  -- columns of the file, once its rows were copied
  columns jsonb NOT NULL DEFAULT '[]',
  submitted_by text NOT NULL,
  source_address text NOT NULL DEFAULT '',
  submitted_at timestamptz NOT NULL DEFAULT now(),
  run_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  node text,
  stop_requested boolean NOT NULL DEFAULT false,
  -- goes up whenever a node takes the job: who holds an older one may not write any more
  epoch integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  checked integer NOT NULL DEFAULT 0,
  succeeded integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  kept integer NOT NULL DEFAULT 0,
  -- rows a second lately
  rate real,
  -- {"code":"…","message":"…","remedy":"…"}: why the job as a whole was refused or failed
  refusal jsonb,
  undo_of integer REFERENCES bulk_job ON DELETE SET NULL,
  CHECK ((state = 'completed') = (result IS NOT NULL)),
  CHECK ((state = 'completed') = (ended_at IS NOT NULL))
);
CREATE INDEX bulk_job_open ON bulk_job (state, run_at) WHERE state IN ('pending', 'processing');
CREATE INDEX bulk_job_undo ON bulk_job (undo_of) WHERE undo_of IS NOT NULL;
-- One job at a time in the whole cluster.
CREATE UNIQUE INDEX one_bulk_job_runs ON bulk_job (state) WHERE state = 'processing';

-- Changed in the transaction of what the row does, so that each row is done exactly once.
CREATE TABLE bulk_job_row (
  job_id integer NOT NULL REFERENCES bulk_job ON DELETE CASCADE,
  line integer NOT NULL CHECK (line >= 1),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'ready', 'done', 'failed', 'kept')),
  input text[],
  -- the phone it names: `SEP…` of a MAC, or a device name
  key text,
  -- a code will be needed
  needs_code boolean NOT NULL DEFAULT false,
  action text,
  device_id uuid,
  device_name text,
  -- [{"column":…,"code":…,"value":…,"message":…,"remedy":…}]
  errors jsonb,
  -- [{"field":…,"from":…,"to":…}]
  changes jsonb,
  -- for undo: the phone before, its version after, the code and the lines that were made
  before jsonb,
  version_after integer,
  code_id uuid,
  made_lines uuid[],
  PRIMARY KEY (job_id, line)
) WITH (fillfactor = 70);
CREATE INDEX bulk_job_row_state ON bulk_job_row (job_id, state, line);
CREATE INDEX bulk_job_row_device ON bulk_job_row (device_id);

-- Nodes wake up; a stop reaches the node at work.
CREATE FUNCTION bulk_job_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('bulk_job', NEW.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER bulk_job_submitted AFTER INSERT ON bulk_job FOR EACH ROW EXECUTE FUNCTION bulk_job_notice();
CREATE TRIGGER bulk_job_notice AFTER UPDATE ON bulk_job
  FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.stop_requested <> OLD.stop_requested OR NEW.run_at IS DISTINCT FROM OLD.run_at)
  EXECUTE FUNCTION bulk_job_notice();
