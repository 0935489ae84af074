-- The plumbing: events with one global order, cursors of those who read them, business time.

CREATE TABLE platform.outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Given after the commit by one sequencer: identities do not commit in order, positions do.
  position      bigint,
  type          text NOT NULL,
  key           text NOT NULL,
  payload       jsonb NOT NULL,
  customer_id   uuid,
  merchant_id   uuid,
  live_customer jsonb,
  live_desk     jsonb,
  recorded_at   timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX outbox_unplaced ON platform.outbox (id) WHERE position IS NULL;
CREATE UNIQUE INDEX outbox_position ON platform.outbox (position) WHERE position IS NOT NULL;
CREATE INDEX outbox_customer ON platform.outbox (customer_id, position) WHERE live_customer IS NOT NULL AND position IS NOT NULL;
CREATE INDEX outbox_desk ON platform.outbox (position) WHERE live_desk IS NOT NULL AND position IS NOT NULL;

CREATE TABLE platform.sequencer (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  head     bigint NOT NULL
);
INSERT INTO platform.sequencer (head) VALUES (0);

CREATE TABLE platform.consumers (
  name     text PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE platform.clock (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  offset_ms bigint NOT NULL CHECK (offset_ms >= 0)
);
INSERT INTO platform.clock (offset_ms) VALUES (0);
