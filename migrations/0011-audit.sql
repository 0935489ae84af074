-- Who did what and who saw what: entries are added, never changed; a chain of hashes shows it when somebody did.
CREATE SCHEMA audit;

-- What one transaction recorded at once: one seal covers all its entries.
CREATE TABLE audit.batches (
  batch        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entries      integer NOT NULL CHECK (entries > 0),
  -- SHA-256 over its entries in order, computed by who recorded them.
  content_hash bytea NOT NULL
);

CREATE TABLE audit.entries (
  batch         bigint NOT NULL,
  ordinal       integer NOT NULL,
  who_kind      text NOT NULL CHECK (who_kind IN ('customer', 'agent', 'merchant', 'system')),
  who_id        text,
  action        text NOT NULL,
  resource_kind text NOT NULL,
  resource_id   text,
  detail        jsonb NOT NULL DEFAULT '{}',
  at            timestamptz NOT NULL,
  PRIMARY KEY (batch, ordinal)
);
CREATE INDEX entries_resource ON audit.entries (resource_id, resource_kind, batch, ordinal);

-- Batches that have no place in the chain yet; filled in the same statement as the entries.
CREATE TABLE audit.unsealed (batch bigint NOT NULL);

CREATE TABLE audit.seals (
  sequence bigint PRIMARY KEY,
  batch    bigint NOT NULL UNIQUE,
  hash     bytea NOT NULL,
  -- Keyed with a secret outside the database: a chain that was computed anew lacks it.
  mac      bytea NOT NULL
);

CREATE TABLE audit.chain_head (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  sequence bigint NOT NULL,
  hash     bytea NOT NULL
);
INSERT INTO audit.chain_head (sequence, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

CREATE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER batches_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.batches
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
CREATE TRIGGER seals_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.seals
  FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change();
