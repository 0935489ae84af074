-- What is given back is counted where it is written: whoever posts a transfer that names its origin, alone, linked or under a
-- key, adds to what was reversed of it, and the sum never exceeds the origin.

CREATE FUNCTION ledger.count_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  origin ledger.transfers;
BEGIN
  SELECT * INTO origin FROM ledger.transfers WHERE id = NEW.reversal_of;
  -- The caps do not count what is given back, so it must go where the origin came from. Without an origin nothing is equal.
  IF (NEW.credit_account_id = origin.debit_account_id AND NEW.currency = origin.currency) IS NOT TRUE THEN
    RAISE EXCEPTION 'a reversal gives back to whom its origin took from' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'reversal_follows';
  END IF;
  INSERT INTO ledger.reversals AS counted (transfer_id, amount, reversed_amount)
  VALUES (origin.id, origin.amount, NEW.amount)
  ON CONFLICT (transfer_id) DO UPDATE SET reversed_amount = counted.reversed_amount + excluded.reversed_amount;
  RETURN NULL;
END $$;

-- Transfers that give nothing back, nearly all of them, cost one look at a column.
CREATE TRIGGER transfers_count_reversal AFTER INSERT ON ledger.transfers
  FOR EACH ROW WHEN (NEW.reversal_of IS NOT NULL) EXECUTE FUNCTION ledger.count_reversal();

-- Depth 0: somebody changes what was reversed instead of reversing.
CREATE TRIGGER reversals_by_transfer_only BEFORE UPDATE ON ledger.reversals
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER reversals_stay BEFORE DELETE OR TRUNCATE ON ledger.reversals
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
