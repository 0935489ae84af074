-- A shop that has not acknowledged a payment can be asked again at once: not more often than this rule allows.
CREATE TABLE merchants.ask_again_rule (
  one                boolean PRIMARY KEY DEFAULT true CHECK (one),
  minimum_gap_seconds integer NOT NULL CHECK (minimum_gap_seconds > 0)
);
INSERT INTO merchants.ask_again_rule (minimum_gap_seconds) VALUES (300);

ALTER TABLE merchants.webhooks ADD COLUMN asked_again_at timestamptz;
