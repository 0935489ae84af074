-- Messages to people: written with the fact that they tell of, delivered afterwards, at least once.
CREATE SCHEMA notices;

CREATE TABLE notices.messages (
  id          uuid PRIMARY KEY,
  customer_id uuid,
  channel     text NOT NULL CHECK (channel IN ('sms', 'email')),
  recipient   text NOT NULL,
  template    text NOT NULL,
  locale      text NOT NULL,
  -- Plain values of the template. NULL while they are secret (then they stand encrypted in `secret`) and after.
  content     jsonb,
  -- AES-256-GCM; erased once the message is sent, has expired or is given up.
  secret      bytea,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'expired', 'given_up')),
  tries       integer NOT NULL DEFAULT 0,
  next_try_at timestamptz NOT NULL,
  -- After this it is of no use any more, e.g. a code.
  expires_at  timestamptz,
  created_at  timestamptz NOT NULL,
  sent_at     timestamptz,
  last_error  text,
  CHECK (state = 'waiting' OR secret IS NULL)
) WITH (fillfactor = 80);
CREATE INDEX messages_waiting ON notices.messages (next_try_at) WHERE state = 'waiting';
