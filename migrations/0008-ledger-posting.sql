-- How a posting moves balances, with three things that were wrong or missing before.
-- A month that has begun stays begun: a batch whose clock is behind, or that waited for its locks over midnight, counts for the
-- newer month instead of setting the sum of the month back to nothing.
-- What came in within one batch may sum above int8 where no cap asks for it.
-- Accounts that the writer has not locked are locked here, by id: who decides ahead of the locks leaves the locking to the
-- posting. A writer with wallets and other accounts locks the wallets itself before, since wallets come first everywhere.

-- Moves the balances of all transfers of one statement and refuses them when their own figures do not follow from the accounts,
-- or when an account is closed or frozen for what they do.
CREATE OR REPLACE FUNCTION ledger.move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  touched bigint;
  agreeing bigint;
  this_month date := ledger.month_of((SELECT max(recorded_at) FROM added));
BEGIN
  WITH side AS (
    SELECT debit_account_id AS account_id, debit_entry AS entry, -amount AS amount, debit_balance_after AS balance_after, currency,
           0::bigint AS came_in
    FROM added
    UNION ALL
    SELECT credit_account_id, credit_entry, amount, credit_balance_after, currency, CASE WHEN reversal_of IS NULL THEN amount ELSE 0 END
    FROM added
  ), per_account AS (
    SELECT account_id, sum(amount)::bigint AS delta, count(*) AS entries, max(entry) AS last_entry, min(currency) AS currency,
           min(currency) = max(currency) AS one_currency, least(sum(came_in), 9223372036854775807)::bigint AS came_in,
           min(amount) < 0 AS debited, max(amount) > 0 AS credited,
           (array_agg(balance_after ORDER BY entry DESC))[1] AS balance_after
    FROM side GROUP BY account_id ORDER BY account_id
  ), moved AS (
    UPDATE ledger.accounts AS account
    SET balance = account.balance + per_account.delta, entry_count = account.entry_count + per_account.entries,
        incoming_month = CASE WHEN account.monthly_cap IS NULL THEN account.incoming_month ELSE greatest(account.incoming_month, this_month) END,
        incoming = CASE WHEN account.monthly_cap IS NULL THEN account.incoming
                        WHEN account.incoming_month >= this_month THEN account.incoming + per_account.came_in
                        ELSE per_account.came_in END
    FROM per_account WHERE account.id = per_account.account_id
    RETURNING account.balance = per_account.balance_after AND account.entry_count = per_account.last_entry
              AND account.currency = per_account.currency AND per_account.one_currency AND account.closed_at IS NULL
              AND (account.frozen IS NULL OR NOT (
                per_account.debited AND account.frozen <> 'credits' OR per_account.credited AND account.frozen <> 'debits')) AS agrees
  )
  SELECT (SELECT count(*) FROM per_account), count(*) FILTER (WHERE agrees) INTO touched, agreeing FROM moved;
  IF touched <> agreeing THEN
    RAISE EXCEPTION 'a transfer does not follow from its accounts' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'transfer_follows';
  END IF;
  RETURN NULL;
END $$;
