-- The service desk: cases, the conversation of each, its messages, the money a case holds, and who looked at what.
CREATE SCHEMA desk;

CREATE SEQUENCE desk.case_numbers START 10001;

CREATE TABLE desk.cases (
  id                 uuid PRIMARY KEY,
  number             bigint NOT NULL UNIQUE DEFAULT nextval('desk.case_numbers'),
  customer_id        uuid NOT NULL,
  -- As it was when the case was opened: for search only; screens show the name of now.
  customer_name      text NOT NULL,
  -- The reference it was opened about; '' when about none.
  about              text NOT NULL DEFAULT '',
  subject            text NOT NULL,
  channel            text NOT NULL CHECK (channel IN ('chat', 'voice', 'email', 'social')),
  language           text NOT NULL CHECK (language IN ('en', 'id-ID', 'zh-CN')),
  state              text NOT NULL CHECK (state IN ('waiting_agent', 'waiting_customer', 'solved')),
  agent_id           uuid,
  preview            text NOT NULL DEFAULT '',
  first_reply_due_at timestamptz NOT NULL,
  first_replied_at   timestamptz,
  opened_at          timestamptz NOT NULL,
  -- The first message puts the case into the queue; before it nobody is waiting.
  queued_at          timestamptz,
  -- Since when somebody waits in this state: the order of the queue.
  waiting_since      timestamptz NOT NULL,
  solved_at          timestamptz,
  updated_at         timestamptz NOT NULL,
  CHECK ((state = 'solved') = (solved_at IS NOT NULL))
) WITH (fillfactor = 80);
-- One open case for each thing a customer asks about.
CREATE UNIQUE INDEX cases_open_about ON desk.cases (customer_id, about) WHERE state <> 'solved';
CREATE INDEX cases_customer ON desk.cases (customer_id, opened_at DESC);
CREATE INDEX cases_queue ON desk.cases (agent_id, (state <> 'waiting_agent'), waiting_since, id) WHERE state <> 'solved';
CREATE INDEX cases_first_reply ON desk.cases (first_reply_due_at, id) WHERE state <> 'solved' AND first_replied_at IS NULL;
CREATE INDEX cases_solved ON desk.cases (solved_at DESC, id DESC) WHERE state = 'solved';
CREATE INDEX cases_replied ON desk.cases (first_replied_at) WHERE first_replied_at IS NOT NULL;
CREATE INDEX cases_name ON desk.cases USING gin (to_tsvector('simple', customer_name));

CREATE TABLE desk.conversations (
  id              uuid PRIMARY KEY,
  case_id         uuid NOT NULL UNIQUE REFERENCES desk.cases,
  customer_id     uuid NOT NULL,
  -- Messages are numbered under this row's lock.
  last_sequence   integer NOT NULL DEFAULT 0,
  customer_unread integer NOT NULL DEFAULT 0 CHECK (customer_unread >= 0),
  desk_unread     integer NOT NULL DEFAULT 0 CHECK (desk_unread >= 0),
  customer_read   integer NOT NULL DEFAULT 0,
  desk_read       integer NOT NULL DEFAULT 0,
  -- The customer's last message named a secret whose value may follow in the next one.
  secret_expected text,
  sign_pictures   text[] NOT NULL CHECK (cardinality(sign_pictures) = 2),
  sign_number     integer NOT NULL CHECK (sign_number BETWEEN 10 AND 99),
  updated_at      timestamptz NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX conversations_customer ON desk.conversations (customer_id, updated_at DESC);

CREATE TABLE desk.messages (
  id                uuid PRIMARY KEY,
  conversation_id   uuid NOT NULL REFERENCES desk.conversations,
  sequence          integer NOT NULL CHECK (sequence > 0),
  -- Made by the sender: the same id again is the same message.
  client_message_id uuid,
  author            text NOT NULL CHECK (author IN ('customer', 'agent', 'helper', 'system')),
  kind              text NOT NULL CHECK (kind IN ('text', 'note', 'fact')),
  author_id         uuid,
  author_name       text,
  -- As it was sent, secrets taken out; never HTML.
  text              text NOT NULL,
  fact              text,
  fact_values       jsonb,
  redactions        text[] NOT NULL DEFAULT '{}',
  language          text,
  stored_at         timestamptz NOT NULL,
  CONSTRAINT messages_sequence UNIQUE (conversation_id, sequence),
  CONSTRAINT messages_client UNIQUE (conversation_id, client_message_id)
);

-- The money a case holds: references only, never a copy.
CREATE TABLE desk.case_references (
  case_id     uuid NOT NULL REFERENCES desk.cases,
  reference   text NOT NULL,
  attached_at timestamptz NOT NULL,
  -- NULL: the customer opened the case about it.
  attached_by uuid,
  PRIMARY KEY (case_id, reference)
);
CREATE INDEX case_references_reference ON desk.case_references (reference);

-- Who saw which contact, why, until when; the customer reads it.
CREATE TABLE desk.looks (
  id            uuid PRIMARY KEY,
  case_id       uuid NOT NULL REFERENCES desk.cases,
  customer_id   uuid NOT NULL,
  agent_id      uuid NOT NULL,
  agent_name    text NOT NULL,
  field         text NOT NULL,
  reason        text NOT NULL,
  looked_at     timestamptz NOT NULL,
  visible_until timestamptz NOT NULL
);
CREATE INDEX looks_customer ON desk.looks (customer_id, looked_at DESC);
CREATE INDEX looks_case ON desk.looks (case_id, looked_at DESC);
