-- Shops: their keys, their orders, and what we told them. A webhook's tries are evidence and stay.

CREATE SCHEMA merchants;

CREATE TABLE merchants.merchants (
  id                        uuid PRIMARY KEY,
  name                      text NOT NULL,
  city                      text,
  category                  text NOT NULL,
  status                    text NOT NULL CHECK (status IN ('active', 'blocked')),
  verified                  boolean NOT NULL,
  currency                  text NOT NULL,
  webhook_url               text,
  -- Encrypted with a key that is not in the database.
  webhook_secret            bytea,
  unacknowledged_account_id uuid NOT NULL,
  payable_account_id        uuid NOT NULL,
  joined_at                 timestamptz NOT NULL
);

CREATE TABLE merchants.keys (
  id          text PRIMARY KEY,
  merchant_id uuid NOT NULL REFERENCES merchants.merchants (id),
  secret      bytea NOT NULL,
  created_at  timestamptz NOT NULL,
  revoked_at  timestamptz
);

CREATE TABLE merchants.orders (
  id                 uuid PRIMARY KEY,
  merchant_id        uuid NOT NULL REFERENCES merchants.merchants (id),
  merchant_reference text NOT NULL,
  total              bigint NOT NULL CHECK (total > 0),
  currency           text NOT NULL,
  lines              jsonb NOT NULL,
  state              text NOT NULL CHECK (state IN ('open', 'paid', 'cancelled', 'expired')),
  return_url         text,
  cancel_url         text,
  created_at         timestamptz NOT NULL,
  expires_at         timestamptz NOT NULL,
  closed_at          timestamptz,
  customer_id        uuid,
  payment_number     bigint,
  UNIQUE (merchant_id, merchant_reference),
  CONSTRAINT paid_by CHECK ((state = 'paid') <= (payment_number IS NOT NULL))
) WITH (fillfactor = 80);
-- Not only of open orders: an index that names the state would be written again with every payment.
CREATE INDEX orders_expiring ON merchants.orders (expires_at);

-- Up to which moment orders whose time is over were all closed: a round looks only at what came after.
CREATE TABLE merchants.expiry (
  only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  swept_until timestamptz NOT NULL
);
INSERT INTO merchants.expiry (swept_until) VALUES ('-infinity');

-- Kept for ever: the same key with the same body gives the first answer, with another body it is refused.
CREATE TABLE merchants.idempotency (
  merchant_id uuid NOT NULL,
  key         uuid NOT NULL,
  body_hash   bytea NOT NULL,
  order_id    uuid NOT NULL,
  created_at  timestamptz NOT NULL,
  PRIMARY KEY (merchant_id, key)
);

CREATE TABLE merchants.webhooks (
  id              uuid PRIMARY KEY,
  -- Written in the commit that closes the order, from the order's own row: a reference checked once more would cost two locks.
  merchant_id     uuid NOT NULL,
  order_id        uuid NOT NULL,
  type            text NOT NULL CHECK (type IN ('order.paid', 'order.cancelled', 'order.expired')),
  -- When it became true.
  event_at        timestamptz NOT NULL,
  -- Made at the first try and kept: every try sends the same bytes.
  body            text,
  state           text NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'given_up', 'superseded')),
  attempts        integer NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL,
  next_attempt_at timestamptz,
  -- A delivery under way; after this moment another process may try again (real time, not business time).
  claimed_until   timestamptz,
  closed_at       timestamptz
);
CREATE INDEX webhooks_due ON merchants.webhooks (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX webhooks_order ON merchants.webhooks (order_id);

CREATE TABLE merchants.webhook_attempts (
  webhook_id  uuid NOT NULL REFERENCES merchants.webhooks (id),
  attempt     integer NOT NULL,
  at          timestamptz NOT NULL,
  http_status integer,
  -- Why there was no answer: timeout, refused, reset, address …
  no_answer   text,
  duration_ms integer NOT NULL,
  PRIMARY KEY (webhook_id, attempt)
);
