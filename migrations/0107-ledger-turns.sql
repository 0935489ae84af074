-- Batches that are decided ahead of the locks took their turn before they wrote anything: one wrote its rows and indexes only when
-- the one before had committed. Now the turn is for what must be one after the other, the balances; rows are written beside.
-- `ledger.turn` says of a transaction that it is such a batch: `waited_for`, the posting takes the turn before it moves balances;
-- `taken`, it has it already. Nobody else sets it, and to set it changes only who waits.

CREATE FUNCTION ledger.take_turn() RETURNS void LANGUAGE sql AS $$
  SELECT pg_advisory_xact_lock(hashtext('ledger: decided ahead of the locks'))
$$;

CREATE OR REPLACE FUNCTION ledger.move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  touched bigint;
  agreeing bigint;
  turn text := current_setting('ledger.turn', true);
  patience text;
BEGIN
  IF turn = 'waited_for' THEN
    patience := current_setting('lock_timeout');
    PERFORM set_config('lock_timeout', '0', true);
    PERFORM ledger.take_turn();
    PERFORM set_config('lock_timeout', patience, true);
  END IF;
  -- Heard at once by who wrote them: the rows stand, the next batch may write its own.
  IF turn <> '' THEN
    RAISE NOTICE 'ledger: moving';
  END IF;
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
