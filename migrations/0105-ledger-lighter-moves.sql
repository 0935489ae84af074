-- Moving a balance, the most frequent thing that a ledger does, no longer pays for what does not concern it. A row trigger before
-- an update locks each row first and so writes it twice, even when its condition says no; a check on the form of the currency
-- looked at every row whose balance moved; a foreign key looked at it too. The guards are the same, each where it belongs.

-- What these columns may hold is asked when they are written, not when the row is. The kind that nearly all accounts have stands first.
CREATE DOMAIN ledger.currency_code AS text CONSTRAINT account_currency CHECK (VALUE ~ '^[A-Z]{3}$');
CREATE DOMAIN ledger.account_kind AS text CONSTRAINT account_kind CHECK (VALUE IN (
  'customer_wallet', 'shop_unacknowledged', 'shop_payable', 'shop_reserve', 'bank_clearing', 'top_up_suspense', 'fees',
  'biller_payable', 'rewards', 'exchange_position'));

DROP TRIGGER balances_by_transfer_only ON ledger.accounts;
DROP TRIGGER accounts_tell_changed ON ledger.accounts;
ALTER TABLE ledger.accounts DROP CONSTRAINT accounts_currency_check, DROP CONSTRAINT account_kind,
  ALTER COLUMN currency TYPE ledger.currency_code, ALTER COLUMN kind TYPE ledger.account_kind;

-- Depth 0: somebody updates an account directly instead of posting. Refused by the columns that the statement names.
CREATE TRIGGER balances_by_transfer_only
  BEFORE UPDATE OF id, kind, owner_id, currency, balance, held, entry_count, incoming, incoming_month, opened_at ON ledger.accounts
  FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER accounts_tell_changed
  AFTER UPDATE OF kind, owner_id, currency, minimum, maximum, monthly_cap, frozen, opened_at, closed_at ON ledger.accounts
  FOR EACH ROW EXECUTE FUNCTION ledger.tell_account();

-- Accounts are never deleted and keep their id (accounts_stay, balances_by_transfer_only), so it is enough to ask when a hold
-- is placed. A hold whose debited account is unknown was refused here before.
ALTER TABLE ledger.holds DROP CONSTRAINT holds_debit_account_id_fkey, DROP CONSTRAINT holds_credit_account_id_fkey;
CREATE OR REPLACE FUNCTION ledger.hold_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved bigint;
BEGIN
  UPDATE ledger.accounts AS account SET held = account.held + placed.remaining
  FROM (SELECT debit_account_id, currency, sum(remaining)::bigint AS remaining FROM added GROUP BY 1, 2) AS placed
  WHERE account.id = placed.debit_account_id AND account.currency = placed.currency AND account.closed_at IS NULL;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved <> (SELECT count(*) FROM (SELECT DISTINCT debit_account_id, currency FROM added) AS pairs) THEN
    RAISE EXCEPTION 'a hold needs an open account of its currency' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hold_currency';
  END IF;
  IF EXISTS (SELECT FROM added WHERE NOT EXISTS (SELECT FROM ledger.accounts WHERE id = credit_account_id)) THEN
    RAISE EXCEPTION 'a hold needs an account to go to' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'hold_credited';
  END IF;
  RETURN NULL;
END $$;
