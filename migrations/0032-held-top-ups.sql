-- Held top-ups: who sent the money, until when somebody of the staff decides, what they decided, and the way back to the sender.

-- Until when an agent decides; after that a lead does. Above the amount a second person must approve.
CREATE TABLE funding.hold_rules (
  currency       text PRIMARY KEY,
  decide_seconds integer NOT NULL CHECK (decide_seconds > 0),
  alone_up_to    bigint NOT NULL CHECK (alone_up_to >= 0)
);
INSERT INTO funding.hold_rules VALUES ('IDR', 86400, 100000000);

ALTER TABLE funding.top_ups
  -- As the bank told it; NULL when it did not: then the money cannot go back by us.
  ADD COLUMN sender_bank_code text CHECK (sender_bank_code ~ '^[0-9]{3,8}$'),
  ADD COLUMN sender_account   text CHECK (sender_account ~ '^[0-9]{5,34}$'),
  ADD COLUMN sender_name      text CHECK (length(sender_name) BETWEEN 1 AND 100),
  ADD COLUMN decide_by        timestamptz,
  -- When a held one came to its end, in business time.
  ADD COLUMN closed_at        timestamptz,
  ADD CONSTRAINT sender_whole CHECK (num_nulls(sender_bank_code, sender_account, sender_name) IN (0, 3));

UPDATE funding.top_ups SET decide_by = effective_at + interval '1 day' WHERE state = 'suspended';

ALTER TABLE funding.top_ups
  DROP CONSTRAINT top_ups_state_check,
  DROP CONSTRAINT suspended_has_reason,
  -- `returning`: the bank is asked to take it back, and the money is held on suspense until it says how that ended.
  ADD CONSTRAINT top_up_state CHECK (state IN ('completed', 'suspended', 'returning', 'returned')),
  -- One that was credited later keeps why it was held.
  ADD CONSTRAINT held_has_reason CHECK (state = 'completed' OR failure_code IS NOT NULL),
  ADD CONSTRAINT held_has_deadline CHECK (state <> 'suspended' OR decide_by IS NOT NULL),
  ADD CONSTRAINT held_has_end CHECK ((closed_at IS NOT NULL) = (failure_code IS NOT NULL AND state IN ('completed', 'returned')));

-- The last decision about each.
CREATE TABLE funding.top_up_decisions (
  top_up_number bigint PRIMARY KEY REFERENCES funding.top_ups (number),
  decision      text NOT NULL CHECK (decision IN ('credit', 'return')),
  note          text NOT NULL,
  decided_by    uuid NOT NULL,
  decided_at    timestamptz NOT NULL,
  -- While a second person is asked.
  approval_id   uuid
);

-- Transfers back to the sender. What the bank refused can be tried again, as a new one with a reference of its own.
CREATE TABLE funding.returns (
  id                uuid PRIMARY KEY,
  top_up_number     bigint NOT NULL REFERENCES funding.top_ups (number),
  -- What the bank knows it by: the same on every call about it, so it is paid once.
  partner_reference text NOT NULL UNIQUE,
  amount            bigint NOT NULL CHECK (amount > 0),
  currency          text NOT NULL,
  bank_code         text NOT NULL,
  account_number    text NOT NULL,
  account_name      text NOT NULL,
  hold_id           uuid NOT NULL UNIQUE,
  transfer_id       uuid NOT NULL UNIQUE,
  state             text NOT NULL CHECK (state IN ('paying', 'paid', 'refused')),
  -- Raised before a call leaves, so that after a crash nobody believes it was never sent.
  calls             integer NOT NULL DEFAULT 0,
  next_call_at      timestamptz,
  -- A call under way; after this moment another process may go on (real time, not business time).
  claimed_until     timestamptz,
  bank_reference    text,
  refusal           text,
  made_at           timestamptz NOT NULL,
  closed_at         timestamptz,
  CONSTRAINT return_closed CHECK ((state = 'paying') = (closed_at IS NULL)),
  CONSTRAINT return_refused CHECK ((state = 'refused') = (refusal IS NOT NULL))
) WITH (fillfactor = 80);
-- One way back at a time, and none after one that was paid.
CREATE UNIQUE INDEX returns_once ON funding.returns (top_up_number) WHERE state <> 'refused';
CREATE INDEX returns_calling ON funding.returns (next_call_at) WHERE state = 'paying';
CREATE INDEX returns_top_up ON funding.returns (top_up_number, made_at DESC);
