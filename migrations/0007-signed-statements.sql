-- Statements that were signed, by the code that is printed on them: whoever holds a paper can ask whether it is ours.
CREATE TABLE wallets.signed_statements (
  -- The beginning of the SHA-256 of what was signed, in letters that are not mistaken for each other.
  code         text PRIMARY KEY CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{20}$'),
  customer_id  uuid NOT NULL REFERENCES wallets.wallets (customer_id),
  -- Of everything but the moment of signing: the same statement asked for twice is the same document.
  body_hash    bytea NOT NULL CHECK (octet_length(body_hash) = 32),
  -- Enough of the document to compare a paper with.
  holder       text NOT NULL,
  currency     text NOT NULL,
  from_day     date NOT NULL,
  to_day       date NOT NULL,
  opening      bigint NOT NULL,
  closing      bigint NOT NULL,
  closing_at   timestamptz NOT NULL,
  held         bigint NOT NULL,
  entries      integer NOT NULL,
  signed_at    timestamptz NOT NULL,
  key_id       text NOT NULL,
  signature    bytea NOT NULL CHECK (octet_length(signature) = 64),
  CONSTRAINT signed_once UNIQUE (customer_id, body_hash)
);
CREATE FUNCTION wallets.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: what was signed stays', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER signed_statements_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON wallets.signed_statements
  FOR EACH STATEMENT EXECUTE FUNCTION wallets.refuse_change();
