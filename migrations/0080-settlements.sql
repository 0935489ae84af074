-- Settlements: what Tuntas owes a shop goes to its bank. Terms and holidays are data; a settlement is one pay-out with its sums.

CREATE SCHEMA settlements;

CREATE SEQUENCE settlements.numbers AS bigint MINVALUE 1 MAXVALUE 1099511627775;

-- A shop without terms pays no fee, leaves no reserve, and is not paid out: nobody knows its bank account.
CREATE TABLE settlements.terms (
  merchant_id          uuid PRIMARY KEY,
  currency             text NOT NULL,
  fee_basis_points     integer NOT NULL CHECK (fee_basis_points BETWEEN 0 AND 10000),
  fee_fixed            bigint NOT NULL CHECK (fee_fixed >= 0),
  reserve_basis_points integer NOT NULL CHECK (reserve_basis_points BETWEEN 0 AND 10000),
  reserve_days         integer NOT NULL CHECK (reserve_days BETWEEN 0 AND 366),
  -- Pay-outs leave on working days of this calendar, at this minute of the day in this zone.
  zone                 text NOT NULL,
  calendar             text NOT NULL,
  pay_out_minute       integer NOT NULL CHECK (pay_out_minute BETWEEN 0 AND 1439),
  -- Less than this waits for the next pay-out.
  minimum_pay_out      bigint NOT NULL CHECK (minimum_pay_out > 0),
  bank_code            text NOT NULL CHECK (bank_code ~ '^[0-9]{3,8}$'),
  account_number       text NOT NULL CHECK (account_number ~ '^[0-9]{5,34}$'),
  account_name         text NOT NULL CHECK (length(account_name) BETWEEN 1 AND 100),
  payable_account_id   uuid NOT NULL,
  reserve_account_id   uuid NOT NULL,
  fees_account_id      uuid NOT NULL,
  -- When the next settlement is made.
  next_due_at          timestamptz NOT NULL,
  -- How far settlements have come: the last entry of the payable account that one of them covers, and when it was made.
  settled_entry        bigint NOT NULL DEFAULT 0,
  settled_at           timestamptz NOT NULL,
  CONSTRAINT reserve_has_days CHECK (reserve_basis_points = 0 OR reserve_days > 0)
) WITH (fillfactor = 80);
CREATE INDEX terms_due ON settlements.terms (next_due_at);

-- Days besides weekends on which banks do not work. Those that move from year to year are added by the operator.
CREATE TABLE settlements.bank_holidays (
  calendar text NOT NULL,
  day      date NOT NULL,
  name     text NOT NULL,
  PRIMARY KEY (calendar, day)
);
INSERT INTO settlements.bank_holidays (calendar, day, name)
SELECT 'ID', make_date(year, month, date), name
FROM generate_series(2026, 2030) AS year,
     (VALUES (1, 1, 'Tahun Baru'), (5, 1, 'Hari Buruh'), (6, 1, 'Hari Lahir Pancasila'), (8, 17, 'Hari Kemerdekaan'),
             (12, 25, 'Hari Raya Natal')) AS fixed (month, date, name);

-- What was kept back, by the day on which it is free. What refunds took from the account comes off the earliest days.
CREATE TABLE settlements.reserves (
  merchant_id uuid NOT NULL,
  release_day date NOT NULL,
  amount      bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (merchant_id, release_day)
) WITH (fillfactor = 70);

CREATE TABLE settlements.settlements (
  number            bigint PRIMARY KEY,
  merchant_id       uuid NOT NULL,
  currency          text NOT NULL,
  -- The day of the pay-out in the shop's zone.
  day               date NOT NULL,
  -- What it covers: from the end of the one before, and the entries of the payable account after `entry_from` up to `entry_to`.
  period_from       timestamptz NOT NULL,
  period_to         timestamptz NOT NULL,
  entry_from        bigint NOT NULL,
  entry_to          bigint NOT NULL,
  payments          integer NOT NULL CHECK (payments >= 0),
  -- Left from before: what the bank refused, less what is held for others.
  carried           bigint NOT NULL,
  gross             bigint NOT NULL CHECK (gross >= 0),
  fees              bigint NOT NULL CHECK (fees >= 0),
  reserved          bigint NOT NULL CHECK (reserved >= 0),
  released          bigint NOT NULL CHECK (released >= 0),
  -- Refunds and corrections that the shop bore; below zero when they gave it something.
  refunded          bigint NOT NULL,
  net               bigint NOT NULL CHECK (net > 0),
  bank_code         text NOT NULL,
  account_number    text NOT NULL,
  account_name      text NOT NULL,
  state             text NOT NULL CHECK (state IN ('paying', 'paid', 'refused')),
  -- What the bank knows the transfer by: the same on every call about it, so it is paid once.
  partner_reference text NOT NULL UNIQUE,
  -- NULL for those of the past that were imported.
  hold_id           uuid,
  transfer_id       uuid NOT NULL UNIQUE,
  -- Calls to the bank so far; raised before a call leaves, so that after a crash nobody believes it was never sent.
  calls             integer NOT NULL DEFAULT 0,
  next_call_at      timestamptz,
  -- A call under way; after this moment another process may go on (real time, not business time).
  claimed_until     timestamptz,
  bank_reference    text,
  refusal           text,
  closed_at         timestamptz,
  CONSTRAINT settlement_sum CHECK (net = carried + gross - fees - reserved + released - refunded),
  CONSTRAINT settlement_entries CHECK (entry_to >= entry_from),
  CONSTRAINT settlement_closed CHECK ((state = 'paying') = (closed_at IS NULL)),
  CONSTRAINT settlement_refused CHECK ((state = 'refused') = (refusal IS NOT NULL)),
  -- Whoever races for the same day: one of them makes it.
  CONSTRAINT settlement_of_day UNIQUE (merchant_id, day)
) WITH (fillfactor = 80);
CREATE INDEX settlements_merchant ON settlements.settlements (merchant_id, number DESC);
CREATE INDEX settlements_calling ON settlements.settlements (next_call_at) WHERE state = 'paying';

-- What a settlement consists of, one row a payment, refund or release.
CREATE TABLE settlements.lines (
  settlement   bigint NOT NULL REFERENCES settlements.settlements (number),
  place        integer NOT NULL,
  kind         text NOT NULL CHECK (kind IN ('payment', 'refund', 'reserve_release')),
  reference    text NOT NULL,
  gross        bigint NOT NULL,
  fee          bigint NOT NULL,
  reserve      bigint NOT NULL,
  -- What it adds to the pay-out.
  net          bigint NOT NULL,
  effective_at timestamptz NOT NULL,
  PRIMARY KEY (settlement, place),
  CONSTRAINT line_sum CHECK (kind <> 'payment' OR net = gross - fee - reserve)
);
CREATE INDEX lines_reference ON settlements.lines (reference);
