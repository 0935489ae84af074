-- Requests to give money back, as the shops know them: told by webhooks, answered by hand or by a switch.

CREATE TABLE sandbox.shop_refunds (
  shop         text NOT NULL,
  reference    text NOT NULL,
  order_id     uuid REFERENCES sandbox.shop_orders,
  order_number text NOT NULL,
  payment      text NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  reason       text NOT NULL,
  note         text NOT NULL DEFAULT '',
  -- As Tuntas told it last.
  state        text NOT NULL,
  asked_at     timestamptz NOT NULL,
  answer_by    timestamptz,
  -- What this shop said; kept before it is sent, so that it is sent again under the same key until it arrives.
  answer       text CHECK (answer IN ('agree', 'refuse')),
  answer_key   uuid NOT NULL,
  answer_sent  boolean NOT NULL DEFAULT false,
  problem      text,
  changed_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shop, reference)
);
CREATE INDEX shop_refunds_newest ON sandbox.shop_refunds (shop, asked_at DESC);
CREATE INDEX shop_refunds_open ON sandbox.shop_refunds (shop) WHERE NOT answer_sent;

-- An order whose money went back whole.
ALTER TABLE sandbox.shop_orders DROP CONSTRAINT shop_orders_state_check;
ALTER TABLE sandbox.shop_orders ADD CONSTRAINT shop_orders_state_check
  CHECK (state IN ('new', 'waiting', 'paid', 'cancelled', 'expired', 'refunded'));
