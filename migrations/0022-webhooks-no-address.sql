-- What a shop without an address for webhooks cannot be told ends as that, instead of being tried for hours. Only "paid" goes
-- on being tried: money waits for its answer until a deadline of its own.
ALTER TABLE merchants.webhooks DROP CONSTRAINT webhooks_state_check;
ALTER TABLE merchants.webhooks ADD CONSTRAINT webhooks_state_check
  CHECK (state IN ('waiting', 'acknowledged', 'given_up', 'superseded', 'no_address'));
