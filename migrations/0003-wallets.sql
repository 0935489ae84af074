-- A customer's wallet: its status, its limits as data, and what was spent today. The row is locked by every spend,
-- so that limits, freezing and spending are decided one after the other.

CREATE SCHEMA wallets;

CREATE TABLE wallets.limit_sets (
  name             text PRIMARY KEY,
  currency         text NOT NULL,
  per_transaction  bigint NOT NULL CHECK (per_transaction > 0),
  per_day          bigint NOT NULL CHECK (per_day > 0),
  count_per_day    integer NOT NULL CHECK (count_per_day > 0),
  maximum_balance  bigint NOT NULL CHECK (maximum_balance > 0)
);
-- Largest balances as Bank Indonesia sets them for electronic money: Rp 2 million without, Rp 20 million with a verified identity.
INSERT INTO wallets.limit_sets VALUES
  ('basic',    'IDR', 200000000,  500000000,  50, 200000000),
  ('verified', 'IDR', 1000000000, 2000000000, 200, 2000000000);

CREATE TABLE wallets.wallets (
  customer_id  uuid PRIMARY KEY,
  account_id   uuid NOT NULL UNIQUE,
  currency     text NOT NULL,
  limit_set    text NOT NULL REFERENCES wallets.limit_sets (name),
  status       text NOT NULL CHECK (status IN ('active', 'frozen', 'restricted', 'inactive')),
  frozen_at    timestamptz,
  spent_day    date,
  spent_minor  bigint NOT NULL DEFAULT 0 CHECK (spent_minor >= 0),
  spent_count  integer NOT NULL DEFAULT 0 CHECK (spent_count >= 0),
  opened_at    timestamptz NOT NULL,
  CONSTRAINT frozen_since CHECK ((status = 'frozen') = (frozen_at IS NOT NULL))
) WITH (fillfactor = 70);
