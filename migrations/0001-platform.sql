-- The plumbing: events with one global order, cursors of those who read them, business time.

-- What one transaction tells at once. Its events need one place together, so that a sequencer writes one row for hundreds.
CREATE TABLE platform.outbox_batches (
  batch         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  events        integer NOT NULL CHECK (events > 0),
  -- The position of its last event; the others stand before it without a gap. Given after the commit by one sequencer:
  -- identities do not commit in order, positions do.
  last_position bigint,
  for_desk      boolean NOT NULL,
  recorded_at   timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX outbox_unplaced ON platform.outbox_batches (batch) WHERE last_position IS NULL;
CREATE UNIQUE INDEX outbox_position ON platform.outbox_batches (last_position);
CREATE INDEX outbox_desk ON platform.outbox_batches (last_position) WHERE for_desk;

CREATE TABLE platform.outbox (
  batch         bigint NOT NULL,
  ordinal       integer NOT NULL,
  type          text NOT NULL,
  key           text NOT NULL,
  payload       jsonb NOT NULL,
  customer_id   uuid,
  merchant_id   uuid,
  live_customer jsonb,
  live_desk     jsonb,
  PRIMARY KEY (batch, ordinal)
);
CREATE INDEX outbox_customer ON platform.outbox (customer_id, batch, ordinal) WHERE live_customer IS NOT NULL;

-- Every event that has its place.
CREATE VIEW platform.placed_events AS
  SELECT batch.last_position - batch.events + event.ordinal AS position, event.type, event.key, event.payload,
         event.customer_id, event.merchant_id, event.live_customer, event.live_desk, batch.recorded_at
  FROM platform.outbox_batches AS batch JOIN platform.outbox AS event USING (batch)
  WHERE batch.last_position IS NOT NULL;

CREATE TABLE platform.sequencer (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  head     bigint NOT NULL
);
INSERT INTO platform.sequencer (head) VALUES (0);

-- Gives positions to what was committed since the last call; returns the head before and after. One at a time, by the head
-- row's lock; the second statement reads after the lock is held, so no event is given two positions.
CREATE FUNCTION platform.place_events(most integer, OUT before bigint, OUT after bigint) LANGUAGE plpgsql AS $$
BEGIN
  SELECT head INTO before FROM platform.sequencer FOR UPDATE;
  WITH unplaced AS (
    SELECT batch, sum(events) OVER (ORDER BY batch) AS upto
    FROM (SELECT batch, events FROM platform.outbox_batches WHERE last_position IS NULL ORDER BY batch LIMIT most) AS oldest
  ), placed AS (
    UPDATE platform.outbox_batches AS target SET last_position = before + unplaced.upto
    FROM unplaced WHERE target.batch = unplaced.batch RETURNING last_position
  )
  SELECT coalesce(max(last_position), before) INTO after FROM placed;
  IF after > before THEN
    UPDATE platform.sequencer SET head = after;
  END IF;
END $$;

CREATE TABLE platform.consumers (
  name     text PRIMARY KEY,
  position bigint NOT NULL
);

CREATE TABLE platform.clock (
  only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  offset_ms bigint NOT NULL CHECK (offset_ms >= 0)
);
INSERT INTO platform.clock (offset_ms) VALUES (0);
