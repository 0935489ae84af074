-- The sandbox's own world: what the phone received, what the shops and the bank know, how they misbehave.
-- Nothing here is known to the product, and nothing of the product is known here.

CREATE TABLE sandbox.settings (
  only_row        boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  switches        jsonb NOT NULL,
  -- How far this world's time is ahead of the machine's.
  clock_offset_ms bigint NOT NULL DEFAULT 0 CHECK (clock_offset_ms >= 0)
);
INSERT INTO sandbox.settings (switches) VALUES ('{}');

CREATE TABLE sandbox.phone_messages (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  channel     text NOT NULL CHECK (channel IN ('sms', 'email')),
  recipient   text NOT NULL,
  sender      text NOT NULL,
  subject     text NOT NULL,
  body        text NOT NULL,
  -- The sender's own id: the same message sent again arrives once.
  message_id  text UNIQUE,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX phone_messages_recipient ON sandbox.phone_messages (recipient, id DESC);

CREATE SEQUENCE sandbox.shop_order_numbers START WITH 55210;

CREATE TABLE sandbox.shop_orders (
  id              uuid PRIMARY KEY,
  shop            text NOT NULL,
  number          text NOT NULL,
  lines           jsonb NOT NULL,
  total_minor     bigint NOT NULL CHECK (total_minor > 0),
  -- Only a signed webhook moves an order away from `new` or `waiting`.
  state           text NOT NULL CHECK (state IN ('new', 'waiting', 'paid', 'cancelled', 'expired')),
  idempotency_key uuid NOT NULL,
  tuntas_order_id uuid,
  checkout_url    text,
  payment         text,
  problem         text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  changed_at      timestamptz NOT NULL DEFAULT now(),
  UNIQUE (shop, number)
);
CREATE INDEX shop_orders_newest ON sandbox.shop_orders (shop, created_at DESC);

CREATE TABLE sandbox.shop_webhooks (
  shop        text NOT NULL,
  webhook_id  text NOT NULL,
  type        text NOT NULL,
  order_id    uuid REFERENCES sandbox.shop_orders,
  -- How often the same event came; handled once.
  times       integer NOT NULL DEFAULT 1,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop, webhook_id)
);

CREATE TABLE sandbox.bank_transfers (
  id                 uuid PRIMARY KEY,
  virtual_account    text NOT NULL,
  account_name       text NOT NULL,
  amount_minor       bigint NOT NULL CHECK (amount_minor > 0),
  -- The bank's own reference: the same on every callback about this transfer.
  payment_request_id text NOT NULL UNIQUE,
  reference_no       text NOT NULL,
  state              text NOT NULL CHECK (state IN ('telling', 'accepted', 'refused', 'given_up')),
  -- Calls still to make although one was answered: the bank that calls twice.
  extra_calls        integer NOT NULL DEFAULT 0,
  calls              integer NOT NULL DEFAULT 0,
  next_call_at       timestamptz,
  made_at            timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bank_transfers_due ON sandbox.bank_transfers (next_call_at) WHERE next_call_at IS NOT NULL;
CREATE INDEX bank_transfers_newest ON sandbox.bank_transfers (made_at DESC);

CREATE TABLE sandbox.bank_calls (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transfer_id   uuid NOT NULL REFERENCES sandbox.bank_transfers,
  external_id   text NOT NULL,
  http_status   integer,
  response_code text,
  message       text NOT NULL,
  called_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX bank_calls_transfer ON sandbox.bank_calls (transfer_id, id);
