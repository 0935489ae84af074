-- Transfers of a reference are read page by page in ledger order: the index ends with the sequence, so that a page costs what
-- it holds, however many transfers a reference has. It takes the place of the index on the reference alone.
DROP INDEX ledger.transfers_reference;
CREATE INDEX transfers_reference ON ledger.transfers (reference, sequence);
