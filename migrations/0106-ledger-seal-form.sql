-- How the bytes are made that a seal hashes. From here on 3: records as PostgreSQL sends them, instead of texts. NULL: a seal from
-- before, of the first form, or of the second when it also covers links, events and keys. The seal's own hash names its form, so
-- who changes it here is found.
ALTER TABLE ledger.seals ADD COLUMN form integer;
