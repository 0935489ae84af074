-- Brings the desk's tables to what the room reads and writes: the state `new`, a sign in three columns, marks of what
-- was read instead of counters. Every step may find its work done already.

ALTER TABLE desk.cases
  DROP CONSTRAINT IF EXISTS cases_state_check,
  DROP COLUMN IF EXISTS customer_name,
  DROP COLUMN IF EXISTS about,
  DROP COLUMN IF EXISTS queued_at,
  DROP COLUMN IF EXISTS waiting_since,
  ADD COLUMN IF NOT EXISTS joined_agent_id uuid,
  ADD COLUMN IF NOT EXISTS created_at timestamptz;
UPDATE desk.cases SET created_at = opened_at WHERE created_at IS NULL;
ALTER TABLE desk.cases
  ALTER COLUMN created_at SET NOT NULL,
  -- `new`: opened, but nobody has written; it stands in no queue.
  ADD CONSTRAINT cases_state_check CHECK (state IN ('new', 'waiting_agent', 'waiting_customer', 'solved'));
CREATE INDEX IF NOT EXISTS cases_agent ON desk.cases (agent_id) WHERE state IN ('waiting_agent', 'waiting_customer');
CREATE INDEX IF NOT EXISTS cases_unreplied ON desk.cases (first_reply_due_at, id)
  WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NULL;
CREATE INDEX IF NOT EXISTS cases_replied_open ON desk.cases (updated_at DESC, id DESC)
  WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS cases_solved_updated ON desk.cases (updated_at DESC, id DESC) WHERE state = 'solved';

ALTER TABLE desk.conversations
  DROP COLUMN IF EXISTS customer_unread,
  DROP COLUMN IF EXISTS desk_unread,
  DROP COLUMN IF EXISTS desk_read,
  DROP COLUMN IF EXISTS secret_expected,
  DROP COLUMN IF EXISTS sign_pictures,
  DROP COLUMN IF EXISTS updated_at,
  ADD COLUMN IF NOT EXISTS agent_read integer NOT NULL DEFAULT 0,
  -- The customer's last message spoke of a code that may follow in the next one.
  ADD COLUMN IF NOT EXISTS expects_code boolean NOT NULL DEFAULT false,
  ADD COLUMN IF NOT EXISTS sign_one text NOT NULL,
  ADD COLUMN IF NOT EXISTS sign_two text NOT NULL;

ALTER TABLE desk.looks
  DROP COLUMN IF EXISTS looked_at,
  DROP COLUMN IF EXISTS visible_until,
  ADD COLUMN IF NOT EXISTS at timestamptz NOT NULL;
CREATE INDEX IF NOT EXISTS looks_customer_at ON desk.looks (customer_id, at DESC);
