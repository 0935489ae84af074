-- The helper's diagnosis in the thread, what customers choose, how cases end, ratings, and looks at money.

ALTER TABLE desk.messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE desk.messages ADD CONSTRAINT messages_kind_check CHECK (kind IN ('text', 'note', 'fact', 'diagnosis'));

-- `waiting_money`: only the helper was needed; no agent is asked until the customer writes or wants a person.
ALTER TABLE desk.cases DROP CONSTRAINT cases_state_check;
ALTER TABLE desk.cases ADD CONSTRAINT cases_state_check
  CHECK (state IN ('new', 'waiting_agent', 'waiting_customer', 'waiting_money', 'solved'));
ALTER TABLE desk.cases
  ADD COLUMN outcome      text,
  ADD COLUMN solved_by    text CHECK (solved_by IN ('agent', 'helper')),
  -- How often it was closed: a rating belongs to one closing.
  ADD COLUMN closings     integer NOT NULL DEFAULT 0,
  -- Its customer said that it is not solved: a supervisor has to answer.
  ADD COLUMN escalated_at timestamptz,
  -- Who must act on its money; kept by the reader of the money's events.
  ADD COLUMN waits_on     text CHECK (waits_on IN ('shop', 'bank', 'second_person'));
CREATE INDEX cases_escalated ON desk.cases (first_reply_due_at, id)
  WHERE escalated_at IS NOT NULL AND state IN ('waiting_agent', 'waiting_customer');

-- One row for each customer and thing asked about: locked while a case about it is looked for or opened, so that two
-- openings in the same instant make one case.
CREATE TABLE desk.openings (
  customer_id uuid NOT NULL,
  about       text NOT NULL,
  PRIMARY KEY (customer_id, about)
);

-- The last choice for each reference of a case. `notify`: the customer is told by notice when the money moves.
CREATE TABLE desk.choices (
  case_id    uuid NOT NULL REFERENCES desk.cases (id),
  reference  text NOT NULL,
  choice     text NOT NULL,
  chosen_at  timestamptz NOT NULL,
  notify     boolean NOT NULL,
  PRIMARY KEY (case_id, reference)
);

-- What the thread of a case has told about a refund, so that nothing is told twice.
CREATE TABLE desk.told_steps (
  case_id   uuid NOT NULL REFERENCES desk.cases (id),
  reference text NOT NULL,
  step      text NOT NULL,
  PRIMARY KEY (case_id, reference, step)
);

CREATE TABLE desk.ratings (
  case_id    uuid NOT NULL REFERENCES desk.cases (id),
  closing    integer NOT NULL,
  score      integer NOT NULL CHECK (score BETWEEN 1 AND 5),
  comment    text,
  redactions text[] NOT NULL,
  rated_at   timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, closing)
);
CREATE INDEX ratings_time ON desk.ratings (rated_at);

ALTER TABLE desk.looks
  ADD COLUMN reference     text,
  ADD COLUMN visible_until timestamptz;
-- Opening money is one look in the hour, however often the screen reads it again.
CREATE UNIQUE INDEX looks_money ON desk.looks (case_id, agent_id, reference, date_trunc('hour', at AT TIME ZONE 'UTC'))
  WHERE reference IS NOT NULL;
CREATE INDEX looks_time ON desk.looks (at DESC, id DESC);
