-- The world's money systems. What a bank told us is evidence: kept as it came, without tokens and signatures.

CREATE SCHEMA rails;

-- A bank numbers its calls: each number once a day. Taken before the call is handled, so a replay is refused at once.
CREATE TABLE rails.external_ids (
  partner_id  text NOT NULL,
  -- In the service's time zone, by the machine's time like every stamp of a protocol.
  day         date NOT NULL,
  external_id text NOT NULL,
  PRIMARY KEY (partner_id, day, external_id)
);

CREATE TABLE rails.bank_callbacks (
  id            uuid PRIMARY KEY,
  partner_id    text NOT NULL,
  service       text NOT NULL CHECK (service IN ('inquiry', 'payment')),
  external_id   text NOT NULL,
  -- The bank's own reference, when the body has one.
  request_id    text,
  sent_at       timestamptz NOT NULL,
  channel_id    text,
  body          text NOT NULL,
  -- NULL until we answered: a crash in between is visible.
  response_code text,
  response      jsonb,
  -- Business time.
  received_at   timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX bank_callbacks_request ON rails.bank_callbacks (partner_id, request_id) WHERE request_id IS NOT NULL;
