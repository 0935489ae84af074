-- A silent shop's payment that goes back waits for its wallet: no room, credits stopped, or closed. It always has an owner and a deadline.

-- Since when it is decided that all that is left goes back: the order is cancelled, and no late answer of the shop takes it any more.
ALTER TABLE payments.payments ADD COLUMN returning_since timestamptz;

-- So long the wait is its owner's (the customer's for want of room); then staff look at it, each time for as long again.
ALTER TABLE payments.silent_shop_rules
  ADD COLUMN wait_seconds integer NOT NULL DEFAULT 259200 CHECK (wait_seconds > 0);

CREATE TABLE payments.waiting_returns (
  payment_number bigint PRIMARY KEY REFERENCES payments.payments (number),
  -- As for refunds: the wallet has no room, or what comes into its account is stopped.
  waits_for      text NOT NULL CHECK (waits_for IN ('wallet_room', 'wallet_stopped')),
  -- Since when it waits for this.
  since          timestamptz NOT NULL,
  until_at       timestamptz NOT NULL,
  -- Tried then in any case, and at once when the wallet seems to take it.
  next_try_at    timestamptz NOT NULL
);
