-- A key says in which batch it was kept, so that a seal can cover keys without looking at all of them: what is above the last
-- batch that was sealed is new. One number for a batch, not for a key. Keys from before are batch 0.
CREATE SEQUENCE ledger.key_batches;
ALTER TABLE ledger.idempotency ADD COLUMN batch bigint NOT NULL DEFAULT 0;
ALTER TABLE ledger.idempotency ALTER COLUMN batch SET DEFAULT nextval('ledger.key_batches');
-- Keys lie nearly in that order: like that of the transfers, this index costs an insert next to nothing.
CREATE INDEX idempotency_batch ON ledger.idempotency USING brin (batch) WITH (pages_per_range = 32, autosummarize = on);

ALTER TABLE ledger.seals
  ADD COLUMN last_batch bigint,
  ADD COLUMN keys       bigint,
  ADD COLUMN keys_root  bytea;
