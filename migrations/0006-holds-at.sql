-- What was held at a moment of the past is asked by account: those that are open still, and those that were closed after it.
CREATE INDEX holds_account ON ledger.holds (debit_account_id, closed_at);
