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
  -- What may come in within one month; NULL: any sum. Reversals do not count: they give back.
  monthly_cap    bigint,
  incoming_month date,
  incoming       bigint,
  -- What is stopped; NULL: nothing.
  frozen      text CHECK (frozen IN ('debits', 'credits', 'both')),
  opened_at   timestamptz NOT NULL,
  closed_at   timestamptz,
  CONSTRAINT account_minimum CHECK (minimum IS NULL OR balance - held >= minimum),
  CONSTRAINT account_maximum CHECK (maximum IS NULL OR balance <= maximum),
  CONSTRAINT account_monthly CHECK (monthly_cap IS NULL OR incoming IS NULL OR incoming <= monthly_cap),
  CONSTRAINT account_closed_empty CHECK (closed_at IS NULL OR (balance = 0 AND held = 0))
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
-- Only what was recorded at another time than it happened: the balance of a moment on the other clock is corrected by these.
CREATE INDEX transfers_debit_dated ON ledger.transfers (debit_account_id, effective_at) WHERE effective_at <> recorded_at;
CREATE INDEX transfers_credit_dated ON ledger.transfers (credit_account_id, effective_at) WHERE effective_at <> recorded_at;

-- Transfers that were posted together or not at all.
CREATE TABLE ledger.links (
  transfer_id uuid PRIMARY KEY REFERENCES ledger.transfers (id),
  link_id     uuid NOT NULL,
  place       integer NOT NULL,
  UNIQUE (link_id, place)
);

-- Linked transfers that changed money of one currency into another, through the position accounts, at a rate.
CREATE TABLE ledger.exchanges (
  link_id          uuid PRIMARY KEY,
  sold_amount      bigint NOT NULL CHECK (sold_amount > 0),
  sold_currency    text NOT NULL,
  bought_amount    bigint NOT NULL CHECK (bought_amount > 0),
  bought_currency  text NOT NULL,
  -- Minor units bought for one minor unit sold, as a fraction: no rounding in the rate itself.
  rate_numerator   bigint NOT NULL CHECK (rate_numerator > 0),
  rate_denominator bigint NOT NULL CHECK (rate_denominator > 0),
  rate_source      text NOT NULL,
  recorded_at      timestamptz NOT NULL,
  CONSTRAINT exchange_between_two CHECK (sold_currency <> bought_currency),
  CONSTRAINT exchange_at_rate CHECK (bought_amount = div(sold_amount::numeric * rate_numerator, rate_denominator))
);

-- The first answer to each key of each owner, for ever, refusals on the merits included. Keys that begin with the time
-- (UUIDv7) lie side by side in the index: they cost half of random ones.
CREATE TABLE ledger.idempotency (
  owner_id  uuid NOT NULL,
  key       uuid NOT NULL,
  body_hash bytea NOT NULL,
  outcome   text NOT NULL,
  CONSTRAINT ledger_idempotency PRIMARY KEY (key, owner_id)
);

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

CREATE TRIGGER links_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.links
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER exchanges_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.exchanges
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER idempotency_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.idempotency
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Depth 0: somebody updates an account directly instead of posting.
CREATE TRIGGER balances_by_transfer_only
  BEFORE UPDATE OF id, kind, owner_id, currency, balance, held, entry_count, incoming, incoming_month, opened_at ON ledger.accounts
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger.refuse_change();

-- Months are counted where the wallets are.
CREATE FUNCTION ledger.month_of(moment timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT date_trunc('month', moment AT TIME ZONE 'Asia/Jakarta')::date
$$;

-- Moves the balances of all transfers of one statement and refuses them when their own figures do not follow from the accounts,
-- or when an account is closed or frozen for what they do.
CREATE FUNCTION ledger.move_balances() RETURNS trigger LANGUAGE plpgsql
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
           min(currency) = max(currency) AS one_currency, sum(came_in)::bigint AS came_in,
           min(amount) < 0 AS debited, max(amount) > 0 AS credited,
           (array_agg(balance_after ORDER BY entry DESC))[1] AS balance_after
    FROM side GROUP BY account_id
  ), moved AS (
    UPDATE ledger.accounts AS account
    SET balance = account.balance + per_account.delta, entry_count = account.entry_count + per_account.entries,
        incoming_month = CASE WHEN account.monthly_cap IS NULL THEN account.incoming_month ELSE this_month END,
        incoming = CASE WHEN account.monthly_cap IS NULL THEN account.incoming
                        WHEN account.incoming_month = this_month THEN account.incoming + per_account.came_in
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

CREATE TRIGGER transfers_move_balances AFTER INSERT ON ledger.transfers
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.move_balances();

-- Holds move what is held, set-based: once for all holds of a statement.
CREATE FUNCTION ledger.hold_added() RETURNS trigger LANGUAGE plpgsql AS $$
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
  RETURN NULL;
END $$;

CREATE FUNCTION ledger.hold_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM before) <> (
    SELECT count(*) FROM before JOIN after USING (id, debit_account_id, credit_account_id, amount, currency, reference, placed_at)
  ) THEN
    RAISE EXCEPTION 'a hold keeps what it was placed for' USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM before WHERE state <> 'open') THEN
    RAISE EXCEPTION 'a closed hold stays closed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'hold_is_open';
  END IF;
  UPDATE ledger.accounts AS account SET held = account.held + changed.delta
  FROM (SELECT before.debit_account_id, sum(after.remaining - before.remaining)::bigint AS delta
        FROM before JOIN after USING (id) GROUP BY 1) AS changed
  WHERE account.id = changed.debit_account_id;
  RETURN NULL;
END $$;

CREATE TRIGGER holds_added AFTER INSERT ON ledger.holds
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger.hold_added();
CREATE TRIGGER holds_changed AFTER UPDATE ON ledger.holds
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION ledger.hold_changed();

-- The last entry of an account that was recorded at or before a moment, 0 when none: found by halving, so that the time
-- it takes does not grow with the history.
CREATE FUNCTION ledger.entry_at(account uuid, moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT entry_count FROM ledger.accounts WHERE id = account);
  middle bigint;
  recorded timestamptz;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    SELECT recorded_at INTO recorded FROM ledger.transfers WHERE debit_account_id = account AND debit_entry = middle;
    IF NOT FOUND THEN
      SELECT recorded_at INTO recorded FROM ledger.transfers WHERE credit_account_id = account AND credit_entry = middle;
    END IF;
    IF recorded <= moment THEN low := middle; ELSE high := middle - 1; END IF;
  END LOOP;
  RETURN low;
END $$;
