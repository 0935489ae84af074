-- Refunds: money of a payment that goes back. One state machine in one row; every open refund has an owner and a deadline.

CREATE SCHEMA refunds;

CREATE SEQUENCE refunds.numbers AS bigint MINVALUE 1 MAXVALUE 1099511627775;

CREATE TABLE refunds.refunds (
  number             bigint PRIMARY KEY,
  payment_number     bigint NOT NULL REFERENCES payments.payments (number),
  order_id           uuid NOT NULL,
  customer_id        uuid NOT NULL,
  merchant_id        uuid NOT NULL,
  amount             bigint NOT NULL CHECK (amount > 0),
  currency           text NOT NULL,
  reason             text NOT NULL,
  -- What the customer wrote, with card numbers, codes and passwords taken out before it came here.
  note               text,
  asked_by           text NOT NULL CHECK (asked_by IN ('customer', 'agent', 'shop')),
  requested_by_agent uuid,
  case_id            uuid,
  asked_at           timestamptz NOT NULL,
  state              text NOT NULL CHECK (state IN ('asking_shop', 'in_review', 'awaiting_approval', 'waiting_for_funds',
                                                    'paid', 'declined', 'withdrawn', 'overtaken')),
  owner              text CHECK (owner IN ('shop', 'staff', 'second_person', 'customer')),
  until_at           timestamptz,
  promised_by        timestamptz NOT NULL,
  -- How often the customer was told of a new date before asking.
  late_told          integer NOT NULL DEFAULT 0,
  shop_answer        text CHECK (shop_answer IN ('agreed', 'refused', 'silent')),
  shop_note          text,
  shop_answered_at   timestamptz,
  -- Why staff look at it, since when, and how often the deadline passed without a decision: from 1 on a lead owns it.
  review_cause       text CHECK (review_cause IN ('shop_refused', 'shop_silent', 'approval_closed', 'funds_missing', 'no_room')),
  review_since       timestamptz,
  escalations        integer NOT NULL DEFAULT 0,
  decision           text CHECK (decision IN ('grant', 'decline')),
  decision_note      text,
  decided_by         uuid,
  decided_at         timestamptz,
  approval_id        uuid,
  -- What a second person was shown. Other facts at the moment of paying void it.
  proposed_payload   jsonb,
  approved_by        uuid,
  approved_at        timestamptz,
  -- Everybody who must agree has agreed; only money can be missing.
  cleared_at         timestamptz,
  waiting_for        text CHECK (waiting_for IN ('shop_funds', 'wallet_room')),
  next_try_at        timestamptz,
  fee_returned       bigint NOT NULL DEFAULT 0 CHECK (fee_returned >= 0),
  transfer_id        uuid,
  -- When it was asked for, later when it ended: the place in a history.
  effective_at       timestamptz NOT NULL,
  closed_at          timestamptz,
  CONSTRAINT refund_open_has_owner CHECK (
    (state IN ('asking_shop', 'in_review', 'awaiting_approval', 'waiting_for_funds')) =
    (owner IS NOT NULL AND until_at IS NOT NULL AND closed_at IS NULL)),
  CONSTRAINT refund_paid_has_transfer CHECK ((state = 'paid') = (transfer_id IS NOT NULL)),
  CONSTRAINT refund_waits_for CHECK ((state = 'waiting_for_funds') = (waiting_for IS NOT NULL AND next_try_at IS NOT NULL))
) WITH (fillfactor = 70);
-- One open refund of a payment at a time, whoever asks, under whatever key.
CREATE UNIQUE INDEX refunds_open ON refunds.refunds (payment_number)
  WHERE state IN ('asking_shop', 'in_review', 'awaiting_approval', 'waiting_for_funds');
CREATE INDEX refunds_payment ON refunds.refunds (payment_number);
CREATE INDEX refunds_customer ON refunds.refunds (customer_id, effective_at DESC, number DESC);
CREATE INDEX refunds_merchant ON refunds.refunds (merchant_id, number DESC);
CREATE INDEX refunds_until ON refunds.refunds (until_at) WHERE closed_at IS NULL;
CREATE INDEX refunds_promised ON refunds.refunds (promised_by) WHERE closed_at IS NULL;
CREATE INDEX refunds_waiting ON refunds.refunds (next_try_at) WHERE state = 'waiting_for_funds';

-- Kept for ever: the same key with the same body gives the first answer, a refusal included; with another body it is refused.
CREATE TABLE refunds.idempotency (
  actor_kind text NOT NULL CHECK (actor_kind IN ('customer', 'agent', 'merchant')),
  actor_id   uuid NOT NULL,
  key        uuid NOT NULL,
  body_hash  bytea NOT NULL,
  -- {number} or {code, values}; written in the same commit as the key.
  outcome    jsonb,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor_kind, actor_id, key)
);

-- Rules as data. Days are working days. Amounts are minor units.
CREATE TABLE refunds.rules (
  currency              text PRIMARY KEY,
  -- How long after the payment a refund may be asked for.
  request_within_days   integer NOT NULL CHECK (request_within_days > 0),
  shop_answer_days      integer NOT NULL CHECK (shop_answer_days > 0),
  review_days           integer NOT NULL CHECK (review_days > 0),
  lead_days             integer NOT NULL CHECK (lead_days > 0),
  approval_days         integer NOT NULL CHECK (approval_days > 0),
  funds_days            integer NOT NULL CHECK (funds_days > 0),
  promise_days          integer NOT NULL CHECK (promise_days > 0),
  late_days             integer NOT NULL CHECK (late_days > 0),
  -- Above these a second person must approve; counted over all refunds of one payment (no splitting).
  staff_alone_up_to     bigint NOT NULL CHECK (staff_alone_up_to >= 0),
  shop_agreed_up_to     bigint NOT NULL CHECK (shop_agreed_up_to >= 0)
);
INSERT INTO refunds.rules VALUES ('IDR', 180, 2, 1, 1, 1, 3, 7, 2, 50000000, 500000000);

-- What one member of staff may grant in one day, in all and to one customer.
CREATE TABLE refunds.staff_limits (
  role                 text NOT NULL CHECK (role IN ('agent', 'lead')),
  currency             text NOT NULL,
  per_day              bigint NOT NULL CHECK (per_day > 0),
  per_day_and_customer bigint NOT NULL CHECK (per_day_and_customer > 0),
  PRIMARY KEY (role, currency)
);
INSERT INTO refunds.staff_limits VALUES
  ('agent', 'IDR', 1000000000, 500000000),
  ('lead', 'IDR', 5000000000, 2000000000);

-- What was granted so far; the row is locked while it is judged. The nil customer counts all of them.
CREATE TABLE refunds.staff_grants (
  agent_id    uuid NOT NULL,
  day         date NOT NULL,
  currency    text NOT NULL,
  customer_id uuid NOT NULL,
  granted     bigint NOT NULL DEFAULT 0 CHECK (granted >= 0),
  PRIMARY KEY (agent_id, day, currency, customer_id)
) WITH (fillfactor = 70);

-- Days on which nobody works, besides weekends. Those that follow the moon are added each year by whoever runs the service.
CREATE TABLE refunds.holidays (
  day date PRIMARY KEY
);
INSERT INTO refunds.holidays
SELECT make_date(year, month, date)
FROM generate_series(2026, 2030) AS year, (VALUES (1, 1), (5, 1), (6, 1), (8, 17), (12, 25)) AS fixed (month, date);

-- What went back of a payment so far, and of the fee that its shop had paid. The database refuses more than was paid.
ALTER TABLE payments.payments
  ADD COLUMN refunded bigint NOT NULL DEFAULT 0,
  ADD COLUMN fee_refunded bigint NOT NULL DEFAULT 0,
  ADD CONSTRAINT refunded_within_payment CHECK (refunded >= 0 AND refunded <= amount);

ALTER TABLE merchants.webhooks DROP CONSTRAINT webhooks_type_check;
ALTER TABLE merchants.webhooks ADD CONSTRAINT webhooks_type_check CHECK (type IN ('order.paid', 'order.cancelled', 'order.expired',
  'refund.requested', 'refund.paid', 'refund.declined'));
