-- What we asked a bank and what it answered: evidence, without tokens and signatures. A row is written before the call leaves.

CREATE TABLE rails.bank_requests (
  id                uuid PRIMARY KEY,
  partner_id        text NOT NULL,
  service           text NOT NULL CHECK (service IN ('transfer', 'status')),
  -- Our reference of the transfer that it is about.
  partner_reference text NOT NULL,
  external_id       text NOT NULL,
  body              text NOT NULL,
  -- NULL until it was answered: a crash in between is visible.
  http_status       integer,
  response_code     text,
  response          jsonb,
  -- Why there was no answer: timeout, econnreset …
  no_answer         text,
  duration_ms       integer,
  -- Business time.
  sent_at           timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX bank_requests_reference ON rails.bank_requests (partner_reference, sent_at);
