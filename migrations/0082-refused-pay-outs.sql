-- Pay-outs that a shop's bank refused: staff send them again, take up the account that the shop gave, or stop its pay-outs.

CREATE TABLE settlements.decision_rules (
  currency    text PRIMARY KEY,
  -- Up to this an agent sends it again alone; above it a second person approves. A new account always needs two.
  alone_up_to bigint NOT NULL CHECK (alone_up_to >= 0)
);
INSERT INTO settlements.decision_rules VALUES ('IDR', 1000000000);

-- While set, nothing of this shop is paid out.
ALTER TABLE settlements.terms ADD COLUMN on_hold_since timestamptz;

-- One that was refused leaves room for another of the same day.
ALTER TABLE settlements.settlements DROP CONSTRAINT settlement_of_day;
CREATE UNIQUE INDEX settlement_of_day ON settlements.settlements (merchant_id, day) WHERE state <> 'refused';
CREATE INDEX settlements_refused ON settlements.settlements (merchant_id, number) WHERE state = 'refused';

-- Accounts that shops gave by their API. Each takes effect when it is taken up, never by itself; a newer one replaces it.
CREATE TABLE settlements.given_accounts (
  id             uuid PRIMARY KEY,
  merchant_id    uuid NOT NULL REFERENCES settlements.terms (merchant_id),
  bank_code      text NOT NULL CHECK (bank_code ~ '^[0-9]{3,8}$'),
  account_number text NOT NULL CHECK (account_number ~ '^[0-9]{5,34}$'),
  account_name   text NOT NULL CHECK (length(account_name) BETWEEN 1 AND 100),
  given_at       timestamptz NOT NULL,
  closed_at      timestamptz,
  taken_up       boolean NOT NULL DEFAULT false,
  CONSTRAINT taken_up_is_closed CHECK (NOT taken_up OR closed_at IS NOT NULL)
);
CREATE UNIQUE INDEX given_accounts_open ON settlements.given_accounts (merchant_id) WHERE closed_at IS NULL;

-- The last decision about each refused pay-out.
CREATE TABLE settlements.decisions (
  settlement  bigint PRIMARY KEY REFERENCES settlements.settlements (number),
  decision    text NOT NULL CHECK (decision IN ('retry', 'use_account', 'hold')),
  note        text NOT NULL,
  decided_by  uuid NOT NULL,
  decided_at  timestamptz NOT NULL,
  -- While a second person is asked.
  approval_id uuid
);
