-- Seals over the ledger, made after the commit: each covers a range of sequences and the seal before it.
-- Posting does nothing for them. What is sealed stays: the table only grows.

CREATE TABLE ledger.seals (
  number        bigint PRIMARY KEY,
  -- Covers the transfers above the last_sequence of the seal before, up to this one. Numbers that no transfer has are covered too.
  last_sequence bigint NOT NULL,
  transfers     bigint NOT NULL CONSTRAINT seal_transfers CHECK (transfers >= 0),
  -- All transfers from the first seal on to this one.
  total         bigint NOT NULL,
  root          bytea NOT NULL CONSTRAINT seal_root CHECK (octet_length(root) = 32),
  hash          bytea NOT NULL CONSTRAINT seal_hash CHECK (octet_length(hash) = 32),
  sealed_at     timestamptz NOT NULL
);

-- The beginning: its hash is random and names this ledger, so that another ledger's chain is never taken for it.
INSERT INTO ledger.seals (number, last_sequence, transfers, total, root, hash, sealed_at)
SELECT 0, 0, 0, 0, decode(repeat('00', 32), 'hex'), sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'epoch';

CREATE TRIGGER seals_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.seals
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

-- The sealer reads ranges of sequences. Transfers lie nearly in that order, so ranges of blocks are found by this
-- small index, which costs an insert next to nothing.
CREATE INDEX transfers_sequence ON ledger.transfers USING brin (sequence) WITH (pages_per_range = 32, autosummarize = on);
