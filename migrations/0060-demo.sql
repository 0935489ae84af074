-- The demo data is told once: this row says which story it is, and when it was told.
CREATE SCHEMA demo;

CREATE TABLE demo.story (
  only_row     boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  seed         text NOT NULL,
  customers    integer NOT NULL,
  -- The ids of the shops that live in the sandbox, by their slug.
  shops        jsonb NOT NULL,
  told_at      timestamptz NOT NULL,
  -- Set once the conversations stand too: the desk makes them, after the money.
  completed_at timestamptz
);

-- The conversations that stand, by their place in the story.
CREATE TABLE demo.conversations (place integer PRIMARY KEY);
