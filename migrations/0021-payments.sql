-- Payments: the customer's money for a shop's order. Posted, told and credited are different facts with different times.

CREATE SCHEMA payments;

CREATE SEQUENCE payments.numbers AS bigint MINVALUE 1 MAXVALUE 1099511627775;

CREATE TABLE payments.payments (
  number          bigint PRIMARY KEY,
  order_id        uuid NOT NULL,
  customer_id     uuid NOT NULL,
  merchant_id     uuid NOT NULL,
  amount          bigint NOT NULL CHECK (amount > 0),
  currency        text NOT NULL,
  state           text NOT NULL CHECK (state IN ('completed', 'failed', 'refunded')),
  failure_code    text,
  failure_values  jsonb,
  transfer_id     uuid,
  -- What the wallet could spend after it.
  spendable_after bigint,
  effective_at    timestamptz NOT NULL,
  -- Until when the shop may acknowledge; then the money goes back, or staff decide above the limit.
  answer_due_at   timestamptz,
  told_at         timestamptz,
  credited_at     timestamptz,
  returned_at     timestamptz,
  CONSTRAINT failed_has_reason CHECK ((state = 'failed') = (failure_code IS NOT NULL)),
  CONSTRAINT posted_has_transfer CHECK ((state = 'failed') = (transfer_id IS NULL))
) WITH (fillfactor = 80);
-- One order is paid once, whoever pays it.
CREATE UNIQUE INDEX payments_order ON payments.payments (order_id) WHERE state <> 'failed';
CREATE INDEX payments_customer ON payments.payments (customer_id, effective_at DESC, number DESC);
CREATE INDEX payments_unanswered ON payments.payments (answer_due_at) WHERE state = 'completed' AND told_at IS NULL;

-- Kept for ever, refusals included. The body's hash is keyed: it covers a PIN, and a plain hash of it could be tried through.
CREATE TABLE payments.idempotency (
  customer_id uuid NOT NULL,
  key         uuid NOT NULL,
  body_hash   bytea NOT NULL,
  outcome     jsonb NOT NULL,
  created_at  timestamptz NOT NULL,
  -- The key first: the wallet's keys begin with the time, so they lie side by side.
  PRIMARY KEY (key, customer_id)
);

-- Rules as data: what goes back by itself when a shop stays silent, and after how long.
CREATE TABLE payments.silent_shop_rules (
  currency        text PRIMARY KEY,
  answer_seconds  integer NOT NULL CHECK (answer_seconds > 0),
  returned_up_to  bigint NOT NULL CHECK (returned_up_to >= 0)
);
INSERT INTO payments.silent_shop_rules VALUES ('IDR', 7200, 100000000);
