-- The month is asked for where an account has a cap, in the statement that moves it: a posting is one query less.

CREATE OR REPLACE FUNCTION ledger.move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  touched bigint;
  agreeing bigint;
BEGIN
  WITH side AS (
    SELECT debit_account_id AS account_id, debit_entry AS entry, -amount AS amount, debit_balance_after AS balance_after, currency,
           0::bigint AS came_in, recorded_at
    FROM added
    UNION ALL
    SELECT credit_account_id, credit_entry, amount, credit_balance_after, currency,
           CASE WHEN reversal_of IS NULL THEN amount ELSE 0 END, recorded_at
    FROM added
  ), per_account AS (
    SELECT account_id, sum(amount)::bigint AS delta, count(*) AS entries, max(entry) AS last_entry, min(currency) AS currency,
           min(currency) = max(currency) AS one_currency, least(sum(came_in), 9223372036854775807)::bigint AS came_in,
           min(amount) < 0 AS debited, max(amount) > 0 AS credited, max(recorded_at) AS recorded_at,
           (array_agg(balance_after ORDER BY entry DESC))[1] AS balance_after
    FROM side GROUP BY account_id ORDER BY account_id
  ), moved AS (
    UPDATE ledger.accounts AS account
    SET balance = account.balance + per_account.delta, entry_count = account.entry_count + per_account.entries,
        incoming_month = CASE WHEN account.monthly_cap IS NULL THEN account.incoming_month ELSE greatest(account.incoming_month, ledger.month_of(per_account.recorded_at)) END,
        incoming = CASE WHEN account.monthly_cap IS NULL THEN account.incoming
                        WHEN account.incoming_month >= ledger.month_of(per_account.recorded_at) THEN account.incoming + per_account.came_in
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
