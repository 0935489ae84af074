-- Whatever waits for a person has an owner and a deadline: also the payment of a silent shop, and the pay-outs that staff stopped.

-- So long an agent has for a payment whose shop stayed silent, and then a lead.
ALTER TABLE payments.silent_shop_rules
  ADD COLUMN decide_seconds integer NOT NULL DEFAULT 86400 CHECK (decide_seconds > 0);
-- A second person did not approve: the time begins again.
ALTER TABLE payments.silent_shop_decisions ADD COLUMN open_again_at timestamptz;

-- After this long somebody looks again at pay-outs that were stopped, and from then on a lead.
ALTER TABLE settlements.decision_rules
  ADD COLUMN hold_seconds integer NOT NULL DEFAULT 259200 CHECK (hold_seconds > 0);
