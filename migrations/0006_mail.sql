-- E-mail that was asked for. The row is the outbox entry: it is written with its audit row, and ends sent, failed or cancelled.

CREATE TABLE mail_message (
  -- also the Message-ID: the same at every try, so that a mail server can tell a repetition
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- null once the phone is gone
  device_id uuid REFERENCES device ON DELETE SET NULL,
  device_name text NOT NULL,
  code_id uuid NOT NULL REFERENCES activation_code ON DELETE CASCADE,
  -- the owner when it was asked for; somebody else's code is not sent to a later owner
  user_id uuid REFERENCES end_user ON DELETE SET NULL,
  -- where it was sent to, known at the first try
  recipient text NOT NULL DEFAULT '',
  contains_code boolean,
  state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'cancelled')),
  attempts integer NOT NULL DEFAULT 0,
  -- why it is not sent (yet), and what the mail server said last
  reason text NOT NULL DEFAULT '',
  server_said text NOT NULL DEFAULT '' CHECK (length(server_said) <= 300),
  requested_by text NOT NULL,
  node text NOT NULL DEFAULT '',
  queued_at timestamptz NOT NULL DEFAULT now(),
  -- queued: the next try; sending: when the node that sends it is given up for lost
  due_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CHECK ((ended_at IS NOT NULL) = (state IN ('sent', 'failed', 'cancelled')))
);
-- Asking again while one waits does not make a second one.
CREATE UNIQUE INDEX one_open_message_per_code ON mail_message (code_id) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_message_due ON mail_message (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX mail_message_device ON mail_message (device_id, queued_at DESC);
CREATE INDEX mail_message_ended ON mail_message (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX mail_message_user ON mail_message (user_id);
