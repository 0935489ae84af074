-- Funding: how money comes into a wallet. A virtual account number per customer, and each transfer that arrived on it.

CREATE SCHEMA funding;

CREATE SEQUENCE funding.virtual_account_numbers AS bigint MINVALUE 1 MAXVALUE 99999999999;
CREATE SEQUENCE funding.top_up_numbers AS bigint MINVALUE 1 MAXVALUE 1099511627775;

CREATE TABLE funding.virtual_accounts (
  customer_id uuid PRIMARY KEY,
  number      text NOT NULL UNIQUE CHECK (number ~ '^8808[0-9]{12}$'),
  given_at    timestamptz NOT NULL
);

CREATE TABLE funding.top_ups (
  number             bigint PRIMARY KEY DEFAULT nextval('funding.top_up_numbers'),
  customer_id        uuid NOT NULL,
  partner_id         text NOT NULL,
  bank_name          text NOT NULL,
  -- The bank's own reference: a transfer is one top-up, however often the bank tells of it.
  payment_request_id text NOT NULL,
  virtual_account    text NOT NULL,
  amount             bigint NOT NULL CHECK (amount > 0),
  currency           text NOT NULL,
  bank_reference     text,
  bank_paid_at       timestamptz,
  -- `suspended`: the money is ours to place; it stands on the suspense account until staff decide.
  state              text NOT NULL CHECK (state IN ('completed', 'suspended')),
  failure_code       text,
  transfer_id        uuid NOT NULL,
  -- What the wallet held after it.
  balance_after      bigint,
  -- Business time.
  effective_at       timestamptz NOT NULL,
  CONSTRAINT top_ups_bank_reference UNIQUE (partner_id, payment_request_id),
  CONSTRAINT suspended_has_reason CHECK ((state = 'suspended') = (failure_code IS NOT NULL)),
  CONSTRAINT completed_has_balance CHECK ((state = 'completed') = (balance_after IS NOT NULL))
);
CREATE INDEX top_ups_customer ON funding.top_ups (customer_id, effective_at DESC, number DESC);
CREATE INDEX top_ups_suspended ON funding.top_ups (effective_at) WHERE state = 'suspended';
