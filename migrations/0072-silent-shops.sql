-- What staff decided about payments above the limit whose shop never acknowledged: one row a payment, the last decision.
CREATE TABLE payments.silent_shop_decisions (
  payment_number bigint PRIMARY KEY REFERENCES payments.payments (number),
  decision       text NOT NULL CHECK (decision IN ('return', 'wait')),
  note           text NOT NULL,
  decided_by     uuid NOT NULL,
  decided_at     timestamptz NOT NULL,
  -- While a second person is asked whether it goes back.
  approval_id    uuid,
  CONSTRAINT only_returns_are_approved CHECK (approval_id IS NULL OR decision = 'return')
);
