-- The demo data is told once: this row says which story it is, and when it began.
CREATE SCHEMA demo;

CREATE TABLE demo.story (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seed         text NOT NULL,
  -- The ids of the shops that live in the sandbox, by their slug.
  shops        jsonb NOT NULL,
  told_at      timestamptz NOT NULL,
  -- Set once the conversations stand too: they are made by the desk, after the money.
  completed_at timestamptz
);
