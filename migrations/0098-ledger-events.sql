-- What decides money beside the transfers leaves a trace that only grows and is sealed with them: what an account is and may
-- do, what was held and given free. A plain transfer writes nothing here: what it moves, and the hold it posts, stand in it.

CREATE TABLE ledger.events (
  sequence   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- account_opened, account_changed, hold_placed, hold_closed. What was there before this table is written down once, below:
  -- account_kept, link_kept.
  kind       text NOT NULL,
  -- The account, the hold, the linked transfer.
  subject_id uuid NOT NULL,
  -- The columns that count, as one text. The verifier writes it anew from the row and compares.
  body       text NOT NULL
);
CREATE TRIGGER events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- Free texts have their length before them, so that no two rows look the same; times are microseconds since 1970.
CREATE FUNCTION ledger.account_text(account ledger.accounts) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat(octet_length(account.kind), ':', account.kind, '|', account.owner_id, '|', octet_length(account.currency), ':', account.currency,
    '|', account.minimum, '|', account.maximum, '|', account.monthly_cap, '|', account.frozen,
    '|', (extract(epoch FROM account.opened_at) * 1000000)::bigint, '|', (extract(epoch FROM account.closed_at) * 1000000)::bigint)
$$;
-- Before the row and only of these columns: moving a balance costs one comparison of column numbers.
CREATE FUNCTION ledger.tell_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.events (kind, subject_id, body)
  VALUES (CASE TG_OP WHEN 'INSERT' THEN 'account_opened' ELSE 'account_changed' END, NEW.id, ledger.account_text(NEW));
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_tell_opened AFTER INSERT ON ledger.accounts
  FOR EACH ROW EXECUTE FUNCTION ledger.tell_account();
CREATE TRIGGER accounts_tell_changed
  BEFORE UPDATE OF kind, owner_id, currency, minimum, maximum, monthly_cap, frozen, opened_at, closed_at ON ledger.accounts
  FOR EACH ROW EXECUTE FUNCTION ledger.tell_account();

CREATE FUNCTION ledger.tell_hold_placed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.events (kind, subject_id, body)
  SELECT 'hold_placed', id, concat(debit_account_id, '|', credit_account_id, '|', amount, '|', octet_length(currency), ':', currency,
    '|', octet_length(reference), ':', reference,
    '|', (extract(epoch FROM expires_at) * 1000000)::bigint, '|', (extract(epoch FROM placed_at) * 1000000)::bigint)
  FROM placed;
  RETURN NULL;
END $$;
CREATE TRIGGER holds_tell_placed AFTER INSERT ON ledger.holds
  REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION ledger.tell_hold_placed();

-- Parts that are posted stand in the transfers; the end of a hold is told once.
CREATE FUNCTION ledger.tell_hold_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ledger.events (kind, subject_id, body)
  SELECT 'hold_closed', id, concat(state, '|', posted, '|', (extract(epoch FROM closed_at) * 1000000)::bigint)
  FROM after WHERE state <> 'open';
  RETURN NULL;
END $$;
CREATE TRIGGER holds_tell_closed AFTER UPDATE ON ledger.holds
  REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION ledger.tell_hold_closed();

-- From here on a seal also covers the events, and the links and exchanges of its transfers. NULL: a seal of the first form.
ALTER TABLE ledger.seals
  ADD COLUMN links       bigint,
  ADD COLUMN links_root  bytea,
  ADD COLUMN last_event  bigint,
  ADD COLUMN events      bigint,
  ADD COLUMN events_root bytea;

-- What was there before, told once.
INSERT INTO ledger.events (kind, subject_id, body) SELECT 'account_kept', id, ledger.account_text(account) FROM ledger.accounts AS account ORDER BY id;
INSERT INTO ledger.events (kind, subject_id, body)
SELECT 'hold_placed', id, concat(debit_account_id, '|', credit_account_id, '|', amount, '|', octet_length(currency), ':', currency,
  '|', octet_length(reference), ':', reference,
  '|', (extract(epoch FROM expires_at) * 1000000)::bigint, '|', (extract(epoch FROM placed_at) * 1000000)::bigint)
FROM ledger.holds ORDER BY id;
INSERT INTO ledger.events (kind, subject_id, body)
SELECT 'hold_closed', id, concat(state, '|', posted, '|', (extract(epoch FROM closed_at) * 1000000)::bigint)
FROM ledger.holds WHERE state <> 'open' ORDER BY id;
INSERT INTO ledger.events (kind, subject_id, body)
SELECT 'link_kept', link.transfer_id, concat(link.link_id, '|', link.place, '|', exchange.sold_amount,
  '|', octet_length(exchange.sold_currency), ':', exchange.sold_currency, '|', exchange.bought_amount,
  '|', octet_length(exchange.bought_currency), ':', exchange.bought_currency, '|', exchange.rate_numerator, '|', exchange.rate_denominator,
  '|', octet_length(exchange.rate_source), ':', exchange.rate_source, '|', (extract(epoch FROM exchange.recorded_at) * 1000000)::bigint)
FROM ledger.links AS link LEFT JOIN ledger.exchanges AS exchange ON exchange.link_id = link.link_id AND link.place = 1
ORDER BY link.link_id, link.place;
