-- The ledger. A transfer is one row with both its sides, so it cannot be unbalanced; entries are a view of it.
-- Balances move only by inserting a transfer and holds only by the holds table: the triggers below are the only way.

CREATE SCHEMA ledger;

CREATE TABLE ledger.accounts (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL,
  owner_id    uuid,
  currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  balance     bigint NOT NULL DEFAULT 0,
  held        bigint NOT NULL DEFAULT 0 CONSTRAINT account_held CHECK (held >= 0),
  -- Counts the entries of this account: the chain of balances after each entry has no gap.
  entry_count bigint NOT NULL DEFAULT 0,
  -- NULL: may go below zero without bound (a clearing account mirrors the outside).
  minimum     bigint,
  maximum     bigint,
  opened_at   timestamptz NOT NULL,
  CONSTRAINT account_minimum CHECK (minimum IS NULL OR balance - held >= minimum),
  CONSTRAINT account_maximum CHECK (maximum IS NULL OR balance <= maximum)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX accounts_system ON ledger.accounts (kind, currency) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX accounts_owner ON ledger.accounts (owner_id, kind, currency) WHERE owner_id IS NOT NULL;

CREATE TABLE ledger.transfers (
  -- The order of the ledger: given while the accounts are locked, so it never runs against an account's own order.
  sequence             bigint GENERATED ALWAYS AS IDENTITY,
  id                   uuid PRIMARY KEY,
  debit_account_id     uuid NOT NULL,
  credit_account_id    uuid NOT NULL,
  amount               bigint NOT NULL CONSTRAINT transfer_amount CHECK (amount > 0),
  currency             text NOT NULL,
  kind                 text NOT NULL,
  reference            text NOT NULL,
  reversal_of          uuid,
  hold_id              uuid,
  debit_balance_after  bigint NOT NULL,
  debit_entry          bigint NOT NULL,
  credit_balance_after bigint NOT NULL,
  credit_entry         bigint NOT NULL,
  effective_at         timestamptz NOT NULL,
  recorded_at          timestamptz NOT NULL,
  CONSTRAINT transfer_between_two CHECK (debit_account_id <> credit_account_id)
);
CREATE UNIQUE INDEX transfers_debit ON ledger.transfers (debit_account_id, debit_entry);
CREATE UNIQUE INDEX transfers_credit ON ledger.transfers (credit_account_id, credit_entry);
CREATE INDEX transfers_reference ON ledger.transfers (reference);

-- What was reversed of a transfer so far: the database refuses more than the origin moved.
CREATE TABLE ledger.reversals (
  transfer_id     uuid PRIMARY KEY REFERENCES ledger.transfers (id),
  amount          bigint NOT NULL,
  reversed_amount bigint NOT NULL CHECK (reversed_amount > 0),
  CONSTRAINT reversal_within_origin CHECK (reversed_amount <= amount)
);

CREATE TABLE ledger.holds (
  id                uuid PRIMARY KEY,
  debit_account_id  uuid NOT NULL REFERENCES ledger.accounts (id),
  credit_account_id uuid NOT NULL REFERENCES ledger.accounts (id),
  amount            bigint NOT NULL CONSTRAINT hold_amount CHECK (amount > 0),
  posted            bigint NOT NULL DEFAULT 0 CHECK (posted >= 0),
  -- What is still held: falls by posting, to zero when voided or expired.
  remaining         bigint NOT NULL CHECK (remaining >= 0),
  currency          text NOT NULL,
  reference         text NOT NULL,
  state             text NOT NULL CHECK (state IN ('open', 'posted', 'voided', 'expired')),
  expires_at        timestamptz,
  placed_at         timestamptz NOT NULL,
  closed_at         timestamptz,
  CONSTRAINT hold_sum CHECK (posted + remaining <= amount),
  CONSTRAINT hold_closed CHECK (state = 'open' OR remaining = 0)
);
CREATE INDEX holds_open ON ledger.holds (debit_account_id) WHERE state = 'open';
CREATE INDEX holds_expiring ON ledger.holds (expires_at) WHERE state = 'open';

CREATE VIEW ledger.entries AS
  SELECT debit_account_id AS account_id, debit_entry AS entry, -amount AS amount, debit_balance_after AS balance_after,
         credit_account_id AS other_account_id, id AS transfer_id, sequence, kind, reference, currency, effective_at, recorded_at
  FROM ledger.transfers
  UNION ALL
  SELECT credit_account_id, credit_entry, amount, credit_balance_after,
         debit_account_id, id, sequence, kind, reference, currency, effective_at, recorded_at
  FROM ledger.transfers;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: what is recorded stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER transfers_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.transfers
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER accounts_stay BEFORE DELETE OR TRUNCATE ON ledger.accounts
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER holds_stay BEFORE DELETE OR TRUNCATE ON ledger.holds
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Depth 0: somebody updates an account directly instead of posting.
CREATE TRIGGER balances_by_transfer_only BEFORE UPDATE OF balance, held, entry_count, currency ON ledger.accounts
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger.refuse_change();

-- Moves the balances of all transfers of one statement and refuses them when their own figures do not follow from the accounts.
CREATE FUNCTION ledger.move_balances() RETURNS trigger LANGUAGE plpgsql
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  touched bigint;
  agreeing bigint;
BEGIN
  WITH side AS (
    SELECT debit_account_id AS account_id, debit_entry AS entry, -amount AS amount, debit_balance_after AS balance_after, currency FROM added
    UNION ALL
    SELECT credit_account_id, credit_entry, amount, credit_balance_after, currency FROM added
  ), per_account AS (
    SELECT account_id, sum(amount)::bigint AS delta, count(*) AS entries, max(entry) AS last_entry, min(currency) AS currency,
           min(currency) = max(currency) AS one_currency,
           (array_agg(balance_after ORDER BY entry DESC))[1] AS balance_after
    FROM side GROUP BY account_id
  ), moved AS (
    UPDATE ledger.accounts AS account
    SET balance = account.balance + per_account.delta, entry_count = account.entry_count + per_account.entries
    FROM per_account WHERE account.id = per_account.account_id
    RETURNING account.balance = per_account.balance_after AND account.entry_count = per_account.last_entry
              AND account.currency = per_account.currency AND per_account.one_currency AS agrees
  )
  SELECT (SELECT count(*) FROM per_account), count(*) FILTER (WHERE agrees) INTO touched, agreeing FROM moved;
  IF touched <> agreeing THEN
    RAISE EXCEPTION 'a transfer does not follow from its accounts' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'transfer_follows';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER transfers_move_balances AFTER INSERT ON ledger.transfers
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.move_balances();

CREATE FUNCTION ledger.move_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.id, NEW.debit_account_id, NEW.credit_account_id, NEW.amount, NEW.currency)
     IS DISTINCT FROM (OLD.id, OLD.debit_account_id, OLD.credit_account_id, OLD.amount, OLD.currency) THEN
    RAISE EXCEPTION 'a hold keeps what it was placed for' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state <> 'open' THEN
    RAISE EXCEPTION 'a closed hold stays closed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hold_is_open';
  END IF;
  UPDATE ledger.accounts SET held = held + NEW.remaining - CASE TG_OP WHEN 'UPDATE' THEN OLD.remaining ELSE 0 END
  WHERE id = NEW.debit_account_id AND currency = NEW.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a hold needs an account of its currency' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'hold_currency';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER holds_move_held AFTER INSERT OR UPDATE ON ledger.holds
  FOR EACH ROW EXECUTE FUNCTION ledger.move_held();
