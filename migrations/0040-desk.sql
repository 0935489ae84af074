-- The desk: cases, their conversations and messages. A case holds references to money, never a copy of it.

CREATE SCHEMA desk;

CREATE TABLE desk.cases (
  id                 uuid PRIMARY KEY,
  number             bigint NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY (START WITH 20001),
  customer_id        uuid NOT NULL,
  subject            text NOT NULL,
  channel            text NOT NULL CHECK (channel IN ('chat', 'voice', 'email', 'social')),
  language           text NOT NULL,
  -- `new`: opened, nothing said yet; it stands in no queue.
  state              text NOT NULL CHECK (state IN ('new', 'waiting_agent', 'waiting_customer', 'solved')),
  agent_id           uuid,
  -- Who has shown themselves to the customer since the case was last given to somebody.
  joined_agent_id    uuid,
  preview            text NOT NULL DEFAULT '',
  created_at         timestamptz NOT NULL,
  opened_at          timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  first_reply_due_at timestamptz NOT NULL,
  first_replied_at   timestamptz,
  solved_at          timestamptz,
  CONSTRAINT solved_since CHECK ((state = 'solved') = (solved_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX cases_unreplied ON desk.cases (first_reply_due_at, id)
  WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NULL;
CREATE INDEX cases_replied ON desk.cases (updated_at DESC, id DESC)
  WHERE state IN ('waiting_agent', 'waiting_customer') AND first_replied_at IS NOT NULL;
CREATE INDEX cases_solved ON desk.cases (updated_at DESC, id DESC) WHERE state = 'solved';
CREATE INDEX cases_agent ON desk.cases (agent_id) WHERE state IN ('waiting_agent', 'waiting_customer');
CREATE INDEX cases_customer ON desk.cases (customer_id, updated_at DESC);

CREATE TABLE desk.conversations (
  id            uuid PRIMARY KEY,
  case_id       uuid NOT NULL UNIQUE REFERENCES desk.cases (id),
  customer_id   uuid NOT NULL,
  -- The number of the last message: counted under this row's lock, without gaps.
  last_sequence integer NOT NULL DEFAULT 0,
  customer_read integer NOT NULL DEFAULT 0,
  agent_read    integer NOT NULL DEFAULT 0,
  sign_one      text NOT NULL,
  sign_two      text NOT NULL,
  sign_number   integer NOT NULL CHECK (sign_number BETWEEN 10 AND 99),
  -- The customer's last message spoke of a code: one that comes alone in the next is taken out too.
  expects_code  boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80);
CREATE INDEX conversations_customer ON desk.conversations (customer_id);

CREATE TABLE desk.messages (
  conversation_id   uuid NOT NULL REFERENCES desk.conversations (id),
  sequence          integer NOT NULL,
  id                uuid NOT NULL UNIQUE,
  client_message_id uuid,
  author            text NOT NULL CHECK (author IN ('customer', 'agent', 'helper', 'system')),
  kind              text NOT NULL CHECK (kind IN ('text', 'note', 'fact')),
  author_id         uuid,
  author_name       text,
  text              text NOT NULL,
  fact              text,
  fact_values       jsonb,
  redactions        text[] NOT NULL,
  language          text,
  stored_at         timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, sequence)
);
-- The same message is stored once, however often it is sent.
CREATE UNIQUE INDEX messages_client ON desk.messages (conversation_id, client_message_id) WHERE client_message_id IS NOT NULL;

CREATE TABLE desk.case_references (
  case_id     uuid NOT NULL REFERENCES desk.cases (id),
  reference   text NOT NULL,
  attached_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, reference)
);
CREATE INDEX case_references_reference ON desk.case_references (reference);

-- Every look at something masked; the customer sees it.
CREATE TABLE desk.looks (
  id          uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  case_id     uuid NOT NULL REFERENCES desk.cases (id),
  agent_id    uuid NOT NULL,
  agent_name  text NOT NULL,
  field       text NOT NULL,
  reason      text NOT NULL,
  at          timestamptz NOT NULL
);
CREATE INDEX looks_customer ON desk.looks (customer_id, at DESC);
CREATE INDEX looks_case ON desk.looks (case_id, at DESC);
